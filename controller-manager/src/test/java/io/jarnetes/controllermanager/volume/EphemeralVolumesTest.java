package io.jarnetes.controllermanager.volume;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.controllermanager.framework.World;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.Resource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class EphemeralVolumesTest {

    @AutoClose private final World world = new World();

    private void pod(String name) {
        world.put(
                Resource.PODS,
                ("{metadata: {namespace: ns, name: %s}, spec: {volumes: [{name: other, emptyDir:"
                                + " {}}, {name: data, ephemeral: {volumeClaimTemplate: {metadata:"
                                + " {labels: {a: b}}, spec: {storageClassName: fast, resources:"
                                + " {requests: {storage: 1Gi}}}}}}]}}")
                        .formatted(name));
    }

    private KubeObject claim(String name) {
        return world.get(Resource.PERSISTENT_VOLUME_CLAIMS, name);
    }

    @Test
    void aPodGetsItsClaimAndGetsItAgain() {
        pod("p");
        world.start(EphemeralVolumes::start);
        world.until("made", () -> !world.gone(Resource.PERSISTENT_VOLUME_CLAIMS, "p-data"));
        KubeObject first = claim("p-data");
        assertThat(first.controlledBy(world.get(Resource.PODS, "p").uid())).isTrue();
        assertThat(first.labels()).containsEntry("a", "b");
        assertThat(first.text("spec", "storageClassName")).isEqualTo("fast");
        assertThat(world.names(Resource.PERSISTENT_VOLUME_CLAIMS)).containsExactly("p-data");
        world.caughtUp(Resource.PERSISTENT_VOLUME_CLAIMS);
        world.delete(Resource.PERSISTENT_VOLUME_CLAIMS, "p-data");
        world.until(
                "made again",
                () ->
                        !world.gone(Resource.PERSISTENT_VOLUME_CLAIMS, "p-data")
                                && !claim("p-data").uid().equals(first.uid()));
    }

    @Test
    void somebodyElsesClaimIsNotTaken() {
        world.put(Resource.PERSISTENT_VOLUME_CLAIMS, "{metadata: {namespace: ns, name: p-data}}");
        world.start(EphemeralVolumes::start);
        world.caughtUp(Resource.PERSISTENT_VOLUME_CLAIMS);
        pod("p");
        world.until(
                "told",
                () ->
                        world.events()
                                .contains(
                                        "FailedBinding: ephemeral volume data: PVC ns/p-data was not"
                                                + " created for pod ns/p (pod is not owner)"));
        assertThat(claim("p-data").controller()).isNull();
    }
}
