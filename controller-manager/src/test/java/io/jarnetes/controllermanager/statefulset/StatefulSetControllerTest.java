package io.jarnetes.controllermanager.statefulset;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.controllermanager.framework.Pods;
import io.jarnetes.controllermanager.framework.Revisions;
import io.jarnetes.controllermanager.framework.World;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.OwnerReference;
import io.jarnetes.kubeclient.Resource;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class StatefulSetControllerTest {

    private static final String TEMPLATE =
            "{metadata: {labels: {app: db}}, spec: {containers: [{name: c, image: %s}]}}";

    @AutoClose private final World world = new World();

    private void set(String spec) {
        world.put(
                Resource.STATEFUL_SETS,
                ("{metadata: {namespace: ns, name: db}, spec: {replicas: 2, serviceName: db,"
                                + " revisionHistoryLimit: 10, selector: {matchLabels: {app: db}},"
                                + " updateStrategy: {type: RollingUpdate, rollingUpdate: {partition:"
                                + " 0}}, template: "
                                + TEMPLATE.formatted("v1")
                                + ", %s}}")
                        .formatted(spec));
    }

    private static final String CLAIMS =
            "volumeClaimTemplates: [{metadata: {name: data}, spec: {resources: {requests: {storage:"
                    + " 1Gi}}}}]";

    private boolean settled(int replicas) {
        world.work();
        KubeObject set = world.get(Resource.STATEFUL_SETS, "db");
        return set.at("status", "observedGeneration").asLong(0) == set.generation()
                && set.number(0, "status", "readyReplicas") == replicas
                && set.number(0, "status", "updatedReplicas") == replicas
                && set.number(0, "status", "replicas") == replicas
                && world.pods().size() == replicas
                && world.pods().stream().allMatch(Pods::ready);
    }

    private void image(String image) {
        world.edit(
                Resource.STATEFUL_SETS,
                "db",
                "{spec: {template: %s}}".formatted(TEMPLATE.formatted(image)));
    }

    @Test
    void podsHaveTheirNameEverywhere() {
        set(CLAIMS);
        world.start(StatefulSetController::start);
        world.until("two", () -> settled(2));
        KubeObject pod = world.get(Resource.PODS, "db-1");
        KubeObject revision = world.store().list(Resource.CONTROLLER_REVISIONS, "ns").getFirst();
        assertThat(pod.labels())
                .containsEntry("app", "db")
                .containsEntry("statefulset.kubernetes.io/pod-name", "db-1")
                .containsEntry("apps.kubernetes.io/pod-index", "1")
                .containsEntry(Revisions.HASH_LABEL, revision.name());
        assertThat(revision.labels()).containsKey("controller.kubernetes.io/hash");
        assertThat(pod.text("spec", "hostname")).isEqualTo("db-1");
        assertThat(pod.text("spec", "subdomain")).isEqualTo("db");
        assertThat(pod.at("spec", "volumes").toString())
                .isEqualTo(
                        "[{\"name\":\"data\",\"persistentVolumeClaim\":{\"claimName\":"
                                + "\"data-db-1\"}}]");
        assertThat(world.names(Resource.PERSISTENT_VOLUME_CLAIMS))
                .containsExactly("data-db-0", "data-db-1");
        assertThat(world.get(Resource.PERSISTENT_VOLUME_CLAIMS, "data-db-0").labels())
                .containsEntry("app", "db");
        world.until(
                "told",
                () ->
                        world.events()
                                .containsAll(
                                        List.of(
                                                "SuccessfulCreate: Create Claim data-db-0 Pod db-0"
                                                        + " in StatefulSet db success",
                                                "SuccessfulCreate: Create Pod db-1 in StatefulSet"
                                                        + " db successful")));
    }

    @Test
    void anUpdateReplacesAllAndMakesItsRevisionCurrent() {
        set("minReadySeconds: 0");
        world.start(StatefulSetController::start);
        world.until("v1", () -> settled(2));
        image("v2");
        world.until("v2", () -> settled(2) && revisions() == 2);
        KubeObject set = world.get(Resource.STATEFUL_SETS, "db");
        assertThat(set.text("status", "currentRevision"))
                .isEqualTo(set.text("status", "updateRevision"))
                .isEqualTo(world.get(Resource.PODS, "db-0").label(Revisions.HASH_LABEL));
        image("v1");
        world.until(
                "back",
                () ->
                        settled(2)
                                && !world.get(Resource.STATEFUL_SETS, "db")
                                        .text("status", "currentRevision")
                                        .equals(set.text("status", "currentRevision")));
        assertThat(revisions()).isEqualTo(2);
        world.until(
                "told",
                () ->
                        world.events()
                                .contains(
                                        "SuccessfulDelete: Delete Pod db-1 in StatefulSet db"
                                                + " successful"));
    }

    private int revisions() {
        return world.store().list(Resource.CONTROLLER_REVISIONS, "ns").size();
    }

    /** Upstream's controller worked here before: its revision and its pods are ours. */
    @Test
    void whatUpstreamLeftIsTakenOn() {
        set("minReadySeconds: 0");
        String uid = world.get(Resource.STATEFUL_SETS, "db").uid();
        String owner =
                "ownerReferences: [{apiVersion: apps/v1, kind: StatefulSet, name: db, uid: %s,"
                        + " controller: true, blockOwnerDeletion: true}]";
        world.put(
                Resource.CONTROLLER_REVISIONS,
                ("{metadata: {namespace: ns, name: db-5d8c9b7f4, labels: {app: db,"
                                + " controller.kubernetes.io/hash: 5d8c9b7f4}, "
                                + owner
                                + "}, revision: 1, data: {spec: {template: {$patch: replace, metadata:"
                                + " {creationTimestamp: null, labels: {app: db}}, spec: {containers:"
                                + " [{name: c, image: v1}]}}}}}")
                        .formatted(uid));
        for (String name : List.of("db-0", "db-1")) {
            world.put(
                    Resource.PODS,
                    ("{metadata: {namespace: ns, name: %s, labels: {app: db,"
                                    + " controller-revision-hash: db-5d8c9b7f4,"
                                    + " statefulset.kubernetes.io/pod-name: %s}, "
                                    + owner
                                    + "}, spec: {nodeName: node-0}, status: {phase: Running,"
                                    + " conditions: [{type: Ready, status: 'True'}]}}")
                            .formatted(name, name, uid));
        }
        world.start(StatefulSetController::start);
        world.until("counted", () -> settled(2));
        assertThat(revisions()).isEqualTo(1);
        assertThat(world.get(Resource.STATEFUL_SETS, "db").text("status", "currentRevision"))
                .isEqualTo("db-5d8c9b7f4");
        assertThat(world.server().writes()).noneMatch(ask -> ask.resource().equals(Resource.PODS));
    }

    @Test
    void claimsGoWithTheirPodOrSet() {
        set(
                CLAIMS
                        + ", persistentVolumeClaimRetentionPolicy: {whenScaled: Delete,"
                        + " whenDeleted: Delete}");
        world.start(StatefulSetController::start);
        world.until("two", () -> settled(2));
        String uid = world.get(Resource.STATEFUL_SETS, "db").uid();
        world.until(
                "owned by the set",
                () -> owner("data-db-0").equals(uid) && owner("data-db-1").equals(uid));
        String pod = world.get(Resource.PODS, "db-1").uid();
        world.edit(Resource.STATEFUL_SETS, "db", "{spec: {replicas: 1}}");
        world.until("owned by the pod", () -> owner("data-db-1").equals(pod));
        world.until("one", () -> settled(1));
        assertThat(owner("data-db-0")).isEqualTo(uid);
        world.edit(Resource.STATEFUL_SETS, "db", "{spec: {replicas: 2}}");
        world.caughtUp(Resource.STATEFUL_SETS);
        world.edit(Resource.STATEFUL_SETS, "db", "{metadata: {annotations: {look: again}}}");
        world.until(
                "seen",
                () ->
                        world.get(Resource.STATEFUL_SETS, "db")
                                        .at("status", "observedGeneration")
                                        .asLong(0)
                                == 3);
        assertThat(world.pods()).as("it waits for the old claim to go").hasSize(1);
        world.delete(Resource.PERSISTENT_VOLUME_CLAIMS, "data-db-1");
        world.caughtUp(Resource.PERSISTENT_VOLUME_CLAIMS);
        world.edit(Resource.STATEFUL_SETS, "db", "{metadata: {annotations: {look: twice}}}");
        world.until("two again", () -> settled(2));
        world.edit(
                Resource.STATEFUL_SETS,
                "db",
                "{spec: {persistentVolumeClaimRetentionPolicy: {whenScaled: Retain, whenDeleted:"
                        + " Retain}}}");
        world.until("free", () -> owner("data-db-0").isEmpty() && owner("data-db-1").isEmpty());
    }

    private String owner(String claim) {
        List<OwnerReference> owners = world.get(Resource.PERSISTENT_VOLUME_CLAIMS, claim).owners();
        return owners.isEmpty() ? "" : owners.getFirst().uid();
    }

    @Test
    void oldRevisionsAreDeletedPastTheLimit() {
        set("revisionHistoryLimit: 1");
        world.edit(Resource.STATEFUL_SETS, "db", "{spec: {revisionHistoryLimit: 1}}");
        world.start(StatefulSetController::start);
        for (String image : List.of("v1", "v2", "v3", "v4")) {
            image(image);
            world.until(image, () -> settled(2));
        }
        world.until("two", () -> revisions() == 2);
    }

    @Test
    void aRevisionOfTheSameNameAndAnotherTemplateIsAvoided() {
        set("minReadySeconds: 0");
        world.start(StatefulSetController::start);
        world.until("v1", () -> settled(2));
        String name = world.store().list(Resource.CONTROLLER_REVISIONS, "ns").getFirst().name();
        world.close();
        try (World other = new World()) {
            other.put(
                    Resource.CONTROLLER_REVISIONS,
                    ("{metadata: {namespace: ns, name: %s}, revision: 1, data: {spec: {template:"
                                    + " {spec: {}}}}}")
                            .formatted(name));
            other.put(
                    Resource.STATEFUL_SETS,
                    ("{metadata: {namespace: ns, name: db}, spec: {replicas: 1, selector:"
                            + " {matchLabels: {app: db}}, updateStrategy: {type:"
                            + " RollingUpdate}, template: "
                            + TEMPLATE.formatted("v1")
                            + "}}"));
            other.start(StatefulSetController::start);
            other.until(
                    "collided",
                    () ->
                            other.get(Resource.STATEFUL_SETS, "db")
                                            .number(0, "status", "collisionCount")
                                    == 1);
            assertThat(other.names(Resource.CONTROLLER_REVISIONS)).hasSize(2).contains(name);
        }
    }
}
