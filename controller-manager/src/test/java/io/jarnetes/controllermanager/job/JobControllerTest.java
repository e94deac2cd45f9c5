package io.jarnetes.controllermanager.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.controllermanager.framework.World;
import io.jarnetes.kubeclient.ApiException;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.Resource;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobControllerTest {

    @AutoClose private final World world = new World();

    private void job(String spec) {
        world.put(
                Resource.JOBS,
                ("{metadata: {namespace: ns, name: j}, spec: {selector: {matchLabels: {job: j}},"
                                + " template: {metadata: {labels: {job: j}}, spec: {containers:"
                                + " [{name: c, image: i}]}}, %s}}")
                        .formatted(spec));
    }

    private int status(String field) {
        return world.get(Resource.JOBS, "j").number(0, "status", field);
    }

    private boolean over(String condition) {
        return world.get(Resource.JOBS, "j").conditionTrue(condition);
    }

    private long active() {
        return world.pods().stream().filter(pod -> !pod.deleting()).count();
    }

    private void finish(String phase) {
        world.pods().stream()
                .filter(pod -> !pod.deleting() && pod.text("status", "phase").equals("Running"))
                .forEach(pod -> world.end(pod, phase));
    }

    /** Whatever is seen late: never more pods than wanted, and each counted once. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void everyPodIsCountedOnceHoweverLateItIsSeen(long seed) {
        AtomicInteger created = new AtomicInteger();
        world.store()
                .observe(change -> {
                    if (change.resource().equals(Resource.PODS) && change.type().equals("ADDED")) {
                        created.incrementAndGet();
                    }
                    if (change.resource().equals(Resource.JOBS)) {
                        int ended = change.object().number(0, "status", "succeeded");
                        assertThat(ended).isLessThanOrEqualTo(created.get());
                    }
                });
        job("completions: 6, parallelism: 2, backoffLimit: 6");
        world.start(JobController::start);
        Resource late = seed == 1 ? Resource.JOBS : Resource.PODS;
        world.until(
                "the end",
                () -> {
                    world.server().hold(late);
                    world.work();
                    finish("Succeeded");
                    if (seed == 3) {
                        world.server().breakWatches();
                    }
                    world.server().release(late);
                    return over("Complete");
                });
        assertThat(created).hasValue(6);
        assertThat(status("succeeded")).isEqualTo(6);
        world.until(
                "no finalizers",
                () -> world.pods().stream().noneMatch(pod -> !pod.finalizers().isEmpty()));
        assertThat(world.pods()).hasSize(6);
    }

    @Test
    void aJobWhoseStatusIsSeenLateMakesNoPodTooMany() {
        job("completions: 1, parallelism: 1");
        world.start(JobController::start);
        world.until("a pod", () -> world.pods().size() == 1 && status("active") == 1);
        world.caughtUp(Resource.JOBS, Resource.PODS);
        world.server().hold(Resource.JOBS);
        world.end(world.pods().getFirst(), "Succeeded");
        world.until("freed", () -> world.pods().getFirst().finalizers().isEmpty());
        world.caughtUp(Resource.PODS);
        // What would wake the controller has been seen; now it must not have acted on it.
        world.edit(
                Resource.PODS,
                world.pods().getFirst().name(),
                "{metadata: {annotations: {seen: again}}}");
        world.caughtUp(Resource.PODS);
        world.server().release(Resource.JOBS);
        world.until("the end", () -> over("Complete"));
        assertThat(world.pods()).hasSize(1);
    }

    @Test
    void podsOfAJobThatIsGoneAreFreed() {
        job("completions: 2, parallelism: 2");
        world.start(JobController::start);
        world.until("pods", () -> world.pods().size() == 2);
        world.work();
        world.caughtUp(Resource.PODS);
        world.delete(Resource.JOBS, "j");
        // As the garbage collector would.
        world.pods().forEach(pod -> world.delete(Resource.PODS, pod.name()));
        world.until(
                "nothing left",
                () -> {
                    world.work();
                    return world.pods().isEmpty();
                });
    }

    @Test
    void podsThatWereOrphanedAreFreed() {
        job("completions: 1, parallelism: 1");
        world.start(JobController::start);
        world.until("a pod", () -> world.pods().size() == 1);
        KubeObject pod = world.pods().getFirst();
        world.caughtUp(Resource.PODS);
        world.delete(Resource.JOBS, "j");
        world.edit(Resource.PODS, pod.name(), "{metadata: {ownerReferences: []}}");
        world.until("freed", () -> world.pods().getFirst().finalizers().isEmpty());
        assertThat(world.pods()).hasSize(1);
    }

    @Test
    void aMatchingOrphanIsAdoptedAndTracked() {
        world.put(
                Resource.PODS,
                "{metadata: {namespace: ns, name: orphan, labels: {job: j}}, spec: {}, status:"
                        + " {phase: Running}}");
        job("completions: 1, parallelism: 1");
        world.start(JobController::start);
        world.until("adopted", () -> world.get(Resource.PODS, "orphan").finalizers().size() == 1);
        KubeObject pod = world.get(Resource.PODS, "orphan");
        assertThat(pod.controlledBy(world.get(Resource.JOBS, "j").uid())).isTrue();
        world.end(pod, "Succeeded");
        world.until("the end", () -> over("Complete"));
        assertThat(status("succeeded")).isEqualTo(1);
    }

    @Test
    void aFailureIsReplacedAfterItsBackOff() {
        job("completions: 1, parallelism: 1, backoffLimit: 1");
        world.start(JobController::start);
        world.until("a pod", () -> world.pods().size() == 1);
        world.end(world.pods().getFirst(), "Failed");
        world.until("counted", () -> status("failed") == 1);
        assertThat(world.pods()).hasSize(1);
        world.clock().advance(Duration.ofSeconds(11));
        world.edit(Resource.JOBS, "j", "{metadata: {annotations: {look: again}}}");
        world.until("another", () -> world.pods().size() == 2);
        world.pods().forEach(pod -> world.end(pod, "Failed"));
        world.until("failure", () -> over("Failed"));
        assertThat(status("failed")).isEqualTo(2);
        world.until(
                "told",
                () ->
                        world.events()
                                .contains(
                                        "BackoffLimitExceeded: Job has reached the specified"
                                                + " backoff limit"));
    }

    @Test
    void refusedPodsAreToldAndTriedAgain() {
        ApiException quota =
                ApiException.of(403, Json.of("code", 403, "message", "exceeded quota"));
        world.server()
                .refuse(ask ->
                        ask.method().equals("POST") && ask.resource().equals(Resource.PODS)
                                ? quota
                                : null);
        job("completions: 3, parallelism: 3");
        world.start(JobController::start);
        world.until(
                "told",
                () -> world.events().contains("FailedCreate: Error creating: exceeded quota"));
        world.server().refuse(ask -> null);
        world.until("pods", () -> active() == 3);
    }

    @Test
    void conflictsAreTriedAgain() {
        AtomicInteger conflicts = new AtomicInteger(5);
        ApiException conflict =
                ApiException.of(409, Json.of("code", 409, "reason", "Conflict", "message", "old"));
        world.server()
                .refuse(ask ->
                        ask.subresource().equals("status") && conflicts.getAndDecrement() > 0
                                ? conflict
                                : null);
        job("completions: 2, parallelism: 2");
        world.start(JobController::start);
        world.until(
                "the end",
                () -> {
                    world.work();
                    finish("Succeeded");
                    return over("Complete");
                });
        assertThat(conflicts).hasNegativeValue();
        assertThat(world.pods()).hasSize(2);
    }

    @Test
    void aJobOfAnotherControllerIsLeftAlone() {
        job("completions: 1, parallelism: 1, managedBy: example.com/other");
        world.put(
                Resource.JOBS,
                "{metadata: {namespace: ns, name: mine}, spec: {completions: 1, parallelism: 1,"
                        + " selector: {matchLabels: {job: mine}}, template: {metadata: {labels: {job:"
                        + " mine}}, spec: {containers: []}}}}");
        world.start(JobController::start);
        world.until("mine", () -> !world.pods().isEmpty());
        assertThat(world.pods()).hasSize(1);
        assertThat(world.get(Resource.JOBS, "j").present("status")).isFalse();
    }

    @Test
    void anIndexIsInNameLabelAnnotationHostAndEnvironment() {
        job("completionMode: Indexed, completions: 1, parallelism: 1, backoffLimitPerIndex: 1");
        world.start(JobController::start);
        world.until("a pod", () -> world.pods().size() == 1);
        KubeObject pod = world.pods().getFirst();
        assertThat(pod.name()).matches("j-0-[a-z0-9]{5}");
        assertThat(pod.label(JobPods.INDEX)).isEqualTo("0");
        assertThat(pod.annotations())
                .containsEntry(JobPods.INDEX, "0")
                .containsEntry(JobIndexes.FAILURES, "0")
                .doesNotContainKey(JobIndexes.IGNORED);
        assertThat(pod.text("spec", "hostname")).isEqualTo("j-0");
        assertThat(pod.at("spec", "containers").path(0).path("env").path(0).toString())
                .isEqualTo(
                        "{\"name\":\"JOB_COMPLETION_INDEX\",\"valueFrom\":{\"fieldRef\":"
                                + "{\"fieldPath\":\"metadata.labels["
                                + "'batch.kubernetes.io/job-completion-index']\"}}}");
    }
}
