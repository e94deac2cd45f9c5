package io.jarnetes.controllermanager.disruption;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.controllermanager.framework.World;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.Resource;
import io.jarnetes.kubeclient.TestObjects;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class DisruptionControllerTest {

    @AutoClose private final World world = new World();

    private void budget(String spec) {
        world.put(
                Resource.POD_DISRUPTION_BUDGETS,
                ("{metadata: {namespace: ns, name: b}, spec: {selector: {matchLabels: {app: web}},"
                                + " %s}}")
                        .formatted(spec));
        world.start(DisruptionController::start);
    }

    private void pods(int ready, int unready, String owner) {
        for (int i = 0; i < ready + unready; i++) {
            world.put(
                    Resource.PODS,
                    ("{metadata: {namespace: ns, name: p%d, labels: {app: web}, ownerReferences:"
                                    + " [%s]}, status: {phase: Running, conditions: [{type: Ready,"
                                    + " status: '%s'}]}}")
                            .formatted(i, owner, i < ready ? "True" : "False"));
        }
    }

    private String status() {
        KubeObject budget = world.get(Resource.POD_DISRUPTION_BUDGETS, "b");
        return "%d of %d healthy, %d wanted, %d allowed, %s"
                .formatted(
                        budget.number(0, "status", "currentHealthy"),
                        budget.number(0, "status", "expectedPods"),
                        budget.number(0, "status", "desiredHealthy"),
                        budget.number(0, "status", "disruptionsAllowed"),
                        Json.text(budget.condition("DisruptionAllowed"), "reason"));
    }

    private void says(String status) {
        world.until(status, () -> status().equals(status));
    }

    @Test
    void aNumberNeedsNoController() {
        pods(3, 1, "");
        budget("minAvailable: 2");
        says("3 of 4 healthy, 2 wanted, 1 allowed, SufficientPods");
        world.delete(Resource.PODS, "p0");
        says("2 of 3 healthy, 2 wanted, 0 allowed, InsufficientPods");
    }

    @Test
    void aShareIsOfWhatTheDeploymentAsksFor() {
        world.put(
                Resource.DEPLOYMENTS,
                "{metadata: {namespace: ns, name: d, uid: d}, spec: {replicas: 10}}");
        world.put(
                Resource.REPLICA_SETS,
                "{metadata: {namespace: ns, name: rs, uid: rs, ownerReferences: [{apiVersion: apps/v1,"
                        + " kind: Deployment, name: d, uid: d, controller: true}]}, spec: {replicas:"
                        + " 4}}");
        pods(4, 0, "{apiVersion: apps/v1, kind: ReplicaSet, name: rs, uid: rs, controller: true}");
        budget("maxUnavailable: 70%");
        says("4 of 10 healthy, 3 wanted, 1 allowed, SufficientPods");
    }

    @Test
    void podsWithoutAControllerAreNotCounted() {
        pods(3, 0, "");
        budget("maxUnavailable: 1");
        says("3 of 0 healthy, 0 wanted, 0 allowed, InsufficientPods");
        world.until(
                "told",
                () -> world.events().stream().anyMatch(event -> event.startsWith("UnmanagedPods")));
    }

    @Test
    void whatCannotBeCountedMayNotBeDisrupted() {
        pods(3, 0, "{apiVersion: example.com/v1, kind: Crew, name: c, uid: c, controller: true}");
        budget("maxUnavailable: 1");
        says("0 of 0 healthy, 0 wanted, 0 allowed, SyncFailed");
        world.until(
                "told",
                () ->
                        world.events().stream()
                                .anyMatch(event ->
                                        event.startsWith("CalculateExpectedPodCountFailed")));
    }

    @Test
    void aBudgetOfNothingSaysSo() {
        budget("minAvailable: 1");
        says("0 of 0 healthy, 1 wanted, 0 allowed, InsufficientPods");
        world.until("told", () -> world.events().contains("NoPods: No matching pods found"));
    }

    /** The arithmetic, against the words of the documentation. */
    @Test
    void isWhatTheDocumentationSays() {
        Instant now = Instant.parse("2026-01-01T00:00:30Z");
        for (long seed = 0; seed < 2000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int expected = random.nextInt(0, 12);
            int there = random.nextInt(0, 12);
            List<KubeObject> pods = new ArrayList<>();
            int healthy = 0;
            for (int i = 0; i < there; i++) {
                boolean ready = random.nextBoolean();
                boolean deleting = random.nextInt(4) == 0;
                healthy += ready && !deleting ? 1 : 0;
                KubeObject pod = TestObjects.pod("p" + i);
                pod = ready ? pod : TestObjects.with(pod, "{'status': {'conditions': []}}");
                pods.add(
                        deleting
                                ? TestObjects.with(
                                        pod,
                                        "{'metadata': {'deletionTimestamp':"
                                                + " '2026-01-01T00:00:00Z'}}")
                                : pod);
            }
            boolean least = random.nextBoolean();
            boolean share = random.nextBoolean();
            int value = share ? random.nextInt(0, 101) : random.nextInt(0, 12);
            int scaled = share ? -Math.floorDiv(-value * expected, 100) : value;
            int wanted = least ? scaled : Math.max(0, expected - scaled);
            int allowed = expected <= 0 ? 0 : Math.max(0, healthy - wanted);
            KubeObject budget =
                    TestObjects.object(
                            "{'metadata': {'generation': 3}, 'spec': {'%s': %s}}"
                                    .formatted(
                                            least ? "minAvailable" : "maxUnavailable",
                                            share ? "'" + value + "%'" : value));
            var status =
                    BudgetStatus.of(budget, BudgetStatus.count(budget, pods, expected, now), now);
            assertThat(Json.number(-1, status, "disruptionsAllowed"))
                    .as("seed %d: %s", seed, budget.at("spec"))
                    .isEqualTo(allowed);
            assertThat(Json.number(-1, status, "currentHealthy")).isEqualTo(healthy);
            assertThat(Json.number(-1, status, "desiredHealthy")).isEqualTo(wanted);
            assertThat(Json.number(-1, status, "observedGeneration")).isEqualTo(3);
        }
    }
}
