package io.jarnetes.apiserver.server.registry.rules;

import io.jarnetes.apiserver.server.registry.Meta;
import io.jarnetes.apiserver.server.registry.pods.PodRules;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** ReplicationControllers, PodTemplates and ControllerRevisions. */
final class WorkKinds {

    private WorkKinds() {}

    static void replicationController(Field object) {
        Field spec = object.at("spec");
        spec.at("minReadySeconds").nonNegative();
        spec.at("selector").needed();
        spec.at("replicas").nonNegative();
        Field template = spec.at("template");
        if (!template.set()) {
            template.required("");
            return;
        }
        JsonNode labels = template.at("metadata").at("labels").value();
        boolean matches =
                Meta.stringMap(labels)
                        .entrySet()
                        .containsAll(Meta.stringMap(spec.at("selector").value()).entrySet());
        if (!matches) {
            template.at("metadata")
                    .at("labels")
                    .invalid("`selector` does not match template `labels`");
        }
        new PodRules().validateTemplate(template.value(), template.path(), object.errors());
        Field policy = template.at("spec").at("restartPolicy");
        policy.supported(List.of("Always"));
        if (template.at("spec").at("activeDeadlineSeconds").set()) {
            template.at("spec")
                    .at("activeDeadlineSeconds")
                    .forbidden("activeDeadlineSeconds in ReplicationController is not Supported");
        }
    }

    static void podTemplate(Field object) {
        new PodRules().validateTemplate(object.at("template").value(), "template", object.errors());
    }

    static void revision(Field object) {
        object.at("revision").nonNegative();
        if (!object.at("data").set()) {
            object.at("data").required("data is mandatory");
        } else if (!object.at("data").value().isObject()) {
            object.at("data").required("data must be a valid JSON object");
        }
    }

    static void revisionUpdate(Field object, JsonNode old) {
        object.at("revision").nonNegative();
        object.at("data").unchanged(old.path("data"));
    }

    /** Counters of a workload's status, and which of them others bound. */
    static void counters(
            Field status, List<String> counters, List<String> withinAll, String available) {
        counters.forEach(field -> status.at(field).nonNegative());
        long all = status.at("replicas").number();
        for (String field : withinAll) {
            if (status.at(field).number() > all) {
                above(status.at(field), "cannot be greater than status.replicas");
            }
        }
        if (status.at("availableReplicas").number() > status.at("readyReplicas").number()) {
            above(status.at("availableReplicas"), "cannot be greater than " + available);
        }
    }

    private static void above(Field counter, String detail) {
        counter.errors().invalid(counter.path(), counter.number(), detail);
    }

    static void replicaStatus(Field object, JsonNode old) {
        counters(
                object.at("status"),
                List.of(
                        "replicas",
                        "fullyLabeledReplicas",
                        "readyReplicas",
                        "availableReplicas",
                        "observedGeneration"),
                List.of("fullyLabeledReplicas", "readyReplicas", "availableReplicas"),
                "readyReplicas");
    }
}
