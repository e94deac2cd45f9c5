package io.jarnetes.node;

import static io.jarnetes.kubeclient.TestObjects.object;
import static io.jarnetes.kubeclient.TestObjects.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class PodLifecycleTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final PodLifecycle.Host HOST =
            new PodLifecycle.Host("192.168.49.3", "10.200.0.2");
    private static final KubeObject POD =
            object(
                    """
                    {'kind': 'Pod', 'metadata': {'namespace': 'ns', 'name': 'p', 'uid': 'u',
                      'generation': 1},
                     'spec': {'restartPolicy': 'Always', 'nodeName': 'n',
                       'initContainers': [{'name': 'i', 'image': 'busybox'},
                         {'name': 's', 'image': 'proxy', 'restartPolicy': 'Always'}],
                       'containers': [{'name': 'c', 'image': 'reg:5000/nginx:1'}]},
                     'status': {'phase': 'Pending', 'conditions': [
                       {'type': 'PodScheduled', 'status': 'True',
                        'lastTransitionTime': '2025-12-31T23:59:59Z'}]}}
                    """);

    private static PodLifecycle.Step step(KubeObject pod, @Nullable Instant deleted, Instant now) {
        return PodLifecycle.step(pod, HOST, deleted, now);
    }

    private static KubeObject after(KubeObject pod, PodLifecycle.Step step) {
        ObjectNode tree = pod.copy();
        tree.set("status", Objects.requireNonNull(step.status()));
        return KubeObject.of(tree);
    }

    private static KubeObject running(KubeObject pod) {
        return after(pod, step(pod, null, NOW));
    }

    @Test
    void aBoundPodRuns() {
        KubeObject pod = running(POD);
        assertThat(pod.text("status", "phase")).isEqualTo("Running");
        assertThat(pod.text("status", "podIP")).isEqualTo("10.200.0.2");
        assertThat(pod.conditionTrue("Ready")).isTrue();
        assertThat(Json.text(pod.condition("PodScheduled"), "lastTransitionTime"))
                .isEqualTo("2025-12-31T23:59:59Z");
        JsonNode container = pod.at("status", "containerStatuses").path(0);
        assertThat(Json.flag(container, "started")).isTrue();
        assertThat(Json.text(container, "imageID")).startsWith("reg:5000/nginx@sha256:");
        JsonNode init = pod.at("status", "initContainerStatuses");
        assertThat(Json.text(init.path(0), "state", "terminated", "reason")).isEqualTo("Completed");
        assertThat(Json.present(init.path(1), "state", "running")).isTrue();
        assertThat(step(pod, null, NOW.plusSeconds(5)).status()).isNull();
    }

    @Test
    void aJobsPodEndsWhenItIsToldTo() {
        KubeObject job =
                with(
                        POD,
                        "{'metadata': {'annotations': {'jarnetes.io/exit-after': '1s'}}, 'spec':"
                                + " {'restartPolicy': 'Never'}}");
        KubeObject pod = running(job);
        assertThat(step(pod, null, NOW).again()).isEqualTo(Duration.ofSeconds(1));
        KubeObject done = after(pod, step(pod, null, NOW.plusSeconds(1)));
        assertThat(done.text("status", "phase")).isEqualTo("Succeeded");
        assertThat(Json.text(done.condition("Ready"), "reason")).isEqualTo("PodCompleted");
        assertThat(step(done, null, NOW.plusSeconds(2)).status()).isNull();
    }

    @Test
    void aJobsPodIsDoneAfterASecond() {
        KubeObject job =
                with(
                        POD,
                        "{'metadata': {'ownerReferences': [{'apiVersion': 'batch/v1', 'kind':"
                                + " 'Job', 'name': 'j', 'uid': 'u', 'controller': true}]},"
                                + " 'spec': {'restartPolicy': 'Never'}}");
        KubeObject pod = running(job);
        assertThat(step(pod, null, NOW).again()).isEqualTo(Duration.ofSeconds(1));
        KubeObject done = after(pod, step(pod, null, NOW.plusSeconds(1)));
        assertThat(done.text("status", "phase")).isEqualTo("Succeeded");
        KubeObject longer =
                running(
                        with(
                                job,
                                "{'metadata': {'annotations': {'jarnetes.io/exit-after': '1h'}}}"));
        assertThat(step(longer, null, NOW).again()).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void aFailingContainerStartsAgain() {
        KubeObject pod =
                running(
                        with(
                                POD,
                                "{'metadata': {'annotations': {'jarnetes.io/exit-after': '1s',"
                                        + " 'jarnetes.io/exit-code': '3'}}}"));
        KubeObject again = after(pod, step(pod, null, NOW.plusSeconds(1)));
        JsonNode container = again.at("status", "containerStatuses").path(0);
        assertThat(Json.number(0, container, "restartCount")).isEqualTo(1);
        assertThat(Json.number(0, container, "lastState", "terminated", "exitCode")).isEqualTo(3);
        KubeObject never = with(pod, "{'spec': {'restartPolicy': 'Never'}}");
        assertThat(after(never, step(never, null, NOW.plusSeconds(1))).text("status", "phase"))
                .isEqualTo("Failed");
    }

    @Test
    void aDeletedPodEndsAndGoes() {
        KubeObject pod =
                with(
                        running(POD),
                        "{'metadata': {'deletionTimestamp': '2026-01-01T00:00:30Z',"
                                + " 'deletionGracePeriodSeconds': 30}}");
        PodLifecycle.Step first = step(pod, NOW, NOW);
        assertThat(first.remove()).isFalse();
        assertThat(first.again()).isNotNull();
        PodLifecycle.Step last = step(pod, NOW, NOW.plusMillis(PodLifecycle.TERMINATION_MILLIS));
        assertThat(last.remove()).isTrue();
        assertThat(after(pod, last).text("status", "phase")).isEqualTo("Succeeded");
    }

    @Test
    void readinessGatesAreWaitedFor() {
        KubeObject gated =
                with(POD, "{'spec': {'readinessGates': [{'conditionType': 'lb/ready'}]}}");
        KubeObject pod = running(gated);
        assertThat(pod.conditionTrue("Ready")).isFalse();
        ObjectNode open = pod.copy();
        open.withObjectProperty("status")
                .withArrayProperty("conditions")
                .add(Json.of("type", "lb/ready", "status", "True"));
        KubeObject opened = KubeObject.of(open);
        assertThat(after(opened, step(opened, null, NOW.plusSeconds(3))).conditionTrue("Ready"))
                .isTrue();
    }
}
