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
        assertThat(keys(NodeTaints.corrected(node, true, NOW))).containsExactly("mine:NoSchedule");
        assertThat(NodeTaints.corrected(node("True", ""), true, NOW)).isNull();
    }

    @Test
    void aSilentNodeIsUnreachableForBothEffects() {
        assertThat(keys(NodeTaints.corrected(node("Unknown", ""), true, NOW)))
                .containsExactly(
                        "node.kubernetes.io/unreachable:NoSchedule",
                        "node.kubernetes.io/unreachable:NoExecute");
    }

    @Test
    void aCordonedNodeIsUnschedulable() {
        KubeObject node = with(node("True", ""), "{'spec': {'unschedulable': true}}");
        assertThat(keys(NodeTaints.corrected(node, true, NOW)))
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

    @Test
    void aTaintThatEvictsComesOnlyWhenItMay() {
        KubeObject silent = node("Unknown", "");
        assertThat(NodeTaints.evictionMissing(silent)).isTrue();
        assertThat(keys(NodeTaints.corrected(silent, false, NOW)))
                .containsExactly("node.kubernetes.io/unreachable:NoSchedule");
        assertThat(NodeTaints.evictionMissing(TAINTED)).isFalse();
        assertThat(keys(NodeTaints.corrected(TAINTED, false, NOW)))
                .containsExactly("node.kubernetes.io/unreachable:NoSchedule");
        assertThat(NodeTaints.evictionMissing(node("True", ""))).isFalse();
    }

    @Test
    void aSilentNodeThatSpeaksAgainSwapsItsTaints() {
        KubeObject notReady =
                with(
                        TAINTED,
                        "{'status': {'conditions': [{'type': 'Ready'," + " 'status': 'False'}]}}");
        assertThat(NodeTaints.evictionMissing(notReady)).isFalse();
        assertThat(keys(NodeTaints.corrected(notReady, true, NOW)))
                .containsExactly(
                        "node.kubernetes.io/not-ready:NoSchedule",
                        "node.kubernetes.io/not-ready:NoExecute");
    }

    @Test
    void pressuresAreTaints() {
        KubeObject node =
                with(
                        node("True", ""),
                        "{'status': {'conditions': [{'type': 'MemoryPressure', 'status': 'True'}, {'type':"
                                + " 'DiskPressure', 'status': 'Unknown'}, {'type': 'PIDPressure', 'status':"
                                + " 'True'}, {'type': 'NetworkUnavailable', 'status': 'True'}]}}");
        assertThat(keys(NodeTaints.corrected(node, true, NOW)))
                .containsExactly(
                        "node.kubernetes.io/memory-pressure:NoSchedule",
                        "node.kubernetes.io/pid-pressure:NoSchedule",
                        "node.kubernetes.io/network-unavailable:NoSchedule");
    }

    @Test
    void ofSeveralTaintsTheFirstThatIsOverEvicts() {
        KubeObject two =
                node(
                        "Unknown",
                        "{'key': 'a', 'effect': 'NoExecute', 'timeAdded': '2026-01-02T00:00:00Z'}, {'key':"
                                + " 'b', 'effect': 'NoExecute', 'timeAdded': '2026-01-02T00:00:00Z'},"
                                + " {'key': 'c', 'effect': 'NoSchedule'}");
        KubeObject pod =
                with(
                        pod("p"),
                        "{'spec': {'tolerations': [{'key': 'a', 'operator': 'Exists', 'tolerationSeconds':"
                                + " 60}, {'key': 'a', 'operator': 'Exists', 'tolerationSeconds': 30},"
                                + " {'key': 'b', 'operator': 'Equal', 'value': '', 'tolerationSeconds':"
                                + " 90}]}}");
        assertThat(TaintEviction.until(pod, two)).isEqualTo(Instant.parse("2026-01-02T00:00:30Z"));
        KubeObject young = with(pod, "{'metadata': {'creationTimestamp': '2026-01-03T00:00:00Z'}}");
        assertThat(TaintEviction.until(young, two))
                .isEqualTo(Instant.parse("2026-01-03T00:00:30Z"));
        assertThat(TaintEviction.until(pod("p"), node("True", ""))).isNull();
    }
}
