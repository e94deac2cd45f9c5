package io.jarnetes.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.base.Eventually;
import io.jarnetes.base.log.Log;
import io.jarnetes.kubeclient.ApiException;
import io.jarnetes.kubeclient.FakeApiServer;
import io.jarnetes.kubeclient.FakeStore;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.Resource;
import io.jarnetes.kubeclient.Transcripts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole nodes before an imaginary apiserver. */
class SimulatedNodesTest {

    private final FakeStore store = new FakeStore(Clock.systemUTC(), 1);
    private final FakeApiServer server =
            new FakeApiServer(store, List.of(Resource.PODS, Resource.NODES, Resource.LEASES));
    private final List<SimulatedNodes> running = new ArrayList<>();

    private SimulatedNodes start(String... names) {
        List<SimulatedNodesConfig.SimulatedNode> nodes = new ArrayList<>();
        for (String name : names) {
            nodes.add(new SimulatedNodesConfig.SimulatedNode(name, nodes.size(), server.config()));
        }
        try {
            SimulatedNodes started =
                    SimulatedNodes.start(new SimulatedNodesConfig(nodes, "v9.8.7"), Log.none());
            running.add(started);
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterEach
    void close() {
        running.forEach(SimulatedNodes::close);
        server.close();
    }

    private void pod(String name, String node, String more) {
        store.put(
                Resource.PODS,
                KubeObject.of(
                        Transcripts.yaml(
                                ("{metadata: {namespace: ns, name: %s}, spec: {nodeName: %s,"
                                                + " containers: [{name: c, image: nginx}]},"
                                                + " status: {phase: Pending}%s}")
                                        .formatted(name, node, more))));
    }

    private KubeObject pod(String name) {
        return store.get(Resource.PODS, "ns", name);
    }

    private boolean runs(String name) {
        return pod(name).text("status", "phase").equals("Running");
    }

    private static ApiException away() {
        return ApiException.of(500, Json.of("code", 500, "message", "no"));
    }

    @Test
    void aNodeRegistersAndIsReady() {
        SimulatedNodes nodes = start("a", "b");
        Eventually.until("ready", () -> nodes.ready().isDone());
        KubeObject node = store.get(Resource.NODES, "", "b");
        assertThat(node.conditionTrue("Ready")).isTrue();
        assertThat(node.text("spec", "podCIDR")).isEqualTo("10.200.1.0/24");
        assertThat(node.text("status", "nodeInfo", "kubeletVersion")).isEqualTo("v9.8.7");
        assertThat(node.label("kubernetes.io/hostname")).isEqualTo("b");
        Eventually.until(
                "a lease each", () -> store.list(Resource.LEASES, "kube-node-lease").size() == 2);
        KubeObject lease = store.get(Resource.LEASES, "kube-node-lease", "b");
        assertThat(lease.text("spec", "holderIdentity")).isEqualTo("b");
        assertThat(lease.number(0, "spec", "leaseDurationSeconds")).isEqualTo(40);
        assertThat(Json.text(lease.at("metadata", "ownerReferences").path(0), "uid"))
                .isEqualTo(node.uid());
    }

    /** What was there before keeps what it had been since. */
    @Test
    void aNodeThatIsThereReportsItsStatus() {
        store.put(
                Resource.NODES,
                KubeObject.of(
                        Transcripts.yaml(
                                "{metadata: {name: a, labels: {mine: x}}, status: {conditions:"
                                        + " [{type: Ready, status: 'True', lastTransitionTime:"
                                        + " '2026-01-01T00:00:00Z'}]}}")));
        SimulatedNodes nodes = start("a");
        Eventually.until("ready", () -> nodes.ready().isDone());
        KubeObject node = store.get(Resource.NODES, "", "a");
        assertThat(node.label("mine")).isEqualTo("x");
        assertThat(node.text("status", "nodeInfo", "kubeletVersion")).isEqualTo("v9.8.7");
        assertThat(Json.text(node.condition("Ready"), "lastTransitionTime"))
                .isEqualTo("2026-01-01T00:00:00Z");
    }

    @Test
    void anApiserverThatIsAwayIsAskedAgain() {
        AtomicInteger refusals = new AtomicInteger(5);
        server.refuse(ask -> refusals.getAndDecrement() > 0 ? away() : null);
        pod("p", "a", "");
        start("a");
        Eventually.until("the pod runs", () -> runs("p"));
        assertThat(store.get(Resource.NODES, "", "a").conditionTrue("Ready")).isTrue();
    }

    @Test
    void onlyItsOwnPodsAreANodes() {
        pod("p", "a", "");
        pod("q", "b", "");
        pod("r", "c", "");
        start("a", "b");
        Eventually.until("two run", () -> runs("p") && runs("q"));
        assertThat(pod("p").text("status", "podIP")).startsWith("10.200.0.");
        assertThat(pod("q").text("status", "podIP")).startsWith("10.200.1.");
        assertThat(pod("q").text("status", "hostIP"))
                .isEqualTo(
                        Json.text(
                                store.get(Resource.NODES, "", "b")
                                        .at("status", "addresses")
                                        .path(0),
                                "address"));
        assertThat(pod("r").text("status", "phase")).isEqualTo("Pending");
    }

    @Test
    void whatHappensIsTold() {
        start("a");
        pod("p", "a", "");
        Eventually.until("it runs", () -> runs("p"));
        Eventually.until("started is told", () -> reasons().contains("Started"));
        store.delete(Resource.PODS, "ns", "p", Json.object());
        Eventually.until("gone", () -> store.find(Resource.PODS, "ns", "p").isEmpty());
        Eventually.until(
                "all is told",
                () -> reasons().containsAll(Set.of("Pulled", "Created", "Started", "Killing")));
        KubeObject event = store.list(Resource.EVENTS, "ns").getFirst();
        assertThat(event.text("source", "component")).isEqualTo("kubelet");
        assertThat(event.text("source", "host")).isEqualTo("a");
        assertThat(event.text("involvedObject", "fieldPath")).isEqualTo("spec.containers{c}");
    }

    private Set<String> reasons() {
        Set<String> reasons = new HashSet<>();
        store.list(Resource.EVENTS, "ns").forEach(event -> reasons.add(event.text("reason")));
        return reasons;
    }

    @Test
    void aFinishedPodIsGoneWhenItIsDeleted() {
        start("a");
        store.put(
                Resource.PODS,
                KubeObject.of(
                        Transcripts.yaml(
                                "{metadata: {namespace: ns, name: p, finalizers: [x/y],"
                                        + " annotations: {jarnetes.io/exit-after: 1ms}}, spec:"
                                        + " {nodeName: a, restartPolicy: Never, containers:"
                                        + " [{name: c, image: x}]}, status: {phase: Pending}}")));
        Eventually.until(
                "it has ended", () -> pod("p").text("status", "phase").equals("Succeeded"));
        store.delete(Resource.PODS, "ns", "p", Json.object());
        assertThat(pod("p").deleting()).isTrue();
        store.patch(
                Resource.PODS,
                "ns",
                "p",
                "",
                Transcripts.yaml("{metadata: {finalizers: null}}"),
                false);
        Eventually.until("gone", () -> store.find(Resource.PODS, "ns", "p").isEmpty());
    }

    /** Pods come and go, requests fail, watches break: all run, with addresses of their own. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void allPodsRunAndNoTwoShareAnAddress(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        SplittableRandom faults = random.split();
        server.refuse(ask -> {
            synchronized (faults) {
                return ask.resource().equals(Resource.PODS) && faults.nextInt(5) == 0
                        ? away()
                        : null;
            }
        });
        start("a", "b");
        List<String> alive = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            pod("p" + i, random.nextBoolean() ? "a" : "b", "");
            alive.add("p" + i);
            if (random.nextInt(10) == 0) {
                server.breakWatches();
            }
            if (random.nextInt(3) == 0) {
                String gone = alive.remove(random.nextInt(alive.size()));
                store.delete(Resource.PODS, "ns", gone, Json.object());
            }
        }
        Eventually.until(
                "seed " + seed + ": those that are left run, the others are gone",
                () ->
                        store.list(Resource.PODS, "ns").size() == alive.size()
                                && alive.stream().allMatch(this::runs));
        assertThat(store.list(Resource.PODS, "ns").stream().map(one -> one.text("status", "podIP")))
                .as("seed %d", seed)
                .doesNotHaveDuplicates();
    }
}
