package io.jarnetes.controllermanager.nodelifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.controllermanager.framework.World;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.Resource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class NodeLifecycleControllerTest {

    @AutoClose private final World world = new World();

    private void node(String name, String ready) {
        world.put(
                Resource.NODES,
                ("{metadata: {name: %s, labels: {kubernetes.io/os: linux}}, spec: {}, status:"
                                + " {conditions: [{type: Ready, status: '%s', reason: R,"
                                + " lastHeartbeatTime: '2026-01-01T00:00:00Z'}]}}")
                        .formatted(name, ready));
    }

    private List<String> taints(String node) {
        List<String> taints = new ArrayList<>();
        world.get(Resource.NODES, node)
                .at("spec", "taints")
                .forEach(taint ->
                        taints.add(Json.text(taint, "key") + ":" + Json.text(taint, "effect")));
        return taints;
    }

    private void look(String node, int time) {
        world.edit(Resource.NODES, node, "{metadata: {annotations: {look: '%d'}}}".formatted(time));
    }

    private void lease(String node, int second) {
        world.store()
                .put(
                        Resource.LEASES,
                        KubeObject.of(
                                Json.of(
                                        "metadata",
                                        Json.of("namespace", "kube-node-lease", "name", node),
                                        "spec",
                                        Json.of(
                                                "renewTime",
                                                "2026-01-01T00:%02d:%02d.000000Z"
                                                        .formatted(second / 60, second % 60)))));
    }

    private void pod(String name, String node) {
        world.put(
                Resource.PODS,
                ("{metadata: {namespace: ns, name: %s}, spec: {nodeName: %s}, status: {phase:"
                                + " Running, conditions: [{type: Ready, status: 'True'}]}}")
                        .formatted(name, node));
    }

    @Test
    void aSilentNodeIsUnknownItsPodsAreNotReadyAndItIsTainted() {
        node("a", "True");
        node("b", "True");
        lease("a", 0);
        lease("b", 0);
        pod("p", "a");
        world.start(NodeLifecycleController::start);
        world.until(
                "seen",
                () ->
                        world.get(Resource.NODES, "a")
                                        .label("beta.kubernetes.io/os")
                                        .equals("linux")
                                && world.get(Resource.NODES, "b")
                                        .label("beta.kubernetes.io/os")
                                        .equals("linux"));
        world.caughtUp(Resource.NODES, Resource.LEASES);
        world.clock().advance(Duration.ofSeconds(51));
        lease("b", 51);
        world.caughtUp(Resource.LEASES);
        look("b", 1);
        look("a", 1);
        world.until("tainted", () -> taints("a").size() == 2);
        assertThat(taints("a"))
                .containsExactly(
                        "node.kubernetes.io/unreachable:NoSchedule",
                        "node.kubernetes.io/unreachable:NoExecute");
        assertThat(taints("b")).isEmpty();
        KubeObject node = world.get(Resource.NODES, "a");
        assertThat(Json.text(node.condition("Ready"), "reason")).isEqualTo("NodeStatusUnknown");
        assertThat(Json.text(node.condition("Ready"), "message"))
                .isEqualTo("Kubelet stopped posting node status.");
        assertThat(Json.text(node.condition("MemoryPressure"), "reason"))
                .isEqualTo("NodeStatusNeverUpdated");
        world.until("pods", () -> !world.get(Resource.PODS, "p").conditionTrue("Ready"));
        world.until(
                "told",
                () ->
                        world.events()
                                .containsAll(
                                        List.of(
                                                "NodeNotReady: Node a status is now: NodeNotReady",
                                                "NodeNotReady: Node is not ready",
                                                "RegisteredNode: Node a event: Registered Node a"
                                                        + " in Controller")));
        lease("a", 52);
        world.caughtUp(Resource.LEASES);
        world.status(
                Resource.NODES, "a", "{status: {conditions: [{type: Ready, status: 'True'}]}}");
        world.until("free", () -> taints("a").isEmpty());
    }

    /** Its kubelet sees to its pods itself. */
    @Test
    void thePodsOfANodeThatSaysItIsNotReadyAreLeftAlone() {
        node("a", "False");
        node("b", "True");
        pod("p", "a");
        world.start(NodeLifecycleController::start);
        world.until("tainted", () -> taints("a").size() == 2);
        look("a", 1);
        world.caughtUp(Resource.NODES);
        node("c", "False");
        world.until("it has looked", () -> !taints("c").isEmpty());
        assertThat(world.get(Resource.PODS, "p").conditionTrue("Ready")).isTrue();
    }

    @Test
    void whenAllNodesAreSilentNobodyIsEvicted() {
        node("a", "Unknown");
        node("b", "Unknown");
        world.start(NodeLifecycleController::start);
        world.until("tainted", () -> taints("a").size() == 1 && taints("b").size() == 1);
        assertThat(taints("a")).containsExactly("node.kubernetes.io/unreachable:NoSchedule");
        world.status(
                Resource.NODES, "b", "{status: {conditions: [{type: Ready, status: 'True'}]}}");
        world.until("b is free", () -> taints("b").isEmpty());
        look("a", 1);
        world.until("a is given up", () -> taints("a").size() == 2);
    }

    @Test
    void nodesAreGivenUpOneAfterTheOther() {
        node("a", "False");
        node("b", "False");
        node("c", "True");
        node("d", "True");
        world.start(NodeLifecycleController::start);
        world.until("one", () -> taints("a").size() + taints("b").size() == 3);
        world.clock().advance(Duration.ofSeconds(10));
        look("a", 1);
        look("b", 1);
        world.until("both", () -> taints("a").size() + taints("b").size() == 4);
        world.delete(Resource.NODES, "d");
        world.until(
                "told",
                () ->
                        world.events()
                                .contains(
                                        "RemovingNode: Node d event: Removing Node d from"
                                                + " Controller"));
    }

    @Test
    void podsAreEvictedFromTaintedNodes() {
        node("a", "True");
        world.edit(
                Resource.NODES,
                "a",
                "{spec: {taints: [{key: k, effect: NoExecute, timeAdded:"
                        + " '2026-01-01T00:00:00Z'}]}}");
        pod("p", "a");
        pod("q", "a");
        world.edit(
                Resource.PODS,
                "q",
                "{spec: {tolerations: [{key: k, operator: Exists, effect: NoExecute}]}}");
        world.start(TaintEviction::start);
        world.until("evicted", () -> world.get(Resource.PODS, "p").deleting());
        assertThat(Json.text(world.get(Resource.PODS, "p").condition("DisruptionTarget"), "reason"))
                .isEqualTo("DeletionByTaintManager");
        world.until(
                "told",
                () ->
                        world.events()
                                .contains("TaintManagerEviction: Marking for deletion Pod ns/p"));
        assertThat(world.get(Resource.PODS, "q").deleting()).isFalse();
    }
}
