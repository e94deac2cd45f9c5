package io.jarnetes.apiserver.server.admission.plugins;

import io.jarnetes.apiserver.server.admission.AdmissionAttributes;
import io.jarnetes.apiserver.server.admission.AdmissionPlugin;
import io.jarnetes.apiserver.server.admission.Operation;
import io.jarnetes.apiserver.server.tree.Trees;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A new node is tainted as not ready, until its conditions say more. */
final class TaintNodesByCondition implements AdmissionPlugin {

    private static final String NOT_READY = "node.kubernetes.io/not-ready";

    @Override
    public String name() {
        return "TaintNodesByCondition";
    }

    @Override
    public boolean handles(Operation operation) {
        return operation == Operation.CREATE;
    }

    @Override
    public void mutate(AdmissionAttributes attributes) {
        ObjectNode node = attributes.object();
        if (!attributes.isResource("", "nodes") || node == null) {
            return;
        }
        for (JsonNode taint : Trees.items(node, "spec", "taints")) {
            if (Trees.text(taint, "key").equals(NOT_READY)
                    && Trees.text(taint, "effect").equals("NoSchedule")) {
                return;
            }
        }
        Trees.children(Trees.child(node, "spec"), "taints")
                .addObject()
                .put("key", NOT_READY)
                .put("effect", "NoSchedule");
    }
}
