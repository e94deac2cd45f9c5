package io.jarnetes.controllermanager.replicaset;

import static io.jarnetes.kubeclient.TestObjects.object;
import static io.jarnetes.kubeclient.TestObjects.pod;
import static io.jarnetes.kubeclient.TestObjects.tree;
import static io.jarnetes.kubeclient.TestObjects.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.kubeclient.ApiException;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class ReplicaSetStatusTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:10Z");
    private final KubeObject set =
            object(
                    """
                    {'kind': 'ReplicaSet', 'metadata': {'generation': 2},
                     'spec': {'replicas': 3, 'minReadySeconds': 5,
                       'template': {'metadata': {'labels': {'app': 'web'}}}}}
                    """);

    @Test
    void countsPodsAndLeavesZerosAway() {
        KubeObject labelled = with(pod("a"), "{'metadata': {'labels': {'app': 'web'}}}");
        KubeObject young =
                with(
                        pod("b"),
                        "{'status': {'conditions': [{'type': 'Ready', 'status': 'True',"
                                + " 'lastTransitionTime': '2026-01-01T00:00:08Z'}]}}");
        KubeObject unready = with(pod("c"), "{'status': {'conditions': []}}");
        ObjectNode status =
                ReplicaSetStatus.compute(set, List.of(labelled, young, unready), 0, null, NOW);
        ObjectNode wanted =
                tree(
                        "{'replicas': 3, 'fullyLabeledReplicas': 1, 'readyReplicas': 2,"
                                + " 'availableReplicas': 1, 'terminatingReplicas': 0,"
                                + " 'observedGeneration': 2}");
        assertThat(Json.same(status, wanted)).isTrue();
        ObjectNode none = ReplicaSetStatus.compute(set, List.of(), null, null, NOW);
        assertThat(Json.same(none, tree("{'replicas': 0, 'observedGeneration': 2}"))).isTrue();
    }

    @Test
    void aFailureIsAConditionUntilItIsOver() {
        ApiException quota = ApiException.of(403, tree("{'message': 'exceeded quota'}"));
        ObjectNode failed = ReplicaSetStatus.compute(set, List.of(), null, quota, NOW);
        assertThat(Json.text(failed.path("conditions").path(0), "reason"))
                .isEqualTo("FailedCreate");
        assertThat(Json.text(failed.path("conditions").path(0), "message"))
                .isEqualTo("exceeded quota");
        ObjectNode object = set.copy();
        object.set("status", failed);
        ObjectNode later =
                ReplicaSetStatus.compute(KubeObject.of(object), List.of(), null, null, NOW);
        assertThat(later.has("conditions")).isFalse();
    }
}
