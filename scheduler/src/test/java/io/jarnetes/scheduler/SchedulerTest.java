package io.jarnetes.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.base.Eventually;
import io.jarnetes.base.log.Log;
import io.jarnetes.kubeclient.ApiException;
import io.jarnetes.kubeclient.FakeApiServer;
import io.jarnetes.kubeclient.FakeStore;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.Quantity;
import io.jarnetes.kubeclient.Resource;
import io.jarnetes.kubeclient.Transcripts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A whole scheduler before an imaginary apiserver. */
class SchedulerTest {

    private final FakeStore store = new FakeStore(Clock.systemUTC(), 1);
    private final FakeApiServer server =
            new FakeApiServer(store, List.of(Resource.PODS, Resource.NODES, Resource.NAMESPACES));
    private final Scheduler scheduler = start();

    private Scheduler start() {
        try {
            return Scheduler.start(
                    SchedulerConfig.of(server.config(), "host_id")
                            .alone()
                            .withBackoff(Duration.ofMillis(10), Duration.ofMillis(100)),
                    Log.none());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterEach
    void close() {
        scheduler.close();
        server.close();
    }

    private void until(String what, Callable<Boolean> condition) {
        Eventually.until(what, () -> !store.failures().isEmpty() || condition.call());
        if (!store.failures().isEmpty()) {
            throw store.failures().getFirst();
        }
    }

    private void node(String name, String cpu) {
        store.put(
                Resource.NODES,
                KubeObject.of(
                        Transcripts.yaml(
                                ("{metadata: {name: %s}, status: {allocatable: {cpu: '%s', memory:"
                                                + " 8Gi, pods: '50'}}}")
                                        .formatted(name, cpu))));
    }

    private void pod(String name, String cpu, String more) {
        store.put(
                Resource.PODS,
                KubeObject.of(
                        Transcripts.yaml(
                                ("{metadata: {namespace: ns, name: %s}, spec: {schedulerName:"
                                                + " default-scheduler, containers: [{name: c, resources:"
                                                + " {requests: {cpu: '%s'}}}]%s}, status: {phase:"
                                                + " Pending}}")
                                        .formatted(name, cpu, more))));
    }

    private KubeObject pod(String name) {
        return store.get(Resource.PODS, "ns", name);
    }

    private String where(String name) {
        return pod(name).text("spec", "nodeName");
    }

    private List<String> events() {
        return store.list(Resource.EVENTS_V1, "").stream()
                .map(event -> event.text("reason") + ": " + event.text("note"))
                .toList();
    }

    @Test
    void aPodIsBoundAndThatIsTold() {
        node("a", "2");
        pod("p", "1", "");
        until("bound", () -> where("p").equals("a"));
        until("told", () -> events().contains("Scheduled: Successfully assigned ns/p to a"));
    }

    @Test
    void aPodThatFitsNowhereSaysWhyUntilItDoes() {
        node("a", "1");
        pod("p", "2", "");
        until(
                "a condition",
                () ->
                        Json.text(pod("p").condition("PodScheduled"), "reason")
                                .equals("Unschedulable"));
        String message = Json.text(pod("p").condition("PodScheduled"), "message");
        assertThat(message)
                .isEqualTo(
                        "0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate,"
                                + " preemption: 0/1 nodes are available: 1 Preemption is not helpful"
                                + " for scheduling.");
        until("told", () -> events().contains("FailedScheduling: " + message));
        node("b", "4");
        until("bound", () -> where("p").equals("b"));
    }

    @Test
    void withoutNodesThatIsSaid() {
        pod("p", "1", "");
        until(
                "told",
                () -> events().contains("FailedScheduling: no nodes available to schedule pods"));
    }

    @Test
    void gatedForeignAndDeletedPodsAreLeftAlone() {
        node("a", "4");
        pod("gated", "1", ", schedulingGates: [{name: wait}]");
        store.put(
                Resource.PODS,
                KubeObject.of(
                        Transcripts.yaml(
                                "{metadata: {namespace: ns, name: foreign}, spec: {schedulerName:"
                                        + " other}, status: {phase: Pending}}")));
        pod("mine", "1", "");
        until("mine", () -> where("mine").equals("a"));
        assertThat(where("gated")).isEmpty();
        assertThat(where("foreign")).isEmpty();
        store.patch(
                Resource.PODS,
                "ns",
                "gated",
                "",
                Transcripts.yaml("{spec: {schedulingGates: []}}"),
                false);
        until("the gate is open", () -> where("gated").equals("a"));
    }

    @Test
    void anImportantPodTakesThePlaceOfALessImportantOne() {
        node("a", "2");
        pod("low", "2", ", priority: 1");
        until("low", () -> where("low").equals("a"));
        pod("high", "2", ", priority: 100");
        until("nominated", () -> pod("high").text("status", "nominatedNodeName").equals("a"));
        until("on its way out", () -> pod("low").deleting());
        assertThat(Json.text(pod("low").condition("DisruptionTarget"), "message"))
                .isEqualTo("default-scheduler: preempting to accommodate a higher priority pod");
        until(
                "told",
                () ->
                        events().contains(
                                        "Preempted: Preempted by pod "
                                                + pod("high").uid()
                                                + " on node a"));
        store.delete(Resource.PODS, "ns", "low", Json.of("gracePeriodSeconds", 0));
        until("high", () -> where("high").equals("a"));
    }

    /** One of three cores is free, but all are for the pod whose victim is still going. */
    @Test
    void theRoomOfANominatedPodIsKept() {
        node("a", "3");
        pod("low", "2", ", priority: 1");
        until("low", () -> where("low").equals("a"));
        pod("high", "3", ", priority: 100");
        until("nominated", () -> pod("high").text("status", "nominatedNodeName").equals("a"));
        pod("small", "1", ", priority: 1");
        until(
                "small has to wait",
                () ->
                        Json.text(pod("small").condition("PodScheduled"), "message")
                                .startsWith("0/1 nodes are available: 1 Insufficient cpu."));
        store.delete(Resource.PODS, "ns", "low", Json.of("gracePeriodSeconds", 0));
        until("high", () -> where("high").equals("a"));
        assertThat(where("small")).isEmpty();
        store.delete(Resource.PODS, "ns", "high", Json.of("gracePeriodSeconds", 0));
        until("small", () -> where("small").equals("a"));
    }

    @Test
    void theRoomIsFreeWhenTheNominatedPodIsNoMore() {
        node("a", "3");
        pod("low", "2", ", priority: 1");
        until("low", () -> where("low").equals("a"));
        pod("high", "3", ", priority: 100");
        until("nominated", () -> pod("high").text("status", "nominatedNodeName").equals("a"));
        pod("small", "1", ", priority: 1");
        until("small has to wait", () -> pod("small").condition("PodScheduled").isObject());
        store.delete(Resource.PODS, "ns", "high", Json.object());
        until("small", () -> where("small").equals("a"));
    }

    /** Whoever writes a nomination decides, as long as the pod fits there. */
    @Test
    void aNominationFromElsewhereIsFollowed() {
        node("a", "4");
        node("b", "4");
        // Nodes are seen one after the other: wait until this one is.
        pod(
                "filler",
                "3",
                ", affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution:"
                        + " {nodeSelectorTerms: [{matchFields: [{key: metadata.name, operator: In,"
                        + " values: [b]}]}]}}}");
        until("b is known", () -> where("filler").equals("b"));
        pod("p", "1", ", schedulingGates: [{name: wait}]");
        status("p", "{status: {nominatedNodeName: b}}");
        store.patch(
                Resource.PODS,
                "ns",
                "p",
                "",
                Transcripts.yaml("{spec: {schedulingGates: []}}"),
                false);
        until("where it was told to go", () -> where("p").equals("b"));
    }

    private void status(String name, String patch) {
        store.patch(Resource.PODS, "ns", name, "status", Transcripts.yaml(patch), false);
    }

    /** The most important pod gets a node of its own making; others lose their nomination. */
    @Test
    void aMoreImportantPodTakesANomination() {
        node("a", "2");
        pod("low", "1", ", priority: 1");
        pod("lower", "1", ", priority: 0");
        until("both", () -> where("low").equals("a") && where("lower").equals("a"));
        pod("mid", "1", ", priority: 50");
        until("nominated", () -> pod("mid").text("status", "nominatedNodeName").equals("a"));
        until("the least important goes", () -> pod("lower").deleting());
        pod("high", "2", ", priority: 100");
        until("nominated", () -> pod("high").text("status", "nominatedNodeName").equals("a"));
        until("taken back", () -> pod("mid").text("status", "nominatedNodeName").isEmpty());
        until("both go", () -> pod("low").deleting());
        store.delete(Resource.PODS, "ns", "low", Json.of("gracePeriodSeconds", 0));
        store.delete(Resource.PODS, "ns", "lower", Json.of("gracePeriodSeconds", 0));
        until("high", () -> where("high").equals("a"));
        assertThat(where("mid")).isEmpty();
    }

    @Test
    void aBindingThatIsRefusedIsTriedAgain() {
        AtomicInteger refusals = new AtomicInteger(3);
        server.refuse(ask ->
                ask.subresource().equals("binding") && refusals.getAndDecrement() > 0
                        ? ApiException.of(500, Json.of("code", 500, "message", "no"))
                        : null);
        node("a", "2");
        pod("p", "1", "");
        until("bound", () -> where("p").equals("a"));
        assertThat(refusals.get()).isNegative();
        until(
                "told",
                () ->
                        events().contains(
                                        "FailedScheduling: running Bind plugin \"DefaultBinder\":"
                                                + " no"));
    }

    private void storage(Resource resource, String yaml) {
        store.put(resource, KubeObject.of(Transcripts.yaml(yaml)));
    }

    private void lateVolumes() {
        storage(
                Resource.STORAGE_CLASSES,
                "{metadata: {name: late}, provisioner: kubernetes.io/no-provisioner,"
                        + " volumeBindingMode: WaitForFirstConsumer}");
        storage(
                Resource.PERSISTENT_VOLUME_CLAIMS,
                "{metadata: {namespace: ns, name: c}, spec: {storageClassName: late, accessModes:"
                        + " [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}");
        for (String name : List.of("a", "b")) {
            storage(
                    Resource.PERSISTENT_VOLUMES,
                    ("{metadata: {name: v%s}, spec: {storageClassName: late, accessModes:"
                                    + " [ReadWriteOnce], capacity: {storage: 2Gi}, nodeAffinity:"
                                    + " {required: {nodeSelectorTerms: [{matchFields: [{key:"
                                    + " metadata.name, operator: In, values: [%s]}]}]}}}, status:"
                                    + " {phase: Available}}")
                            .formatted(name, name));
        }
    }

    /** The volume of the chosen node is reserved; the pod waits until the claim is bound. */
    @Test
    void aPodBringsItsClaimAVolumeOfItsNode() {
        lateVolumes();
        node("b", "4");
        pod("p", "1", ", volumes: [{name: v, persistentVolumeClaim: {claimName: c}}]");
        until(
                "reserved",
                () ->
                        store.get(Resource.PERSISTENT_VOLUMES, "", "vb")
                                .text("spec", "claimRef", "name")
                                .equals("c"));
        KubeObject volume = store.get(Resource.PERSISTENT_VOLUMES, "", "vb");
        assertThat(volume.annotation("pv.kubernetes.io/bound-by-controller")).isEqualTo("yes");
        assertThat(pod("p").text("status", "nominatedNodeName")).isEqualTo("b");
        assertThat(where("p")).isEmpty();
        store.patch(
                Resource.PERSISTENT_VOLUME_CLAIMS,
                "ns",
                "c",
                "status",
                Transcripts.yaml("{status: {phase: Bound}}"),
                false);
        until("bound", () -> where("p").equals("b"));
        assertThat(pod("p").text("status", "nominatedNodeName")).isEmpty();
        assertThat(
                        store.get(Resource.PERSISTENT_VOLUME_CLAIMS, "ns", "c")
                                .annotation("volume.kubernetes.io/selected-node"))
                .isEmpty();
    }

    @Test
    void aVolumeThatSomebodyElseTookIsNotTakenAgain() {
        lateVolumes();
        AtomicInteger refusals = new AtomicInteger(1);
        server.refuse(ask -> {
            boolean reserves =
                    ask.resource().plural().equals("persistentvolumes")
                            && ask.method().equals("PUT");
            return reserves && refusals.getAndDecrement() > 0
                    ? ApiException.of(409, Json.of("code", 409, "message", "too late"))
                    : null;
        });
        node("a", "4");
        pod("p", "1", ", volumes: [{name: v, persistentVolumeClaim: {claimName: c}}]");
        until(
                "reserved at last",
                () -> store.get(Resource.PERSISTENT_VOLUMES, "", "va").present("spec", "claimRef"));
        until(
                "told",
                () ->
                        events().contains(
                                        "FailedScheduling: running PreBind plugin \"VolumeBinding\":"
                                                + " too late"));
    }

    @Test
    void aBindingWhoseAnswerIsLostHoldsItsPlace() {
        AtomicInteger asked = new AtomicInteger();
        server.refuse(ask -> {
            if (!ask.subresource().equals("binding") || asked.getAndIncrement() > 0) {
                return null;
            }
            server.hold(Resource.PODS);
            store.patch(
                    Resource.PODS,
                    "ns",
                    ask.name(),
                    "",
                    Transcripts.yaml("{spec: {nodeName: a}}"),
                    false);
            return ApiException.of(504, Json.of("code", 504, "message", "no answer in time"));
        });
        pod("p", "2", "");
        pod("q", "2", "");
        node("a", "2");
        until("asked again, and the other told", () -> asked.get() > 1 && told("FailedScheduling"));
        server.release(Resource.PODS);
        until(
                "one is bound",
                () -> !where("p").equals(where("q")) && (where("p") + where("q")).equals("a"));
        assertThat(asked.get()).isEqualTo(2);
    }

    private boolean told(String reason) {
        return events().stream().anyMatch(event -> event.startsWith(reason + ":"));
    }

    /** Pods come and go, bindings fail, watches break: no node ever has more than it can take. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void noNodeIsOvercommitted(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        SplittableRandom faults = random.split();
        server.refuse(ask -> {
            synchronized (faults) {
                return ask.subresource().equals("binding") && faults.nextInt(5) == 0
                        ? ApiException.of(500, Json.of("code", 500, "message", "no"))
                        : null;
            }
        });
        store.observe(change -> {
            if (change.resource().equals(Resource.PODS)) {
                for (KubeObject node : store.list(Resource.NODES, "")) {
                    long used =
                            store.list(Resource.PODS, "ns").stream()
                                    .filter(pod -> pod.text("spec", "nodeName").equals(node.name()))
                                    .mapToLong(SchedulerTest::millis)
                                    .sum();
                    assertThat(used)
                            .as("seed %d: %s", seed, node.name())
                            .isLessThanOrEqualTo(
                                    Quantity.milli(node.at("status", "allocatable", "cpu")));
                }
            }
        });
        for (int i = 0; i < 4; i++) {
            node("n" + i, Integer.toString(random.nextInt(1, 4)));
        }
        for (int i = 0; i < 60; i++) {
            pod("p" + i, random.nextInt(1, 12) + "00m", "");
            if (random.nextInt(4) == 0) {
                server.breakWatches();
            }
            List<KubeObject> bound =
                    store.list(Resource.PODS, "ns").stream()
                            .filter(pod -> !pod.text("spec", "nodeName").isEmpty())
                            .toList();
            if (!bound.isEmpty() && random.nextInt(3) == 0) {
                KubeObject gone = bound.get(random.nextInt(bound.size()));
                store.delete(Resource.PODS, "ns", gone.name(), Json.of("gracePeriodSeconds", 0));
            }
        }
        node("large", "100");
        until(
                "seed " + seed + ": all are bound",
                () ->
                        store.list(Resource.PODS, "ns").stream()
                                .noneMatch(pod -> pod.text("spec", "nodeName").isEmpty()));
    }

    private static long millis(KubeObject pod) {
        return Quantity.milli(
                pod.at("spec", "containers")
                        .path(0)
                        .path("resources")
                        .path("requests")
                        .path("cpu"));
    }
}
