package io.jarnetes.apiserver.server.registry.kinds;

import io.jarnetes.apiserver.server.registry.FieldErrors;
import io.jarnetes.apiserver.server.registry.Meta;
import io.jarnetes.apiserver.server.registry.validation.MetaValidation;
import io.jarnetes.apiserver.server.registry.validation.NameRules;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The rules of pod specs that users meet most ({@code pkg/apis/core/validation}). */
final class PodValidation {

    private static final List<String> RESTART = List.of("Always", "OnFailure", "Never");
    private static final List<String> DNS =
            List.of("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None");
    private static final List<String> PULL = List.of("Always", "IfNotPresent", "Never");
    private static final List<String> PROTOCOLS = List.of("SCTP", "TCP", "UDP");

    void validateSpec(JsonNode spec, String path, FieldErrors errors) {
        containers(spec, path, errors);
        oneOf(spec, path, "restartPolicy", RESTART, errors);
        oneOf(spec, path, "dnsPolicy", DNS, errors);
    }

    /** A template's labels, annotations and spec. */
    void validateTemplate(JsonNode template, String path, FieldErrors errors) {
        JsonNode metadata = template.path("metadata");
        MetaValidation.labels(
                Meta.stringMap(metadata.path("labels")), path + ".metadata.labels", errors);
        MetaValidation.annotations(
                Meta.stringMap(metadata.path("annotations")),
                path + ".metadata.annotations",
                errors);
        validateSpec(template.path("spec"), path + ".spec", errors);
    }

    private static void oneOf(
            JsonNode object, String path, String field, List<String> values, FieldErrors errors) {
        String value = object.path(field).asString("");
        if (value.isEmpty()) {
            errors.required(path + "." + field, "");
        } else if (!values.contains(value)) {
            errors.notSupported(path + "." + field, value, values);
        }
    }

    private static void ports(JsonNode container, String path, FieldErrors errors) {
        Set<String> names = new HashSet<>();
        int i = 0;
        for (JsonNode port : container.path("ports")) {
            String at = path + ".ports[" + i++ + "]";
            String name = port.path("name").asString("");
            if (!name.isEmpty()) {
                List<String> complaints = NameRules.portName(name);
                errors.invalid(at + ".name", name, complaints);
                if (complaints.isEmpty() && !names.add(name)) {
                    errors.duplicate(at + ".name", name);
                }
            }
            long number = port.path("containerPort").asLong(0);
            if (number == 0) {
                errors.required(at + ".containerPort", "");
            } else {
                errors.invalid(at + ".containerPort", number, NameRules.portNumber(number));
            }
            oneOf(port, at, "protocol", PROTOCOLS, errors);
        }
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
                ports(each, at, errors);
                oneOf(each, at, "imagePullPolicy", PULL, errors);
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
