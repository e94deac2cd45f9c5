package io.jarnetes.controllermanager.job;

import static io.jarnetes.kubeclient.TestObjects.object;
import static io.jarnetes.kubeclient.TestObjects.pod;
import static io.jarnetes.kubeclient.TestObjects.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** Jobs with imaginary pods. */
class JobPlanTest {

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private KubeObject job =
            object(
                    "{'kind': 'Job', 'metadata': {'namespace': 'ns', 'name': 'j'}, 'spec':"
                            + " {'completions': 3, 'parallelism': 2, 'backoffLimit': 1}}");
    private final List<KubeObject> pods = new ArrayList<>();
    private int made;

    private JobPlan.Decision step() {
        JobPlan.Decision decision = JobPlan.decide(job, pods, true, now);
        ObjectNode tree = job.copy();
        tree.set("status", decision.status());
        job = KubeObject.of(tree);
        for (KubeObject released : decision.release()) {
            pods.replaceAll(other ->
                    other.uid().equals(released.uid())
                            ? with(other, "{'metadata': {'finalizers': []}}")
                            : other);
        }
        pods.removeAll(decision.delete());
        for (int index : decision.create()) {
            pods.add(
                    with(
                            pod("p" + made++),
                            ("{'metadata': {'finalizers': ['batch.kubernetes.io/job-tracking'],"
                                            + " 'annotations':"
                                            + " {'batch.kubernetes.io/job-completion-index':"
                                            + " '%s'}}}")
                                    .formatted(index < 0 ? "" : index)));
        }
        return decision;
    }

    private void end(String phase) {
        pods.replaceAll(other ->
                other.text("status", "phase").equals("Running")
                        ? with(
                                other,
                                "{'status': {'phase': '%s', 'conditions': []}}".formatted(phase))
                        : other);
    }

    private int status(String field) {
        return job.number(0, "status", field);
    }

    @Test
    void threePodsTwoAtATime() {
        assertThat(step().create()).hasSize(2);
        end("Succeeded");
        assertThat(step().create()).hasSize(1);
        step();
        assertThat(status("succeeded")).isEqualTo(2);
        end("Succeeded");
        step();
        step();
        assertThat(status("succeeded")).isEqualTo(3);
        step();
        assertThat(JobPlan.finished(job)).isTrue();
        assertThat(job.present("status", "completionTime")).isTrue();
        assertThat(job.at("status", "uncountedTerminatedPods")).isEmpty();
    }

    @Test
    void aFailureIsTriedAgainLaterAndThenTheJobFails() {
        step();
        end("Failed");
        now = now.plusSeconds(1);
        step();
        JobPlan.Decision waiting = step();
        assertThat(JobPlan.finished(job)).isTrue();
        assertThat(waiting.create()).isEmpty();
        assertThat(Json.text(job.condition("Failed"), "reason")).isEqualTo("BackoffLimitExceeded");
    }

    @Test
    void aPodIsCountedOnce() {
        step();
        end("Succeeded");
        step();
        assertThat(Json.list(job.tree(), "status", "uncountedTerminatedPods", "succeeded"))
                .hasSize(2);
        assertThat(status("succeeded")).isZero();
        step();
        step();
        assertThat(status("succeeded")).isEqualTo(2);
    }

    @Test
    void indexesAreEachDoneOnce() {
        job = with(job, "{'spec': {'completionMode': 'Indexed', 'parallelism': 3}}");
        assertThat(step().create()).containsExactly(0, 1, 2);
        end("Succeeded");
        step();
        step();
        assertThat(job.text("status", "completedIndexes")).isEqualTo("0-2");
    }

    @Test
    void aSuspendedJobHasNoPods() {
        step();
        job = with(job, "{'spec': {'suspend': true}}");
        assertThat(step().delete()).hasSize(2);
        assertThat(job.conditionTrue("Suspended")).isTrue();
        assertThat(job.present("status", "startTime")).isFalse();
        job = with(job, "{'spec': {'suspend': false}}");
        assertThat(step().create()).hasSize(2);
        assertThat(job.conditionTrue("Suspended")).isFalse();
    }

    @Test
    void aJobPastItsDeadlineFails() {
        job = with(job, "{'spec': {'activeDeadlineSeconds': 10}}");
        assertThat(step().again()).isEqualTo(java.time.Duration.ofSeconds(10));
        now = now.plusSeconds(10);
        assertThat(step().delete()).hasSize(2);
        step();
        assertThat(Json.text(job.condition("Failed"), "reason")).isEqualTo("DeadlineExceeded");
    }
}
