package io.jarnetes.apiserver.server.admission.plugins;

import io.jarnetes.apiserver.server.admission.AdmissionAttributes;
import io.jarnetes.apiserver.server.admission.AdmissionPlugin;
import io.jarnetes.apiserver.server.admission.Listers;
import io.jarnetes.apiserver.server.admission.Operation;
import io.jarnetes.apiserver.server.tree.Trees;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Overhead, node selector and tolerations of a pod's RuntimeClass become the pod's. */
final class RuntimeClassPlugin implements AdmissionPlugin {

    private final Listers listers;

    RuntimeClassPlugin(Listers listers) {
        this.listers = listers;
    }

    @Override
    public String name() {
        return "RuntimeClass";
    }

    @Override
    public boolean handles(Operation operation) {
        return operation == Operation.CREATE;
    }

    @Override
    public void mutate(AdmissionAttributes attributes) {
        ObjectNode pod = attributes.object();
        if (!attributes.isResource("", "pods") || pod == null) {
            return;
        }
        ObjectNode spec = Trees.child(pod, "spec");
        ObjectNode runtime = runtimeClass(attributes, spec);
        JsonNode fixed = Trees.at(runtime, "overhead", "podFixed");
        JsonNode own = Trees.at(spec, "overhead");
        if (fixed == null) {
            if (own != null && !own.isEmpty()) {
                throw Refusals.forbidden(
                        attributes,
                        "pod rejected: Pod Overhead set without corresponding RuntimeClass defined"
                                + " Overhead");
            }
        } else if (own != null && !own.isEmpty() && !own.equals(fixed)) {
            throw Refusals.forbidden(
                    attributes,
                    "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
        } else {
            spec.set("overhead", fixed.deepCopy());
        }
        schedule(attributes, spec, Trees.at(runtime, "scheduling"));
    }

    private @Nullable ObjectNode runtimeClass(AdmissionAttributes attributes, ObjectNode spec) {
        String name = Trees.text(spec, "runtimeClassName");
        if (name.isEmpty()) {
            return null;
        }
        return listers.get("node.k8s.io", "runtimeclasses", "", name)
                .or(() -> listers.live("node.k8s.io", "runtimeclasses", "", name))
                .orElseThrow(() ->
                        Refusals.forbidden(
                                attributes,
                                "pod rejected: RuntimeClass \"" + name + "\" not found"));
    }

    private static void schedule(
            AdmissionAttributes attributes, ObjectNode spec, @Nullable JsonNode scheduling) {
        if (scheduling == null) {
            return;
        }
        Trees.map(scheduling, "nodeSelector")
                .forEach((key, value) -> {
                    String own = Trees.text(spec, "nodeSelector", key);
                    if (!own.isEmpty() && !own.equals(value)) {
                        throw Refusals.forbidden(
                                attributes,
                                "conflict: runtimeClass.scheduling.nodeSelector["
                                        + key
                                        + "] = "
                                        + value
                                        + "; pod.spec.nodeSelector["
                                        + key
                                        + "] = "
                                        + own);
                    }
                    Trees.child(spec, "nodeSelector").put(key, value);
                });
        List<JsonNode> present = Trees.items(spec, "tolerations");
        for (JsonNode toleration : Trees.items(scheduling, "tolerations")) {
            if (!present.contains(toleration)) {
                Trees.children(spec, "tolerations").add(toleration.deepCopy());
            }
        }
    }
}
