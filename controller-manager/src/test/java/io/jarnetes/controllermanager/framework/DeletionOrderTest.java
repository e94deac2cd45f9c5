package io.jarnetes.controllermanager.framework;

import static io.jarnetes.kubeclient.TestObjects.pod;
import static io.jarnetes.kubeclient.TestObjects.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.kubeclient.KubeObject;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeletionOrderTest {

    private static final Instant NOW = Instant.parse("2026-01-02T00:00:00Z");

    private static String first(KubeObject... pods) {
        return DeletionOrder.choose(List.of(pods), List.of(pods), 1, NOW).getFirst().name();
    }

    private static final KubeObject OTHER_NODE = with(pod("other"), "{'spec': {'nodeName': 'n2'}}");

    @Test
    void unassignedGoesFirst() {
        assertThat(first(pod("a"), with(pod("b"), "{'spec': {'nodeName': null}}"))).isEqualTo("b");
    }

    @Test
    void pendingGoesBeforeRunningAndUnreadyBeforeReady() {
        assertThat(first(pod("a"), with(pod("b"), "{'status': {'phase': 'Pending'}}")))
                .isEqualTo("b");
        assertThat(first(pod("a"), with(pod("b"), "{'status': {'conditions': []}}")))
                .isEqualTo("b");
    }

    @Test
    void theCheapGoFirst() {
        KubeObject cheap =
                with(
                        pod("cheap"),
                        "{'metadata': {'annotations':"
                                + " {'controller.kubernetes.io/pod-deletion-cost': '-5'}}}");
        assertThat(first(pod("a"), cheap)).isEqualTo("cheap");
    }

    @Test
    void oneOfTwoOnANodeGoesBeforeTheOneAlone() {
        assertThat(first(OTHER_NODE, pod("a"), pod("b"))).isIn("a", "b");
    }

    @Test
    void theYoungGoBeforeTheOld() {
        KubeObject young =
                with(
                        pod("young"),
                        "{'metadata': {'creationTimestamp': '2026-01-01T23:59:59Z'}, 'status':"
                                + " {'conditions': [{'type': 'Ready', 'status': 'True',"
                                + " 'lastTransitionTime': '2026-01-01T23:59:59Z'}]}}");
        assertThat(first(pod("a"), young)).isEqualTo("young");
    }
}
