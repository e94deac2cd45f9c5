package io.jarnetes.controllermanager.admissionpolicy;

import io.jarnetes.controllermanager.framework.Controller;
import io.jarnetes.controllermanager.framework.ControllerContext;
import io.jarnetes.controllermanager.framework.Keyed;
import io.jarnetes.kubeclient.ApiClient;
import io.jarnetes.kubeclient.Informer;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.Resource;
import tools.jackson.databind.node.ObjectNode;

/**
 * Says that a policy's generation was seen. Expressions were compiled by the apiserver when the
 * policy was written; warnings about their types against the matched resources are not made here.
 */
public final class PolicyStatus {

    private PolicyStatus() {}

    public static Controller start(ControllerContext context) {
        ApiClient client = context.client("validatingadmissionpolicy-status-controller");
        Informer policies = context.informer(Resource.VALIDATING_ADMISSION_POLICIES);
        return new Keyed(
                        context,
                        "vap-status",
                        5,
                        key -> policies.get(key).ifPresent(policy -> write(client, policy)))
                .watch(policies)
                .start();
    }

    private static void write(ApiClient client, KubeObject policy) {
        if (policy.at("status", "observedGeneration").asLong(0) == policy.generation()) {
            return;
        }
        ObjectNode tree = policy.copy();
        ObjectNode status = tree.withObjectProperty("status");
        status.put("observedGeneration", policy.generation());
        status.set("typeChecking", Json.object());
        client.update(Resource.VALIDATING_ADMISSION_POLICIES, tree, "status");
    }
}
