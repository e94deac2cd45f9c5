package io.jarnetes.controllermanager.nodelifecycle;

import static io.jarnetes.kubeclient.TestObjects.object;
import static io.jarnetes.kubeclient.TestObjects.pod;
import static io.jarnetes.kubeclient.TestObjects.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ArrayNode;

class NodeTaintsTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private static KubeObject node(String ready, String taints) {
        return object(
                ("{'kind': 'Node', 'metadata': {'name': 'n'}, 'spec': {'taints': [%s]}, 'status':"
                                + " {'conditions': [{'type': 'Ready', 'status': '%s'}]}}")
                        .formatted(taints, ready));
    }

    private static List<String> keys(@Nullable ArrayNode taints) {
        List<String> keys = new ArrayList<>();
        if (taints != null) {
            taints.forEach(
                    taint -> keys.add(Json.text(taint, "key") + ":" + Json.text(taint, "effect")));
        }
        return keys;
    }

    @Test
    void aReadyNodeLosesTheTaintOfAdmission() {
        KubeObject node =
                node(
                        "True",
                        "{'key': 'node.kubernetes.io/not-ready', 'effect': 'NoSchedule'},"
                                + " {'key': 'mine', 'effect': 'NoSchedule'}");
        assertThat(keys(NodeTaints.corrected(node, NOW))).containsExactly("mine:NoSchedule");
        assertThat(NodeTaints.corrected(node("True", ""), NOW)).isNull();
    }

    @Test
    void aSilentNodeIsUnreachableForBothEffects() {
        assertThat(keys(NodeTaints.corrected(node("Unknown", ""), NOW)))
                .containsExactly(
                        "node.kubernetes.io/unreachable:NoSchedule",
                        "node.kubernetes.io/unreachable:NoExecute");
    }

    @Test
    void aCordonedNodeIsUnschedulable() {
        KubeObject node = with(node("True", ""), "{'spec': {'unschedulable': true}}");
        assertThat(keys(NodeTaints.corrected(node, NOW)))
                .containsExactly("node.kubernetes.io/unschedulable:NoSchedule");
    }

    private static final KubeObject TAINTED =
            node(
                    "Unknown",
                    "{'key': 'node.kubernetes.io/unreachable', 'effect': 'NoExecute', 'timeAdded':"
                            + " '2026-01-02T00:00:00Z'}");

    @Test
    void podsAreEvictedWhenTheirTolerationIsOver() {
        assertThat(TaintEviction.until(pod("a"), TAINTED))
                .isEqualTo(Instant.parse("2026-01-02T00:00:00Z"));
        KubeObject patient =
                with(
                        pod("a"),
                        "{'spec': {'tolerations': [{'key': 'node.kubernetes.io/unreachable',"
                                + " 'operator': 'Exists', 'effect': 'NoExecute',"
                                + " 'tolerationSeconds': 300}]}}");
        assertThat(TaintEviction.until(patient, TAINTED))
                .isEqualTo(Instant.parse("2026-01-02T00:05:00Z"));
        KubeObject staying = with(pod("a"), "{'spec': {'tolerations': [{'operator': 'Exists'}]}}");
        assertThat(TaintEviction.until(staying, TAINTED)).isNull();
    }
}
