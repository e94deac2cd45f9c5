package io.jarnetes.controllermanager.daemonset;

import static io.jarnetes.kubeclient.TestObjects.object;
import static io.jarnetes.kubeclient.TestObjects.pod;
import static io.jarnetes.kubeclient.TestObjects.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DaemonPlanTest {

    private static final Instant NOW = Instant.parse("2026-01-02T00:00:00Z");
    private final KubeObject set =
            object(
                    "{'kind': 'DaemonSet', 'metadata': {'name': 'agent', 'generation': 1}, 'spec':"
                            + " {'updateStrategy': {'type': 'RollingUpdate', 'rollingUpdate':"
                            + " {'maxUnavailable': 1}}, 'template': {'spec': {}}}}");

    private static KubeObject node(String name, String more) {
        return with(object("{'metadata': {'name': '%s'}}".formatted(name)), more);
    }

    private static KubeObject daemon(String name, String node, String hash) {
        return with(
                pod(name),
                ("{'metadata': {'labels': {'controller-revision-hash': '%s'}}, 'spec':"
                                + " {'nodeName': '%s'}}")
                        .formatted(hash, node));
    }

    private DaemonPlan.Decision decide(List<KubeObject> nodes, KubeObject... pods) {
        return new DaemonPlan(set, List.of(pods), "new", NOW).decide(nodes);
    }

    private static final List<KubeObject> TWO = List.of(node("a", "{}"), node("b", "{}"));

    @Test
    void everyNodeGetsOne() {
        assertThat(decide(TWO, daemon("p", "a", "new")).create()).containsExactly("b");
        assertThat(decide(TWO, daemon("p", "a", "new"), daemon("q", "a", "new")).delete())
                .hasSize(1);
    }

    @Test
    void taintsDecide() {
        KubeObject tainted =
                node("t", "{'spec': {'taints': [{'key': 'k', 'effect': 'NoSchedule'}]}}");
        assertThat(decide(List.of(tainted)).create()).isEmpty();
        assertThat(decide(List.of(tainted), daemon("p", "t", "new")).delete()).isEmpty();
        KubeObject evicting =
                node("t", "{'spec': {'taints': [{'key': 'k', 'effect': 'NoExecute'}]}}");
        assertThat(decide(List.of(evicting), daemon("p", "t", "new")).delete()).hasSize(1);
        KubeObject cordoned =
                node(
                        "t",
                        "{'spec': {'taints': [{'key': 'node.kubernetes.io/unschedulable', 'effect':"
                                + " 'NoSchedule'}]}}");
        assertThat(decide(List.of(cordoned)).create()).containsExactly("t");
    }

    @Test
    void anUpdateTakesOneAtATime() {
        DaemonPlan.Decision decision =
                decide(TWO, daemon("p", "a", "old"), daemon("q", "b", "old"));
        assertThat(decision.delete()).extracting(KubeObject::name).containsExactly("p");
        KubeObject starting = with(daemon("p2", "a", "new"), "{'status': {'conditions': []}}");
        assertThat(decide(TWO, starting, daemon("q", "b", "old")).delete()).isEmpty();
    }

    @Test
    void theStatusCounts() {
        var status = decide(TWO, daemon("p", "a", "new")).status();
        assertThat(Json.number(0, status, "desiredNumberScheduled")).isEqualTo(2);
        assertThat(Json.number(0, status, "numberReady")).isEqualTo(1);
        assertThat(Json.number(0, status, "numberUnavailable")).isEqualTo(1);
    }
}
