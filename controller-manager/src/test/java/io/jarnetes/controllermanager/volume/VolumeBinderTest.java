package io.jarnetes.controllermanager.volume;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.controllermanager.framework.World;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.Resource;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class VolumeBinderTest {

    @AutoClose private final World world = new World();

    private void volume(String name, String size, String more) {
        world.put(
                Resource.PERSISTENT_VOLUMES,
                ("{metadata: {name: %s}, spec: {capacity: {storage: %s}, accessModes:"
                                + " [ReadWriteOnce]%s}, status: {phase: Available}}")
                        .formatted(name, size, more));
    }

    private void claim(String name, String size, String more) {
        world.put(
                Resource.PERSISTENT_VOLUME_CLAIMS,
                ("{metadata: {namespace: ns, name: %s}, spec: {resources: {requests: {storage:"
                                + " %s}}, accessModes: [ReadWriteOnce]%s}}")
                        .formatted(name, size, more));
    }

    private KubeObject claim(String name) {
        return world.get(Resource.PERSISTENT_VOLUME_CLAIMS, name);
    }

    private String phase(String volume) {
        return world.get(Resource.PERSISTENT_VOLUMES, volume).text("status", "phase");
    }

    @Test
    void aClaimTakesTheSmallestThatIsLargeEnough() {
        volume("small", "1Gi", "");
        volume("large", "9Gi", "");
        volume("right", "3Gi", "");
        volume("other", "2Gi", ", storageClassName: fast");
        claim("c", "2Gi", "");
        world.start(VolumeBinder::start);
        world.until("bound", () -> claim("c").text("status", "phase").equals("Bound"));
        assertThat(claim("c").text("spec", "volumeName")).isEqualTo("right");
        assertThat(claim("c").text("status", "capacity", "storage")).isEqualTo("3Gi");
        assertThat(claim("c").annotation("pv.kubernetes.io/bind-completed")).isEqualTo("yes");
        world.until("the volume too", () -> phase("right").equals("Bound"));
        world.until("the others", () -> phase("large").equals("Available"));
        world.delete(Resource.PERSISTENT_VOLUME_CLAIMS, "c");
        world.until("released", () -> phase("right").equals("Released"));
        claim("d", "2Gi", "");
        world.until("another", () -> claim("d").text("spec", "volumeName").equals("large"));
    }

    @Test
    void aVolumeThatIsReservedIsTakenByItsClaimOnly() {
        volume("mine", "1Gi", ", claimRef: {namespace: ns, name: late}");
        claim("early", "1Gi", "");
        world.start(VolumeBinder::start);
        world.until(
                "told",
                () ->
                        world.events()
                                .contains(
                                        "FailedBinding: no persistent volumes available for this"
                                                + " claim and no storage class is set"));
        claim("late", "1Gi", "");
        world.until("bound", () -> claim("late").text("status", "phase").equals("Bound"));
        assertThat(claim("early").text("spec", "volumeName")).isEmpty();
    }

    @Test
    void aClassMayWaitForTheFirstPod() {
        world.put(
                Resource.STORAGE_CLASSES,
                "{metadata: {name: late}, provisioner: example.com/none, volumeBindingMode:"
                        + " WaitForFirstConsumer}");
        volume("v", "1Gi", ", storageClassName: late");
        claim("c", "1Gi", ", storageClassName: late");
        world.start(VolumeBinder::start);
        world.until(
                "told",
                () ->
                        world.events()
                                .contains(
                                        "WaitForFirstConsumer: waiting for first consumer to be"
                                                + " created before binding"));
        assertThat(claim("c").text("spec", "volumeName")).isEmpty();
        world.until("the volume", () -> phase("v").equals("Available"));
        world.caughtUp(Resource.PERSISTENT_VOLUMES);
        world.edit(
                Resource.PERSISTENT_VOLUME_CLAIMS,
                "c",
                "{metadata: {annotations: {volume.kubernetes.io/selected-node: n}}}");
        world.until("bound", () -> claim("c").text("status", "phase").equals("Bound"));
    }

    private void claimOfClass(String provisioner, String mode, String told) {
        world.put(
                Resource.STORAGE_CLASSES,
                "{metadata: {name: k}, provisioner: %s, volumeBindingMode: %s}"
                        .formatted(provisioner, mode));
        claim("c", "1Gi", ", storageClassName: k");
        world.start(VolumeBinder::start);
        world.until("told", () -> world.events().contains(told));
    }

    @Test
    void whoIsWaitedForIsNamed() {
        for (String name : List.of("p", "q")) {
            world.put(
                    Resource.PODS,
                    ("{metadata: {namespace: ns, name: %s}, spec: {volumes: [{name: v,"
                                    + " persistentVolumeClaim: {claimName: c}}]}}")
                            .formatted(name));
        }
        world.put(
                Resource.PODS,
                "{metadata: {namespace: ns, name: placed}, spec: {nodeName: n, volumes: [{name: v,"
                        + " persistentVolumeClaim: {claimName: c}}]}}");
        claimOfClass(
                "example.com/x",
                "WaitForFirstConsumer",
                "WaitForPodScheduled: waiting for pods p,q to be scheduled");
    }

    @Test
    void anEphemeralVolumeWaitsForItsPod() {
        world.put(
                Resource.PODS,
                "{metadata: {namespace: ns, name: p}, spec: {volumes: [{name: v, ephemeral: {}}]}}");
        world.put(
                Resource.STORAGE_CLASSES,
                "{metadata: {name: k}, provisioner: x/y, volumeBindingMode: WaitForFirstConsumer}");
        claim("p-v", "1Gi", ", storageClassName: k");
        world.start(VolumeBinder::start);
        world.until(
                "told",
                () ->
                        world.events()
                                .contains(
                                        "WaitForPodScheduled: waiting for pod p to be scheduled"));
    }

    @Test
    void whoProvisionsIsSaid() {
        claimOfClass(
                "example.com/x",
                "Immediate",
                "ExternalProvisioning: Waiting for a volume to be created either by the external"
                        + " provisioner 'example.com/x' or manually by the system administrator. If"
                        + " volume creation is delayed, please verify that the provisioner is"
                        + " running and correctly registered.");
    }

    @Test
    void whatUpstreamProvisionedOnceItDoesNoMore() {
        claimOfClass(
                "kubernetes.io/no-provisioner",
                "Immediate",
                "ProvisioningFailed: no volume plugin matched name: kubernetes.io/no-provisioner");
    }

    @Test
    void aClaimThatLosesItsVolumeIsLost() {
        volume("v", "1Gi", "");
        claim("c", "1Gi", "");
        world.start(VolumeBinder::start);
        world.until("bound", () -> claim("c").text("status", "phase").equals("Bound"));
        world.caughtUp(Resource.PERSISTENT_VOLUME_CLAIMS);
        world.delete(Resource.PERSISTENT_VOLUMES, "v");
        world.edit(Resource.PERSISTENT_VOLUME_CLAIMS, "c", "{metadata: {labels: {look: again}}}");
        world.caughtUp(Resource.PERSISTENT_VOLUMES, Resource.PERSISTENT_VOLUME_CLAIMS);
        world.edit(Resource.PERSISTENT_VOLUME_CLAIMS, "c", "{metadata: {labels: {look: twice}}}");
        world.until("lost", () -> claim("c").text("status", "phase").equals("Lost"));
        world.until(
                "told",
                () ->
                        world.events()
                                .contains(
                                        "ClaimLost: Bound claim has lost its PersistentVolume."
                                                + " Data on the volume is lost!"));
    }

    @Test
    void noTwoClaimsTakeOneVolume() {
        for (int i = 0; i < 10; i++) {
            volume("v" + i, "1Gi", "");
            claim("c" + i, "1Gi", "");
        }
        world.start(VolumeBinder::start);
        world.until(
                "all",
                () ->
                        world.store().list(Resource.PERSISTENT_VOLUME_CLAIMS, "ns").stream()
                                .allMatch(claim -> claim.text("status", "phase").equals("Bound")));
        List<String> taken =
                world.store().list(Resource.PERSISTENT_VOLUME_CLAIMS, "ns").stream()
                        .map(claim -> claim.text("spec", "volumeName"))
                        .toList();
        assertThat(taken).doesNotHaveDuplicates().hasSize(10);
    }
}
