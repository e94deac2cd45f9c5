package io.jarnetes.apiserver.server.admission.plugins;

import io.jarnetes.apiserver.server.admission.AdmissionAttributes;
import io.jarnetes.apiserver.server.admission.AdmissionPlugin;
import io.jarnetes.apiserver.server.admission.Operation;
import io.jarnetes.apiserver.server.tree.Trees;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Pods stay on a node that fails for five minutes, unless they say otherwise. */
final class DefaultTolerationSeconds implements AdmissionPlugin {

    private static final String NOT_READY = "node.kubernetes.io/not-ready";
    private static final String UNREACHABLE = "node.kubernetes.io/unreachable";
    private static final String NO_EXECUTE = "NoExecute";

    private final long notReadySeconds;
    private final long unreachableSeconds;

    DefaultTolerationSeconds(long notReadySeconds, long unreachableSeconds) {
        this.notReadySeconds = notReadySeconds;
        this.unreachableSeconds = unreachableSeconds;
    }

    @Override
    public String name() {
        return "DefaultTolerationSeconds";
    }

    @Override
    public boolean handles(Operation operation) {
        return operation == Operation.CREATE || operation == Operation.UPDATE;
    }

    @Override
    public void mutate(AdmissionAttributes attributes) {
        ObjectNode pod = attributes.object();
        if (!attributes.isResource("", "pods") || pod == null) {
            return;
        }
        ObjectNode spec = Trees.child(pod, "spec");
        boolean notReady = tolerates(spec, NOT_READY);
        boolean unreachable = tolerates(spec, UNREACHABLE);
        if (!notReady) {
            add(spec, NOT_READY, notReadySeconds);
        }
        if (!unreachable) {
            add(spec, UNREACHABLE, unreachableSeconds);
        }
    }

    private static boolean tolerates(ObjectNode spec, String taint) {
        for (JsonNode toleration : Trees.items(spec, "tolerations")) {
            String key = Trees.text(toleration, "key");
            String effect = Trees.text(toleration, "effect");
            if ((key.isEmpty() || key.equals(taint))
                    && (effect.isEmpty() || effect.equals(NO_EXECUTE))) {
                return true;
            }
        }
        return false;
    }

    private static void add(ObjectNode spec, String taint, long seconds) {
        Trees.children(spec, "tolerations")
                .addObject()
                .put("key", taint)
                .put("operator", "Exists")
                .put("effect", NO_EXECUTE)
                .put("tolerationSeconds", seconds);
    }
}
