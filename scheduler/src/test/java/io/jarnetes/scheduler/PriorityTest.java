package io.jarnetes.scheduler;

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
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A full cluster, pods of all priorities, a kubelet that lets victims go when it likes: in the end
 * the important ones run, and nothing is left that says otherwise.
 */
class PriorityTest {

    private static final int CORES = 4;
    private static final int NODES = 3;

    private final FakeStore store = new FakeStore(Clock.systemUTC(), 1);

    private List<KubeObject> pods() {
        return store.list(Resource.PODS, "ns");
    }

    private static int cores(KubeObject pod) {
        return pod.at("spec", "containers")
                .path(0)
                .path("resources")
                .path("requests")
                .path("cpu")
                .asInt();
    }

    private static int priority(KubeObject pod) {
        return pod.number(0, "spec", "priority");
    }

    private static String node(KubeObject pod) {
        return pod.text("spec", "nodeName");
    }

    private void pod(int number, SplittableRandom random) {
        store.put(
                Resource.PODS,
                KubeObject.of(
                        Transcripts.yaml(
                                ("{metadata: {namespace: ns, name: p%d}, spec: {schedulerName:"
                                                + " default-scheduler, priority: %d, containers: [{name: c,"
                                                + " resources: {requests: {cpu: %d}}}]}, status: {phase:"
                                                + " Pending}}")
                                        .formatted(
                                                number,
                                                random.nextInt(5),
                                                random.nextInt(1, CORES + 1)))));
    }

    /** The kubelets: one victim is gone for good. */
    private boolean letGo(SplittableRandom random) {
        List<KubeObject> going = pods().stream().filter(KubeObject::deleting).toList();
        if (going.isEmpty()) {
            return false;
        }
        KubeObject one = going.get(random.nextInt(going.size()));
        store.delete(Resource.PODS, "ns", one.name(), Json.of("gracePeriodSeconds", 0));
        return true;
    }

    private int free(String node) {
        return CORES
                - pods().stream()
                        .filter(pod -> node(pod).equals(node))
                        .mapToInt(PriorityTest::cores)
                        .sum();
    }

    /** Whether a pod could have the place of less important ones, or a free one. */
    private boolean wronged(KubeObject pod) {
        for (int i = 0; i < NODES; i++) {
            String node = "n" + i;
            int room =
                    free(node)
                            + pods().stream()
                                    .filter(other -> node(other).equals(node))
                                    .filter(other -> priority(other) < priority(pod))
                                    .mapToInt(PriorityTest::cores)
                                    .sum();
            if (room >= cores(pod)) {
                return true;
            }
        }
        return false;
    }

    private boolean settled() {
        return pods().stream()
                .allMatch(pod ->
                        !pod.deleting()
                                && pod.text("status", "nominatedNodeName").isEmpty()
                                && (!node(pod).isEmpty() || !wronged(pod)));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void theImportantRun(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        SplittableRandom faults = random.split();
        try (FakeApiServer server =
                        new FakeApiServer(store, List.of(Resource.PODS, Resource.NODES));
                Scheduler scheduler =
                        Scheduler.start(
                                SchedulerConfig.of(server.config(), "host_id")
                                        .alone()
                                        .withBackoff(Duration.ofMillis(5), Duration.ofMillis(50)),
                                Log.none())) {
            server.refuse(ask -> {
                synchronized (faults) {
                    return ask.subresource().equals("binding") && faults.nextInt(6) == 0
                            ? ApiException.of(500, Json.of("code", 500, "message", "no"))
                            : null;
                }
            });
            store.observe(change -> {
                for (int i = 0; i < NODES; i++) {
                    assertThat(free("n" + i)).as("seed %d", seed).isNotNegative();
                }
            });
            for (int i = 0; i < NODES; i++) {
                store.put(
                        Resource.NODES,
                        KubeObject.of(
                                Transcripts.yaml(
                                        ("{metadata: {name: n%d}, status: {allocatable: {cpu: %d,"
                                                        + " memory: 8Gi, pods: 50}}}")
                                                .formatted(i, CORES))));
            }
            for (int i = 0; i < 25; i++) {
                pod(i, random);
                if (random.nextInt(4) == 0) {
                    letGo(random);
                }
                if (random.nextInt(6) == 0) {
                    server.breakWatches();
                }
            }
            Eventually.until(
                    "seed " + seed + ": nobody is wronged",
                    () -> {
                        if (!store.failures().isEmpty()) {
                            throw store.failures().getFirst();
                        }
                        return !letGo(random) && settled();
                    });
            assertThat(scheduler.lost()).isNotDone();
        }
    }
}
