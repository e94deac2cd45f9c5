package io.jarnetes.scheduler;

import static io.jarnetes.kubeclient.TestObjects.object;
import static io.jarnetes.kubeclient.TestObjects.pod;
import static io.jarnetes.kubeclient.TestObjects.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.kubeclient.KubeObject;
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

    private static PodInfo more(PodInfo pod, String json) {
        return PodInfo.of(with(pod.pod(), json));
    }

    private static Preemption.Result find(
            PodInfo pod, List<KubeObject> budgets, NodeInfo... nodes) {
        Profile profile = DefaultPlugins.profile();
        Snapshot cluster =
                new Snapshot(List.of(nodes), Map.of(), Snapshot.Volumes.NONE, budgets, Map.of());
        Profile.Placement placement = profile.place(pod, cluster, 0, new SplittableRandom(1));
        return Preemption.find(pod, profile, cluster, placement.diagnosis());
    }

    private static KubeObject budget(int allowed, String disrupted) {
        return object(
                ("{'metadata': {'namespace': 'ns', 'name': 'b'}, 'spec': {'selector':"
                                + " {'matchLabels': {'app': 'web'}}}, 'status': {'disruptionsAllowed':"
                                + " %d, 'disruptedPods': {%s}}}")
                        .formatted(allowed, disrupted));
    }

    private static final String WEB = "{'metadata': {'labels': {'app': 'web'}}}";

    @Test
    void aNodeWhereNoBudgetIsViolatedWins() {
        PodInfo kept = more(of("kept", 1, "2"), WEB);
        PodInfo free = of("free", 50, "2");
        Preemption.Result result =
                find(
                        of("new", 100, "1"),
                        List.of(budget(0, "")),
                        node("n1", kept),
                        node("n2", free));
        assertThat(result.victims()).extracting(PodInfo::key).containsExactly("ns/free");
        assertThat(
                        find(
                                        of("new", 100, "1"),
                                        List.of(budget(1, "")),
                                        node("n1", kept),
                                        node("n2", free))
                                .victims())
                .extracting(PodInfo::key)
                .containsExactly("ns/kept");
        assertThat(
                        find(
                                        of("new", 100, "1"),
                                        List.of(budget(0, "'kept': '2026-01-01T00:00:00Z'")),
                                        node("n1", kept),
                                        node("n2", free))
                                .victims())
                .extracting(PodInfo::key)
                .containsExactly("ns/kept");
    }

    @Test
    void onANodeThoseWithABudgetAreSpared() {
        PodInfo kept = more(of("kept", 1, "1"), WEB);
        PodInfo free = of("free", 50, "1");
        assertThat(
                        find(of("new", 100, "1"), List.of(budget(0, "")), node("n1", kept, free))
                                .victims())
                .extracting(PodInfo::key)
                .containsExactly("ns/free");
    }

    @Test
    void ofEqualsTheYoungerGo() {
        PodInfo old = more(of("old", 1, "1"), "{'status': {'startTime': '2026-01-01T00:00:00Z'}}");
        PodInfo young =
                more(of("young", 1, "1"), "{'status': {'startTime': '2026-01-01T00:01:00Z'}}");
        assertThat(find(of("new", 100, "1"), node("n1", old, young)).victims())
                .extracting(PodInfo::key)
                .containsExactly("ns/young");
        PodInfo oldWhole =
                more(of("o", 1, "2"), "{'status': {'startTime': '2026-01-01T00:00:00Z'}}");
        PodInfo youngWhole =
                more(of("y", 1, "2"), "{'status': {'startTime': '2026-01-01T00:01:00Z'}}");
        assertThat(
                        find(of("new", 100, "1"), node("n1", oldWhole), node("n2", youngWhole))
                                .victims())
                .extracting(PodInfo::key)
                .containsExactly("ns/y");
    }

    @Test
    void whileVictimsAreOnTheirWayOutThereAreNoOthers() {
        PodInfo going =
                more(
                        of("going", 1, "2"),
                        "{'metadata': {'deletionTimestamp': '2026-01-01T00:00:00Z'}, 'status':"
                                + " {'conditions': [{'type': 'DisruptionTarget', 'status': 'True',"
                                + " 'reason': 'PreemptionByScheduler'}]}}");
        PodInfo other = of("other", 1, "2");
        PodInfo nominated = more(of("new", 100, "1"), "{'status': {'nominatedNodeName': 'n1'}}");
        Preemption.Result result = find(nominated, node("n1", going), node("n2", other));
        assertThat(result.node()).isNull();
        assertThat(result.message())
                .isEqualTo(
                        "preemption: not eligible due to a terminating pod on the nominated node.");
        assertThat(find(of("new", 100, "1"), node("n1", going), node("n2", other)).victims())
                .hasSize(1);
    }

    /** The reason is the node's own where even without victims there is no room. */
    @Test
    void whatIsMissingWithoutTheVictimsIsSaid() {
        Preemption.Result result =
                find(of("new", 50, "2"), node("n1", of("important", 100, "1"), of("low", 1, "1")));
        assertThat(result.node()).isNull();
        assertThat(result.tried()).isTrue();
        assertThat(result.message())
                .isEqualTo("preemption: 0/1 nodes are available: 1 Insufficient cpu.");
    }

    @Test
    void theRoomOfANominatedPodIsNoRoom() {
        PodInfo nominated = of("nominated", 100, "1");
        NodeInfo node = node("n1", of("a", 1, "1"), of("b", 1, "1"));
        Profile profile = DefaultPlugins.profile();
        Snapshot cluster =
                new Snapshot(List.of(node), Map.of())
                        .withNominated(Map.of("n1", List.of(nominated)));
        assertThat(victims(of("new", 50, "1"), profile, cluster)).isEqualTo(2);
        assertThat(victims(of("new", 101, "1"), profile, cluster)).isEqualTo(1);
        assertThat(victims(of("new", 50, "2"), profile, cluster)).isZero();
    }

    private static int victims(PodInfo pod, Profile profile, Snapshot cluster) {
        Profile.Placement placement = profile.place(pod, cluster, 0, new SplittableRandom(1));
        return Preemption.find(pod, profile, cluster, placement.diagnosis()).victims().size();
    }

    @Test
    void whoMayNotPreemptDoesNot() {
        PodInfo modest = more(of("new", 100, "1"), "{'spec': {'preemptionPolicy': 'Never'}}");
        assertThat(find(modest, node("n1", of("a", 1, "2"))).message())
                .isEqualTo("preemption: not eligible due to preemptionPolicy=Never.");
    }
}
