package io.jarnetes.controllermanager.replicaset;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.controllermanager.framework.Pods;
import io.jarnetes.controllermanager.framework.World;
import io.jarnetes.kubeclient.ApiException;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.Resource;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplicaSetControllerTest {

    private World world = new World();

    @BeforeEach
    void begin() {
        world.close();
        world = new World();
    }

    @AfterEach
    void close() {
        world.close();
    }

    private void set(int replicas) {
        world.put(
                Resource.REPLICA_SETS,
                ("{metadata: {namespace: ns, name: web}, spec: {replicas: %d, selector:"
                                + " {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}},"
                                + " spec: {containers: [{name: c}]}}}}")
                        .formatted(replicas));
    }

    private List<KubeObject> active() {
        return world.pods().stream().filter(Pods::active).toList();
    }

    private int status(String field) {
        return world.get(Resource.REPLICA_SETS, "web").number(0, "status", field);
    }

    /**
     * Pods come and go by themselves, are seen late, twice after a broken watch, and writes meet
     * conflicts; the number of pods is never above what was asked for since, and comes to what is
     * asked for.
     */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void theNumberComesRightWhateverHappens(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] most = {0};
        world.store()
                .observe(change -> {
                    if (change.resource().equals(Resource.REPLICA_SETS)) {
                        most[0] = Math.max(most[0], change.object().number(0, "spec", "replicas"));
                    }
                    if (change.type().equals("ADDED") && change.resource().equals(Resource.PODS)) {
                        assertThat(active().size())
                                .as("seed %d", seed)
                                .isLessThanOrEqualTo(most[0]);
                    }
                });
        set(3);
        ApiException conflict =
                ApiException.of(409, Json.of("code", 409, "reason", "Conflict", "message", "old"));
        SplittableRandom faults = random.split();
        world.server()
                .refuse(ask -> {
                    synchronized (faults) {
                        return !ask.method().equals("GET") && faults.nextInt(6) == 0
                                ? conflict
                                : null;
                    }
                });
        world.start(ReplicaSetController::replicaSets);
        for (int step = 0; step < 30; step++) {
            switch (random.nextInt(7)) {
                case 0 ->
                        world.edit(
                                Resource.REPLICA_SETS,
                                "web",
                                "{spec: {replicas: %d}}".formatted(random.nextInt(6)));
                case 1 -> world.server().hold(Resource.PODS);
                case 2 -> world.server().release(Resource.PODS);
                case 3 -> world.server().breakWatches();
                case 4 -> active().stream().findAny().ifPresent(pod -> world.end(pod, "Failed"));
                case 5 ->
                        active().stream()
                                .findFirst()
                                .ifPresent(pod -> world.delete(Resource.PODS, pod.name()));
                default -> world.work();
            }
        }
        int wanted = world.get(Resource.REPLICA_SETS, "web").number(0, "spec", "replicas");
        world.server().release(Resource.PODS);
        world.until(
                "seed " + seed + ": " + wanted + " pods",
                () -> {
                    world.work();
                    return active().size() == wanted
                            && status("readyReplicas") == wanted
                            && status("replicas") == wanted;
                });
    }

    @Test
    void podsThatTheInformerDoesNotShowYetAreNotMadeAgain() {
        set(3);
        world.start(ReplicaSetController::replicaSets);
        world.caughtUp(Resource.REPLICA_SETS);
        world.until("pods", () -> active().size() == 3);
        world.caughtUp(Resource.PODS);
        world.server().hold(Resource.PODS);
        world.edit(Resource.REPLICA_SETS, "web", "{spec: {replicas: 5}}");
        world.until("two more", () -> active().size() == 5);
        world.edit(Resource.REPLICA_SETS, "web", "{metadata: {annotations: {look: again}}}");
        world.caughtUp(Resource.REPLICA_SETS);
        world.server().release(Resource.PODS);
        world.until("counted", () -> status("replicas") == 5);
        assertThat(world.pods()).hasSize(5);
    }

    @Test
    void orphansAreAdoptedAndStrangersReleased() {
        world.put(
                Resource.PODS,
                "{metadata: {namespace: ns, name: orphan, labels: {app: web}}, spec: {}, status:"
                        + " {phase: Running}}");
        world.put(
                Resource.PODS,
                "{metadata: {namespace: ns, name: ended, labels: {app: web}}, spec: {}, status:"
                        + " {phase: Failed}}");
        set(1);
        world.start(ReplicaSetController::replicaSets);
        String uid = world.get(Resource.REPLICA_SETS, "web").uid();
        world.until("adopted", () -> world.get(Resource.PODS, "orphan").controlledBy(uid));
        assertThat(world.get(Resource.PODS, "ended").owners()).isEmpty();
        world.edit(Resource.PODS, "orphan", "{metadata: {labels: {app: other}}}");
        world.until("released", () -> world.get(Resource.PODS, "orphan").owners().isEmpty());
        world.until("another", () -> world.pods().stream().anyMatch(pod -> pod.controlledBy(uid)));
        assertThat(active()).hasSize(2);
    }

    @Test
    void aSetThatIsGoingAdoptsAndMakesNothing() {
        world.put(
                Resource.REPLICA_SETS,
                "{metadata: {namespace: ns, name: web, finalizers: [foregroundDeletion],"
                        + " deletionTimestamp: '2026-01-01T00:00:00Z'}, spec: {replicas: 2, selector:"
                        + " {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}},"
                        + " spec: {}}}}");
        world.put(
                Resource.PODS,
                "{metadata: {namespace: ns, name: orphan, labels: {app: web}}, spec: {}, status:"
                        + " {phase: Running}}");
        world.start(ReplicaSetController::replicaSets);
        world.until("seen", () -> status("observedGeneration") == 1);
        assertThat(world.pods()).hasSize(1);
        assertThat(world.get(Resource.PODS, "orphan").owners()).isEmpty();
    }

    @Test
    void aRefusedPodIsACondition() {
        ApiException quota = ApiException.of(403, Json.of("code", 403, "message", "quota"));
        world.server()
                .refuse(ask ->
                        ask.method().equals("POST") && ask.resource().equals(Resource.PODS)
                                ? quota
                                : null);
        set(10);
        world.start(ReplicaSetController::replicaSets);
        world.until(
                "told",
                () ->
                        world.get(Resource.REPLICA_SETS, "web").conditionTrue("ReplicaFailure")
                                && world.events().contains("FailedCreate: Error creating: quota"));
        world.server().refuse(ask -> null);
        world.until(
                "over",
                () ->
                        active().size() == 10
                                && !world.get(Resource.REPLICA_SETS, "web")
                                        .conditionTrue("ReplicaFailure"));
    }

    @Test
    void controllersOfOldHaveAPlainSelector() {
        world.put(
                Resource.REPLICATION_CONTROLLERS,
                "{metadata: {namespace: ns, name: rc}, spec: {replicas: 2, selector: {app: rc},"
                        + " template: {metadata: {labels: {app: rc}}, spec: {}}}}");
        world.start(ReplicaSetController::replicationControllers);
        world.until(
                "two",
                () ->
                        active().size() == 2
                                && world.get(Resource.REPLICATION_CONTROLLERS, "rc")
                                                .number(0, "status", "replicas")
                                        == 2);
        assertThat(
                        world.get(Resource.REPLICATION_CONTROLLERS, "rc")
                                .present("status", "terminatingReplicas"))
                .isFalse();
        assertThat(world.pods().getFirst().name()).matches("rc-[a-z0-9]{5}");
    }
}
