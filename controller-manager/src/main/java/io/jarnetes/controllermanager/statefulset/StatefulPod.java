package io.jarnetes.controllermanager.statefulset;

import io.jarnetes.controllermanager.framework.Pods;
import io.jarnetes.controllermanager.framework.Revisions;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.OwnerReference;
import io.jarnetes.kubeclient.Resource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The pod of an ordinal: its name, its host name, its volumes. */
final class StatefulPod {

    static final String NAME_LABEL = "statefulset.kubernetes.io/pod-name";

    private StatefulPod() {}

    /** The claim of an ordinal, of a template of claims. */
    static ObjectNode claim(KubeObject set, JsonNode template, int ordinal) {
        ObjectNode claim = ((ObjectNode) template).deepCopy();
        claim.remove("status");
        ObjectNode metadata = claim.withObjectProperty("metadata");
        metadata.remove("creationTimestamp");
        metadata.put("name", claimName(set, template, ordinal));
        metadata.put("namespace", set.namespace());
        ObjectNode labels = metadata.withObjectProperty("labels");
        Json.strings(set.at("spec", "selector", "matchLabels")).forEach(labels::put);
        return claim;
    }

    static String claimName(KubeObject set, JsonNode template, int ordinal) {
        return Json.text(template, "metadata", "name") + "-" + set.name() + "-" + ordinal;
    }

    /**
     * @param revision whose template it has
     */
    static ObjectNode of(KubeObject set, int ordinal, KubeObject revision) {
        String name = set.name() + "-" + ordinal;
        ObjectNode template = (ObjectNode) revision.at("data", "spec", "template").deepCopy();
        template.remove("$patch");
        ObjectNode pod =
                Pods.fromTemplate(
                        template,
                        set.name(),
                        OwnerReference.controllerOf(Resource.STATEFUL_SETS, set));
        ObjectNode metadata = pod.withObjectProperty("metadata");
        metadata.remove("generateName");
        metadata.put("name", name).put("namespace", set.namespace());
        metadata.withObjectProperty("labels")
                .put("apps.kubernetes.io/pod-index", Integer.toString(ordinal))
                .put(Revisions.HASH_LABEL, revision.name())
                .put(NAME_LABEL, name);
        ObjectNode spec = pod.withObjectProperty("spec");
        spec.put("hostname", name);
        String service = set.text("spec", "serviceName");
        if (!service.isEmpty()) {
            spec.put("subdomain", service);
        }
        volumes(set, ordinal, spec);
        return pod;
    }

    /** A claim's volume takes the place of one of the same name in the template. */
    private static void volumes(KubeObject set, int ordinal, ObjectNode spec) {
        JsonNode templates = set.at("spec", "volumeClaimTemplates");
        if (templates.isEmpty()) {
            return;
        }
        ArrayNode volumes = Json.array();
        for (JsonNode template : templates) {
            volumes.add(
                    Json.of(
                            "name",
                            Json.text(template, "metadata", "name"),
                            "persistentVolumeClaim",
                            Json.of("claimName", claimName(set, template, ordinal))));
        }
        for (JsonNode volume : spec.path("volumes")) {
            boolean replaced = false;
            for (JsonNode template : templates) {
                replaced |=
                        Json.text(template, "metadata", "name").equals(Json.text(volume, "name"));
            }
            if (!replaced) {
                volumes.add(volume);
            }
        }
        spec.set("volumes", volumes);
    }
}
