package io.jarnetes.apiserver.server.registry.pods;

import io.jarnetes.apiserver.server.registry.FieldErrors;
import io.jarnetes.apiserver.server.registry.Meta;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a change of a pod's spec may touch, and how. */
final class PodUpdateRules {

    private PodUpdateRules() {}

    static void validate(ObjectNode pod, ObjectNode old, FieldErrors errors) {
        ObjectNode mine = Meta.child(pod, "spec").deepCopy();
        ObjectNode theirs = Meta.child(old, "spec").deepCopy();
        tolerations(mine.path("tolerations"), theirs.path("tolerations"), errors);
        gates(mine.path("schedulingGates"), theirs.path("schedulingGates"), errors);
        if (!theirs.path("schedulingGates").isEmpty()) {
            nodeSelector(mine, theirs, errors);
        }
        graceOfOne(mine, theirs);
        for (ObjectNode spec : List.of(mine, theirs)) {
            spec.remove(List.of("activeDeadlineSeconds", "tolerations", "schedulingGates"));
            for (String list : List.of("containers", "initContainers")) {
                spec.path(list)
                        .forEach(each -> {
                            if (each instanceof ObjectNode container) {
                                container.remove("image");
                            }
                        });
            }
        }
        if (!Meta.semanticallyEqual(mine, theirs)) {
            errors.forbidden(
                    "spec",
                    "pod updates may not change fields other than"
                            + " `spec.containers[*].image`,`spec.initContainers[*].image`,"
                            + "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to"
                            + " existing tolerations),`spec.terminationGracePeriodSeconds` (allow"
                            + " it to be set to 1 if it was previously negative)");
        }
    }

    private static void tolerations(JsonNode mine, JsonNode theirs, FieldErrors errors) {
        for (JsonNode old : theirs) {
            boolean kept = false;
            for (JsonNode each : mine) {
                kept |= Meta.semanticallyEqual(timeless(each), timeless(old));
            }
            if (!kept) {
                errors.forbidden(
                        "spec.tolerations",
                        "existing toleration can not be modified except its tolerationSeconds");
                return;
            }
        }
    }

    private static JsonNode timeless(JsonNode toleration) {
        JsonNode copy = toleration.deepCopy();
        if (copy instanceof ObjectNode object) {
            object.remove("tolerationSeconds");
        }
        return copy;
    }

    private static void gates(JsonNode mine, JsonNode theirs, FieldErrors errors) {
        Set<String> known = new HashSet<>();
        theirs.forEach(each -> known.add(each.path("name").asString("")));
        for (int i = 0; i < mine.size(); i++) {
            String name = mine.get(i).path("name").asString("");
            if (!known.contains(name)) {
                errors.forbidden(
                        "spec.schedulingGates[" + i + "].name",
                        "only deletion is allowed, but found new scheduling gate '" + name + "'");
            }
        }
    }

    /** Nobody has placed a gated pod yet, so where it may go can still be narrowed. */
    private static void nodeSelector(ObjectNode mine, ObjectNode theirs, FieldErrors errors) {
        Map<String, String> now = Meta.stringMap(mine.path("nodeSelector"));
        Map<String, String> before = Meta.stringMap(theirs.path("nodeSelector"));
        if (!now.entrySet().containsAll(before.entrySet())) {
            errors.invalid(
                    "spec.nodeSelector",
                    mine.get("nodeSelector"),
                    "only additions to spec.nodeSelector are allowed (no mutations or deletions)");
        }
        mine.remove("nodeSelector");
        theirs.remove("nodeSelector");
    }

    private static void graceOfOne(ObjectNode mine, ObjectNode theirs) {
        String field = "terminationGracePeriodSeconds";
        if (theirs.path(field).asLong(0) < 0 && mine.path(field).asLong(0) == 1) {
            mine.remove(field);
            theirs.remove(field);
        }
    }
}
