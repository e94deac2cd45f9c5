package io.jarnetes.controllermanager.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.controllermanager.framework.Pods;
import io.jarnetes.controllermanager.framework.World;
import io.jarnetes.controllermanager.replicaset.ReplicaSetController;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.Resource;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Deployments and ReplicaSets together. */
class DeploymentControllerTest {

    @AutoClose private final World world = new World();

    private void deployment(String strategy) {
        world.put(
                Resource.DEPLOYMENTS,
                ("{metadata: {namespace: ns, name: web}, spec: {replicas: 4, revisionHistoryLimit:"
                                + " 2, progressDeadlineSeconds: 600, selector: {matchLabels: {app: web}},"
                                + " strategy: %s, template: {metadata: {labels: {app: web}}, spec:"
                                + " {containers: [{name: c, image: v1}]}}}}")
                        .formatted(strategy));
    }

    private List<KubeObject> sets() {
        return world.store().list(Resource.REPLICA_SETS, "ns");
    }

    private long serving() {
        return world.pods().stream().filter(pod -> Pods.ready(pod) && Pods.active(pod)).count();
    }

    private void image(String image) {
        world.edit(
                Resource.DEPLOYMENTS,
                "web",
                "{spec: {template: {spec: {containers: [{name: c, image: %s}]}}}}"
                        .formatted(image));
    }

    private boolean rolledOut(String image) {
        world.work();
        KubeObject now = world.get(Resource.DEPLOYMENTS, "web");
        return now.at("status", "observedGeneration").asLong(0) == now.generation()
                && now.number(0, "status", "updatedReplicas") == 4
                && now.number(0, "status", "availableReplicas") == 4
                && world.pods().stream()
                        .allMatch(pod ->
                                pod.at("spec", "containers")
                                        .path(0)
                                        .path("image")
                                        .asString("")
                                        .equals(image));
    }

    @Test
    void aRollingUpdateServesAllTheTime() {
        deployment("{type: RollingUpdate, rollingUpdate: {maxSurge: 1, maxUnavailable: 1}}");
        world.start(DeploymentController::start, ReplicaSetController::replicaSets);
        world.until("v1", () -> rolledOut("v1"));
        world.store()
                .observe(change -> {
                    if (change.resource().equals(Resource.PODS)) {
                        assertThat(serving()).isGreaterThanOrEqualTo(3);
                        assertThat(ReplicaSets.sizes(sets())).isLessThanOrEqualTo(5);
                    }
                });
        image("v2");
        world.until("v2", () -> rolledOut("v2"));
        assertThat(sets()).hasSize(2);
        assertThat(world.get(Resource.DEPLOYMENTS, "web").annotation(ReplicaSets.REVISION))
                .isEqualTo("2");
        assertThat(world.events())
                .anyMatch(event ->
                        event.matches(
                                "ScalingReplicaSet: Scaled up replica set web-[a-z0-9]+ from 0 to"
                                        + " 4"));
        // What a set says of pods that it has just deleted would be counted on the way back.
        world.until(
                "all sets to say what they have",
                () ->
                        sets().stream()
                                .allMatch(set ->
                                        ReplicaSets.available(set) == ReplicaSets.size(set)));
        world.caughtUp(Resource.REPLICA_SETS);
        image("v1");
        world.until("back", () -> rolledOut("v1"));
        assertThat(sets()).hasSize(2);
        assertThat(world.get(Resource.DEPLOYMENTS, "web").annotation(ReplicaSets.REVISION))
                .isEqualTo("3");
    }

    @Test
    void recreatingWaitsForTheLastOldPod() {
        deployment("{type: Recreate}");
        world.start(DeploymentController::start, ReplicaSetController::replicaSets);
        world.until("v1", () -> rolledOut("v1"));
        image("v2");
        world.until(
                "all on their way out", () -> world.pods().stream().allMatch(KubeObject::deleting));
        world.caughtUp(Resource.PODS, Resource.REPLICA_SETS);
        assertThat(world.pods()).hasSize(4);
        world.pods().stream().skip(1).forEach(world::work);
        world.caughtUp(Resource.PODS);
        assertThat(world.pods()).hasSize(1);
        world.until("v2", () -> rolledOut("v2"));
    }

    @Test
    void oldSetsAreDeletedPastTheLimit() {
        deployment("{type: RollingUpdate, rollingUpdate: {maxSurge: 4, maxUnavailable: 0}}");
        world.start(DeploymentController::start, ReplicaSetController::replicaSets);
        for (String image : List.of("v1", "v2", "v3", "v4", "v5")) {
            image(image);
            world.until(image, () -> rolledOut(image));
        }
        world.until("three left", () -> sets().size() == 3);
    }

    @Test
    void aNameThatIsTakenByAnotherTemplateIsAvoided() {
        deployment("{type: Recreate}");
        KubeObject deployment = world.get(Resource.DEPLOYMENTS, "web");
        String hash =
                io.jarnetes.controllermanager.framework.Hashes.template(
                        deployment.at("spec", "template"), 0);
        world.put(
                Resource.REPLICA_SETS,
                ("{metadata: {namespace: ns, name: web-%s}, spec: {replicas: 0, selector:"
                                + " {matchLabels: {app: other}}, template: {metadata: {labels: {app:"
                                + " other}}, spec: {}}}}")
                        .formatted(hash));
        world.start(DeploymentController::start, ReplicaSetController::replicaSets);
        world.until("v1", () -> rolledOut("v1"));
        assertThat(world.get(Resource.DEPLOYMENTS, "web").number(0, "status", "collisionCount"))
                .isEqualTo(1);
        assertThat(sets()).hasSize(2);
    }

    @Test
    void orphanedSetsAreAdopted() {
        deployment("{type: RollingUpdate, rollingUpdate: {maxSurge: 1, maxUnavailable: 1}}");
        world.put(
                Resource.REPLICA_SETS,
                "{metadata: {namespace: ns, name: old, labels: {app: web}}, spec: {replicas: 2,"
                        + " selector: {matchLabels: {app: web, pod-template-hash: x}}, template:"
                        + " {metadata: {labels: {app: web, pod-template-hash: x}}, spec: {containers:"
                        + " [{name: c, image: v0}]}}}}");
        world.start(DeploymentController::start, ReplicaSetController::replicaSets);
        world.until("v1", () -> rolledOut("v1"));
        KubeObject old = world.get(Resource.REPLICA_SETS, "old");
        assertThat(old.controlledBy(world.get(Resource.DEPLOYMENTS, "web").uid())).isTrue();
        assertThat(ReplicaSets.size(old)).isZero();
    }
}
