package io.jarnetes.apiserver.server.registry.kinds;

import io.jarnetes.apiserver.server.registry.ApiException;
import io.jarnetes.apiserver.server.registry.FieldErrors;
import io.jarnetes.apiserver.server.registry.GenericStore;
import io.jarnetes.apiserver.server.registry.Meta;
import io.jarnetes.apiserver.server.registry.StatusStore;
import io.jarnetes.apiserver.server.registry.Store;
import io.jarnetes.apiserver.server.registry.pods.PodPartRules;
import io.jarnetes.apiserver.server.registry.pods.PodRules;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code pods/ephemeralcontainers} and {@code pods/resize}: each writes its part of the spec. */
final class PodSubresources {

    private static final List<String> KEPT_METADATA =
            List.of("labels", "annotations", "finalizers", "ownerReferences");

    private final GenericStore pods;
    private final PodRules rules = new PodRules();

    PodSubresources(GenericStore pods) {
        this.pods = pods;
    }

    Store ephemeralContainers() {
        return new StatusStore(
                pods,
                "ephemeralcontainers",
                (context, pod, old) -> {
                    ObjectNode mine = Meta.child(pod, "spec");
                    ObjectNode spec = Meta.child(old, "spec").deepCopy();
                    Meta.copyField(mine, spec, "ephemeralContainers");
                    restore(pod, old, spec);
                    FieldErrors errors = new FieldErrors();
                    rules.validatePod(spec, errors);
                    PodPartRules.ephemeralContainers(spec, old.path("spec"), errors);
                    refuse(pod, errors);
                });
    }

    Store resize() {
        return new StatusStore(
                pods,
                "resize",
                (context, pod, old) -> {
                    restore(pod, old, resized(Meta.child(pod, "spec"), Meta.child(old, "spec")));
                    FieldErrors errors = new FieldErrors();
                    rules.validatePod(pod.path("spec"), errors);
                    String before = old.path("status").path("qosClass").asString("");
                    if (!before.equals(PodQos.of(pod.path("spec")))) {
                        errors.invalid(
                                "spec",
                                before,
                                "Pod QOS Class may not change as a result of resizing");
                    }
                    PodPartRules.resize(pod, old, errors);
                    refuse(pod, errors);
                });
    }

    /** The old spec with the new resources; all of the new one where containers aren't the same. */
    private static ObjectNode resized(ObjectNode mine, ObjectNode before) {
        ObjectNode spec = before.deepCopy();
        for (String list : List.of("containers", "initContainers")) {
            JsonNode now = mine.path(list);
            if (now.size() != before.path(list).size()) {
                return mine;
            }
            if (now.isEmpty() || !(spec.get(list) instanceof ArrayNode containers)) {
                continue;
            }
            for (int i = 0; i < containers.size(); i++) {
                ObjectNode container = (ObjectNode) containers.get(i);
                if (!container.path("name").equals(now.path(i).path("name"))) {
                    spec.set(list, now);
                    break;
                }
                Meta.copyField((ObjectNode) now.get(i), container, "resources");
                Meta.copyField((ObjectNode) now.get(i), container, "resizePolicy");
            }
        }
        return spec;
    }

    private static void restore(ObjectNode pod, ObjectNode old, ObjectNode spec) {
        pod.set("spec", spec);
        Meta.copyField(old, pod, "status");
        KEPT_METADATA.forEach(field -> Meta.copyField(Meta.of(old), Meta.of(pod), field));
        if (!Meta.semanticallyEqual(spec, old.path("spec"))) {
            Meta.of(pod).put("generation", Meta.generation(old) + 1);
        }
    }

    private static void refuse(ObjectNode pod, FieldErrors errors) {
        if (!errors.isEmpty()) {
            throw ApiException.invalid("", "Pod", Meta.name(pod), errors.all());
        }
    }
}
