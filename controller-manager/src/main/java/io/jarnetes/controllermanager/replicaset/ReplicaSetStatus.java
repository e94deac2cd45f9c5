package io.jarnetes.controllermanager.replicaset;

import io.jarnetes.controllermanager.framework.Conditions;
import io.jarnetes.controllermanager.framework.Pods;
import io.jarnetes.kubeclient.ApiException;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.Selector;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a ReplicaSet's status says about its pods. */
final class ReplicaSetStatus {

    private static final String REPLICA_FAILURE = "ReplicaFailure";

    private ReplicaSetStatus() {}

    /**
     * @param active the pods that belong to it
     * @param terminating how many are on their way out; null leaves the field away
     * @param failure why pods could not be made or deleted; null if nothing failed
     * @return the whole status, with the fields in the server's order
     */
    static ObjectNode compute(
            KubeObject set,
            List<KubeObject> active,
            @Nullable Integer terminating,
            @Nullable ApiException failure,
            Instant now) {
        JsonNode before = set.at("status");
        ObjectNode status = before instanceof ObjectNode object ? object.deepCopy() : Json.object();
        Selector template = Selector.ofLabels(set.at("spec", "template", "metadata", "labels"));
        int minReadySeconds = set.number(0, "spec", "minReadySeconds");
        count(status, "replicas", active.size(), true);
        count(
                status,
                "fullyLabeledReplicas",
                active.stream().filter(template::matches).count(),
                false);
        count(status, "readyReplicas", active.stream().filter(Pods::ready).count(), false);
        count(
                status,
                "availableReplicas",
                active.stream().filter(pod -> Pods.available(pod, minReadySeconds, now)).count(),
                false);
        if (terminating != null) {
            status.put("terminatingReplicas", terminating);
        }
        status.put("observedGeneration", set.generation());
        failure(status, set, active.size(), failure, now);
        return status;
    }

    /** Zeros are not written, but where the field is required. */
    private static void count(ObjectNode status, String field, long value, boolean required) {
        if (value == 0 && !required) {
            status.remove(field);
        } else {
            status.put(field, (int) value);
        }
    }

    private static void failure(
            ObjectNode status,
            KubeObject set,
            int active,
            @Nullable ApiException failure,
            Instant now) {
        boolean known = Json.present(Conditions.find(status, REPLICA_FAILURE));
        if (failure == null) {
            if (known) {
                Conditions.remove(status, REPLICA_FAILURE);
            }
        } else if (!known) {
            String reason =
                    active < set.number(1, "spec", "replicas") ? "FailedCreate" : "FailedDelete";
            String message = failure.getMessage();
            Conditions.set(
                    status, REPLICA_FAILURE, "True", reason, message == null ? "" : message, now);
        }
    }
}
