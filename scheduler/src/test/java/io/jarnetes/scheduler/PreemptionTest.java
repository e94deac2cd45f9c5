package io.jarnetes.scheduler;

import static io.jarnetes.kubeclient.TestObjects.object;
import static io.jarnetes.kubeclient.TestObjects.pod;
import static io.jarnetes.kubeclient.TestObjects.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.scheduler.framework.NodeInfo;
import io.jarnetes.scheduler.framework.PodInfo;
import io.jarnetes.scheduler.framework.Profile;
import io.jarnetes.scheduler.framework.Snapshot;
import io.jarnetes.scheduler.plugins.DefaultPlugins;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PreemptionTest {

    private static PodInfo of(String name, int priority, String cpu) {
        return PodInfo.of(
                with(
                        pod(name),
                        ("{'spec': {'nodeName': null, 'priority': %d, 'containers': [{'name': 'c',"
                                        + " 'resources': {'requests': {'cpu': '%s'}}}]}}")
                                .formatted(priority, cpu)));
    }

    private static NodeInfo node(String name, PodInfo... pods) {
        return NodeInfo.of(
                object(
                        ("{'metadata': {'name': '%s'}, 'status': {'allocatable': {'cpu': '2',"
                                        + " 'memory': '8Gi', 'pods': '10'}}}")
                                .formatted(name)),
                List.of(pods));
    }

    private static Preemption.Result find(PodInfo pod, NodeInfo... nodes) {
        Profile profile = DefaultPlugins.profile();
        Snapshot cluster = new Snapshot(List.of(nodes), Map.of());
        Profile.Placement placement = profile.place(pod, cluster, 0, new SplittableRandom(1));
        assertThat(placement.node()).isNull();
        return Preemption.find(pod, profile, cluster, placement.diagnosis());
    }

    @Test
    void asFewAsPossibleOfTheLeastImportantGo() {
        Preemption.Result result =
                find(
                        of("new", 100, "1"),
                        node("n1", of("a", 50, "1"), of("b", 10, "1")),
                        node("n2", of("c", 60, "2")));
        assertThat(result.victims()).extracting(PodInfo::key).containsExactly("ns/b");
        assertThat(result.message()).isEmpty();
    }

    @Test
    void equalPriorityIsNoVictim() {
        Preemption.Result result =
                find(
                        of("new", 10, "1"),
                        node("n1", of("a", 10, "2")),
                        node("small")
                                .withNode(
                                        object(
                                                "{'metadata': {'name': 'small'}, 'status': {'allocatable':"
                                                        + " {'cpu': '500m', 'pods': '10', 'memory': '1Gi'}}}")));
        assertThat(result.node()).isNull();
        assertThat(result.message())
                .isEqualTo(
                        "preemption: 0/2 nodes are available: 1 No preemption victims found for"
                                + " incoming pod, 1 Preemption is not helpful for scheduling.");
    }
}
