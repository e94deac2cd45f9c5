package io.jarnetes.controllermanager.daemonset;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.controllermanager.framework.Revisions;
import io.jarnetes.controllermanager.framework.World;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.Resource;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DaemonSetControllerTest {

    @AutoClose private final World world = new World();

    private void begin(int nodes) {
        for (int i = 0; i < nodes; i++) {
            world.put(Resource.NODES, "{metadata: {name: node-%d}}".formatted(i));
        }
        world.put(
                Resource.DAEMON_SETS,
                "{metadata: {namespace: ns, name: agent, annotations: {note: x}}, spec: {selector:"
                        + " {matchLabels: {app: agent}}, updateStrategy: {type: RollingUpdate,"
                        + " rollingUpdate: {maxUnavailable: 1, maxSurge: 0}}, template: {metadata:"
                        + " {labels: {app: agent}}, spec: {containers: [{name: c, image: v1}]}}}}");
    }

    /** The scheduler binds a daemon to the node that its affinity names. */
    private void bind() {
        for (KubeObject pod : world.pods()) {
            if (pod.text("spec", "nodeName").isEmpty()) {
                world.edit(
                        Resource.PODS,
                        pod.name(),
                        "{spec: {nodeName: %s}}".formatted(DaemonPlan.node(pod)));
            }
        }
        world.pods().stream()
                .filter(pod -> !pod.text("spec", "nodeName").isEmpty())
                .forEach(world::work);
    }

    private boolean settled(int nodes, String image) {
        bind();
        KubeObject set = world.get(Resource.DAEMON_SETS, "agent");
        return set.number(0, "status", "numberAvailable") == nodes
                && set.number(0, "status", "updatedNumberScheduled") == nodes
                && set.at("status", "observedGeneration").asLong(0) == set.generation()
                && world.pods().size() == nodes
                && world.pods().stream()
                        .allMatch(pod ->
                                Json.text(pod.at("spec", "containers").path(0), "image")
                                        .equals(image));
    }

    @Test
    void everyNodeGetsAPodThatIsPinnedToIt() {
        begin(2);
        world.start(DaemonSetController::start);
        world.until("two", () -> settled(2, "v1"));
        KubeObject pod = world.pods().getFirst();
        KubeObject revision = world.store().list(Resource.CONTROLLER_REVISIONS, "ns").getFirst();
        assertThat(revision.annotations()).containsEntry("note", "x");
        assertThat(revision.name()).isEqualTo("agent-" + revision.label(Revisions.HASH_LABEL));
        assertThat(pod.label(Revisions.HASH_LABEL)).isEqualTo(revision.label(Revisions.HASH_LABEL));
        assertThat(pod.labels()).doesNotContainKey("pod-template-generation");
        assertThat(pod.at("spec", "tolerations")).hasSize(6);
        world.put(Resource.NODES, "{metadata: {name: node-2}}");
        world.until("three", () -> settled(3, "v1"));
        world.edit(Resource.NODES, "node-0", "{spec: {taints: [{key: k, effect: NoExecute}]}}");
        world.until("two again", () -> settled(2, "v1"));
    }

    /** The API server counts templates; who doesn't know its count says nothing. */
    @ParameterizedTest
    @CsvSource({"7, 7", "007, 7", "seven, ''"})
    void theTemplatesGenerationIsWhatTheSetSays(String annotation, String label) {
        begin(1);
        world.edit(
                Resource.DAEMON_SETS,
                "agent",
                "{metadata: {annotations: {deprecated.daemonset.template.generation: '%s'}}}"
                        .formatted(annotation));
        world.start(DaemonSetController::start);
        world.until("one", () -> world.pods().size() == 1);
        assertThat(world.pods().getFirst().label("pod-template-generation")).isEqualTo(label);
        KubeObject revision = world.store().list(Resource.CONTROLLER_REVISIONS, "ns").getFirst();
        assertThat(revision.annotation("deprecated.daemonset.template.generation"))
                .isEqualTo(annotation);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void thereIsNeverMoreThanOnePodOnANodeHoweverLateItIsSeen(long seed) {
        world.store()
                .observe(change -> {
                    if (change.resource().equals(Resource.PODS) && change.type().equals("ADDED")) {
                        List<String> nodes =
                                world.pods().stream()
                                        .filter(pod -> !pod.deleting())
                                        .map(DaemonPlan::node)
                                        .toList();
                        assertThat(nodes).doesNotHaveDuplicates();
                    }
                });
        begin(5);
        world.start(DaemonSetController::start);
        world.server().hold(Resource.PODS);
        for (int i = 0; i < 10; i++) {
            world.edit(
                    Resource.NODES,
                    "node-" + i % 5,
                    "{metadata: {labels: {look: '%d'}}}".formatted(i + seed));
        }
        world.caughtUp(Resource.NODES);
        world.server().release(Resource.PODS);
        world.until("five", () -> settled(5, "v1"));
    }

    @Test
    void anUpdateTakesOneNodeAtATime() {
        begin(3);
        world.start(DaemonSetController::start);
        world.until("v1", () -> settled(3, "v1"));
        world.store()
                .observe(change -> {
                    if (change.resource().equals(Resource.PODS)) {
                        assertThat(
                                        world.pods().stream()
                                                .filter(pod ->
                                                        pod.conditionTrue("Ready")
                                                                && !pod.deleting())
                                                .count())
                                .isGreaterThanOrEqualTo(2);
                    }
                });
        world.edit(
                Resource.DAEMON_SETS,
                "agent",
                "{spec: {template: {spec: {containers: [{name: c, image: v2}]}}}}");
        world.until("v2", () -> settled(3, "v2"));
        assertThat(world.store().list(Resource.CONTROLLER_REVISIONS, "ns")).hasSize(2);
    }
}
