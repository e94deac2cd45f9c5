package io.jarnetes.apiserver.server.registry.pods;

import io.jarnetes.apiserver.server.registry.FieldErrors;
import io.jarnetes.apiserver.server.registry.Meta;
import io.jarnetes.apiserver.server.registry.validation.InternalForm;
import io.jarnetes.apiserver.server.registry.validation.NameRules;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a change of a pod's spec may touch, and how. */
final class PodUpdateRules {

    private PodUpdateRules() {}

    static void validate(ObjectNode pod, ObjectNode old, FieldErrors errors) {
        ObjectNode mine = Meta.child(pod, "spec").deepCopy();
        ObjectNode theirs = Meta.child(old, "spec").deepCopy();
        for (String list : List.of("containers", "initContainers")) {
            if (!sameContainers(mine.path(list), theirs.path(list), "spec." + list, errors)) {
                return;
            }
        }
        if (!deadline(mine.get("activeDeadlineSeconds"), theirs, errors)) {
            return;
        }
        tolerations(mine.path("tolerations"), theirs.path("tolerations"), errors);
        gates(mine.path("schedulingGates"), theirs.path("schedulingGates"), errors);
        if (!theirs.path("schedulingGates").isEmpty()) {
            nodeSelector(mine, theirs, errors);
        }
        graceOfOne(mine, theirs);
        for (String field : List.of("activeDeadlineSeconds", "tolerations", "schedulingGates")) {
            Meta.copyField(theirs, mine, field);
        }
        if (!Meta.semanticallyEqual(mine, theirs)) {
            errors.forbidden(
                    "spec",
                    "pod updates may not change fields other than"
                            + " `spec.containers[*].image`,`spec.initContainers[*].image`,"
                            + "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to"
                            + " existing tolerations),`spec.terminationGracePeriodSeconds` (allow"
                            + " it to be set to 1 if it was previously negative)\n"
                            + InternalForm.diff("PodSpec", theirs, mine));
        }
    }

    /** Gives {@code mine} the images of {@code theirs}; false if containers came or went. */
    private static boolean sameContainers(
            JsonNode mine, JsonNode theirs, String path, FieldErrors errors) {
        if (mine.size() != theirs.size()) {
            errors.forbidden(path, "pod updates may not add or remove containers");
            return false;
        }
        for (int i = 0; i < mine.size(); i++) {
            if (mine.path(i).path("image").asString("").isEmpty()) {
                errors.required(path + "[" + i + "].image", "");
            }
            PodRules.trimmed(
                    mine.path(i).path("image").asString(""), path + "[" + i + "].image", errors);
            if (mine.path(i) instanceof ObjectNode now
                    && theirs.path(i) instanceof ObjectNode was) {
                Meta.copyField(was, now, "image");
            }
        }
        return true;
    }

    /** Deadlines only come nearer; false if this one goes away. */
    private static boolean deadline(@Nullable JsonNode now, ObjectNode theirs, FieldErrors errors) {
        String field = "activeDeadlineSeconds";
        String path = "spec." + field;
        JsonNode before = theirs.path(field);
        if (now == null || now.isNull()) {
            if (before.isNumber()) {
                errors.invalid(path, null, "must not update from a positive integer to nil value");
            }
            return true;
        }
        if (now.asLong(0) < 0 || now.asLong(0) > Integer.MAX_VALUE) {
            errors.invalid(path, now, NameRules.range(0, Integer.MAX_VALUE));
            return false;
        }
        if (before.isNumber() && before.asLong() < now.asLong(0)) {
            errors.invalid(path, now, "must be less than or equal to previous value");
            return false;
        }
        return true;
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
        Meta.copyField(theirs, mine, "nodeSelector");
    }

    private static void graceOfOne(ObjectNode mine, ObjectNode theirs) {
        String field = "terminationGracePeriodSeconds";
        if (theirs.path(field).asLong(0) < 0 && mine.path(field).asLong(0) == 1) {
            Meta.copyField(theirs, mine, field);
        }
    }
}
