package io.jarnetes.apiserver.server.registry.kinds;

import io.jarnetes.apiserver.server.registry.FieldErrors;
import io.jarnetes.apiserver.server.registry.Meta;
import io.jarnetes.apiserver.server.registry.validation.NameRules;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The rules of pod specs that users meet most ({@code pkg/apis/core/validation}). */
final class PodValidation {

    void validateSpec(JsonNode spec, String path, FieldErrors errors) {
        containers(spec, path, errors);
    }

    private static void containers(JsonNode spec, String path, FieldErrors errors) {
        JsonNode containers = spec.path("containers");
        if (containers.isEmpty()) {
            errors.required(path + ".containers", "");
        }
        Set<String> names = new HashSet<>();
        for (String list : List.of("containers", "initContainers")) {
            int i = 0;
            for (JsonNode each : spec.path(list)) {
                String at = path + "." + list + "[" + i + "]";
                String name = each.path("name").asString("");
                if (name.isEmpty()) {
                    errors.required(at + ".name", "");
                } else {
                    errors.invalid(at + ".name", name, NameRules.dns1123Label(name));
                }
                if (!names.add(name) && !name.isEmpty()) {
                    errors.duplicate(at + ".name", name);
                }
                String image = each.path("image").asString("");
                if (image.isEmpty()) {
                    errors.required(at + ".image", "");
                }
                i++;
            }
        }
    }

    void validateUpdate(ObjectNode pod, ObjectNode old, FieldErrors errors) {
        ObjectNode mine = Meta.child(pod, "spec").deepCopy();
        ObjectNode theirs = Meta.child(old, "spec").deepCopy();
        for (ObjectNode spec : List.of(mine, theirs)) {
            spec.remove(List.of("activeDeadlineSeconds", "tolerations"));
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
}
