package io.jarnetes.controllermanager.deployment;

import static io.jarnetes.kubeclient.TestObjects.object;
import static io.jarnetes.kubeclient.TestObjects.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** Deployments against imaginary ReplicaSets that do at once what they are told. */
class RolloutTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private KubeObject deployment =
            object(
                    """
                    {'apiVersion': 'apps/v1', 'kind': 'Deployment',
                     'metadata': {'namespace': 'ns', 'name': 'web', 'uid': 'd', 'generation': 1,
                       'annotations': {'note': 'x'}},
                     'spec': {'replicas': 4, 'revisionHistoryLimit': 1,
                       'progressDeadlineSeconds': 600,
                       'selector': {'matchLabels': {'app': 'web'}},
                       'strategy': {'type': 'RollingUpdate',
                         'rollingUpdate': {'maxSurge': '25%', 'maxUnavailable': '25%'}},
                       'template': {'metadata': {'labels': {'app': 'web'}},
                         'spec': {'containers': [{'name': 'c', 'image': 'v1'}]}}}}
                    """);
    private final List<KubeObject> sets = new ArrayList<>();
    private final List<String> log = new ArrayList<>();

    private List<Action> step() {
        List<Action> actions = Rollout.step(deployment, sets, false, NOW);
        for (Action action : actions) {
            switch (action) {
                case Action.Create create -> {
                    ObjectNode tree = create.tree();
                    tree.withObjectProperty("metadata").put("uid", "rs" + sets.size());
                    sets.add(KubeObject.of(tree));
                    log.add("create " + Json.number(0, tree, "spec", "replicas"));
                }
                case Action.Update update -> {
                    replace(KubeObject.of(update.tree()));
                    if (update.from() != update.to()) {
                        log.add("scale " + update.from() + " to " + update.to());
                    }
                }
                case Action.Delete delete -> {
                    sets.removeIf(set -> set.uid().equals(delete.replicaSet().uid()));
                    log.add("delete");
                }
                case Action.Status status -> deployment = KubeObject.of(status.tree());
            }
        }
        return actions;
    }

    private void replace(KubeObject set) {
        sets.replaceAll(other -> other.uid().equals(set.uid()) ? set : other);
    }

    /** All pods of all sets exist, and are available if asked. */
    private void settle(boolean available) {
        for (KubeObject set : List.copyOf(sets)) {
            int size = set.number(0, "spec", "replicas");
            String ready = available ? Integer.toString(size) : "0";
            replace(
                    with(
                            set,
                            "{'status': {'replicas': %d, 'readyReplicas': %s, 'availableReplicas': %s}}"
                                    .formatted(size, ready, ready)));
        }
    }

    private void rollToTheEnd() {
        for (int i = 0; i < 30 && !step().isEmpty(); i++) {
            settle(true);
        }
    }

    private void image(String image) {
        deployment =
                with(
                        deployment,
                        ("{'metadata': {'generation': %d}, 'spec': {'template': {'spec':"
                                        + " {'containers': [{'name': 'c', 'image': '%s'}]}}}}")
                                .formatted(deployment.generation() + 1, image));
    }

    private String condition(String type) {
        return Json.text(deployment.condition(type), "status")
                + " "
                + Json.text(deployment.condition(type), "reason");
    }

    @Test
    void aNewDeploymentGetsOneFullSet() {
        step();
        assertThat(log).containsExactly("create 4");
        KubeObject set = sets.getFirst();
        assertThat(set.name()).matches("web-[bcdfghjklmnpqrstvwxz2456789]{8,10}");
        assertThat(set.labels()).containsKeys("app", "pod-template-hash");
        assertThat(set.annotations())
                .containsEntry("note", "x")
                .containsEntry("deployment.kubernetes.io/revision", "1")
                .containsEntry("deployment.kubernetes.io/desired-replicas", "4")
                .containsEntry("deployment.kubernetes.io/max-replicas", "5");
        assertThat(deployment.annotation("deployment.kubernetes.io/revision")).isEqualTo("1");
        assertThat(condition("Progressing")).isEqualTo("True NewReplicaSetCreated");
        assertThat(condition("Available")).isEqualTo("False MinimumReplicasUnavailable");
        settle(true);
        rollToTheEnd();
        assertThat(condition("Progressing")).isEqualTo("True NewReplicaSetAvailable");
        assertThat(condition("Available")).isEqualTo("True MinimumReplicasAvailable");
        assertThat(step()).isEmpty();
    }

    @Test
    void aRollingUpdateStaysWithinItsBounds() {
        rollToTheEnd();
        log.clear();
        image("v2");
        for (int i = 0; i < 30 && !step().isEmpty(); i++) {
            int size = sets.stream().mapToInt(set -> set.number(0, "spec", "replicas")).sum();
            int available =
                    sets.stream()
                            .mapToInt(set -> set.number(0, "status", "availableReplicas"))
                            .sum();
            assertThat(size).isLessThanOrEqualTo(5);
            assertThat(available).isGreaterThanOrEqualTo(3);
            settle(true);
        }
        assertThat(sets).hasSize(2);
        assertThat(sets.getFirst().number(-1, "spec", "replicas")).isZero();
        assertThat(sets.getLast().number(-1, "spec", "replicas")).isEqualTo(4);
        assertThat(log.getFirst()).isEqualTo("create 1");
        assertThat(deployment.annotation("deployment.kubernetes.io/revision")).isEqualTo("2");
    }

    @Test
    void aRolloutThatNeverBecomesAvailableStopsHalfWay() {
        rollToTheEnd();
        image("broken");
        for (int i = 0; i < 10; i++) {
            step();
            KubeObject old = sets.getFirst();
            settle(false);
            int size = sets.getFirst().number(0, "spec", "replicas");
            replace(
                    with(
                            old,
                            "{'status': {'replicas': %d, 'readyReplicas': %d, 'availableReplicas': %d}}"
                                    .formatted(size, size, size)));
        }
        assertThat(sets.getFirst().number(0, "spec", "replicas")).isEqualTo(3);
        assertThat(sets.getLast().number(0, "spec", "replicas")).isEqualTo(2);
    }

    @Test
    void undoingTakesTheOldSetUpAgainWithANewRevision() {
        rollToTheEnd();
        image("v2");
        rollToTheEnd();
        image("v1");
        rollToTheEnd();
        assertThat(sets).hasSize(2);
        KubeObject first = sets.getFirst();
        assertThat(first.number(0, "spec", "replicas")).isEqualTo(4);
        assertThat(first.annotation("deployment.kubernetes.io/revision")).isEqualTo("3");
        assertThat(first.annotation("deployment.kubernetes.io/revision-history")).isEqualTo("1");
    }

    @Test
    void historyPastTheLimitIsDeleted() {
        rollToTheEnd();
        image("v2");
        rollToTheEnd();
        image("v3");
        rollToTheEnd();
        assertThat(log).contains("delete");
        assertThat(sets)
                .extracting(set -> set.annotation("deployment.kubernetes.io/revision"))
                .containsExactly("2", "3");
    }

    @Test
    void scalingInTheMiddleOfARolloutIsProportional() {
        rollToTheEnd();
        image("v2");
        step();
        settle(true);
        step();
        settle(true);
        int before = sets.getFirst().number(0, "spec", "replicas");
        assertThat(before).isBetween(1, 3);
        deployment = with(deployment, "{'spec': {'replicas': 8}}");
        step();
        int sum = sets.stream().mapToInt(set -> set.number(0, "spec", "replicas")).sum();
        assertThat(sum).isEqualTo(10);
        assertThat(sets.getFirst().number(0, "spec", "replicas")).isGreaterThan(before);
    }

    @Test
    void aPausedDeploymentScalesButDoesNotRoll() {
        rollToTheEnd();
        deployment = with(deployment, "{'spec': {'paused': true, 'replicas': 2}}");
        image("v2");
        rollToTheEnd();
        assertThat(sets).hasSize(1);
        assertThat(sets.getFirst().number(0, "spec", "replicas")).isEqualTo(2);
        assertThat(condition("Progressing")).isEqualTo("Unknown DeploymentPaused");
    }

    @Test
    void recreateWaitsForTheOldPods() {
        deployment =
                with(
                        deployment,
                        "{'spec': {'strategy': {'type': 'Recreate', 'rollingUpdate': null}}}");
        rollToTheEnd();
        image("v2");
        log.clear();
        step();
        assertThat(log).containsExactly("scale 4 to 0");
        assertThat(Rollout.step(deployment, sets, true, NOW))
                .noneMatch(action -> action instanceof Action.Create);
        settle(true);
        step();
        assertThat(log).containsExactly("scale 4 to 0", "create 4");
    }

    @Test
    void aRolloutWithoutProgressTimesOut() {
        step();
        settle(false);
        step();
        Instant late = NOW.plusSeconds(601);
        List<Action> actions = Rollout.step(deployment, sets, false, late);
        assertThat(actions)
                .singleElement()
                .satisfies(action -> deployment = KubeObject.of(((Action.Status) action).tree()));
        assertThat(condition("Progressing")).isEqualTo("False ProgressDeadlineExceeded");
        assertThat(Json.text(deployment.condition("Progressing"), "message"))
                .isEqualTo(
                        "ReplicaSet \"" + sets.getFirst().name() + "\" has timed out progressing.");
    }

    @Test
    void boundsRoundUpAndDown() {
        assertThat(Bounds.of(with(deployment, "{'spec': {'replicas': 10}}")))
                .isEqualTo(new Bounds(10, 3, 2));
        assertThat(
                        Bounds.of(
                                with(
                                        deployment,
                                        "{'spec': {'replicas': 3, 'strategy': {'rollingUpdate':"
                                                + " {'maxSurge': 0, 'maxUnavailable': '10%'}}}}")))
                .isEqualTo(new Bounds(3, 0, 1));
    }
}
