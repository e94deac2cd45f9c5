package io.jarnetes.controllermanager.protection;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.controllermanager.framework.World;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.Resource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ProtectionTest {

    private static final String CLAIM = "kubernetes.io/pvc-protection";

    @AutoClose private final World world = new World();

    @Test
    void aClaimStaysWhileAPodMountsIt() {
        world.put(Resource.PERSISTENT_VOLUME_CLAIMS, "{metadata: {namespace: ns, name: data}}");
        world.put(
                Resource.PODS,
                "{metadata: {namespace: ns, name: p}, spec: {nodeName: n, volumes: [{name: v,"
                        + " persistentVolumeClaim: {claimName: data}}]}, status: {phase: Running}}");
        world.start(Protection::claims);
        world.until(
                "protected",
                () ->
                        world.get(Resource.PERSISTENT_VOLUME_CLAIMS, "data")
                                .finalizers()
                                .contains(CLAIM));
        world.delete(Resource.PERSISTENT_VOLUME_CLAIMS, "data");
        world.caughtUp(Resource.PERSISTENT_VOLUME_CLAIMS);
        world.edit(Resource.PODS, "p", "{metadata: {labels: {look: again}}}");
        world.caughtUp(Resource.PODS);
        assertThat(world.gone(Resource.PERSISTENT_VOLUME_CLAIMS, "data")).isFalse();
        world.end(world.get(Resource.PODS, "p"), "Succeeded");
        world.until("gone", () -> world.gone(Resource.PERSISTENT_VOLUME_CLAIMS, "data"));
    }

    @Test
    void aClaimThatNobodyMountsGoesAtOnceAndKeepsOtherFinalizers() {
        world.put(
                Resource.PERSISTENT_VOLUME_CLAIMS,
                "{metadata: {namespace: ns, name: data, finalizers: [example.com/mine]}}");
        world.start(Protection::claims);
        world.until(
                "protected",
                () ->
                        world.get(Resource.PERSISTENT_VOLUME_CLAIMS, "data").finalizers().size()
                                == 2);
        world.delete(Resource.PERSISTENT_VOLUME_CLAIMS, "data");
        world.until(
                "free",
                () ->
                        world.get(Resource.PERSISTENT_VOLUME_CLAIMS, "data")
                                .finalizers()
                                .equals(java.util.List.of("example.com/mine")));
    }

    @Test
    void aVolumeStaysWhileItIsBound() {
        world.put(Resource.PERSISTENT_VOLUMES, "{metadata: {name: pv}, status: {phase: Bound}}");
        world.start(Protection::volumes);
        world.until(
                "protected",
                () -> !world.get(Resource.PERSISTENT_VOLUMES, "pv").finalizers().isEmpty());
        world.store().delete(Resource.PERSISTENT_VOLUMES, "", "pv", Json.object());
        world.caughtUp(Resource.PERSISTENT_VOLUMES);
        assertThat(world.gone(Resource.PERSISTENT_VOLUMES, "pv")).isFalse();
        world.status(Resource.PERSISTENT_VOLUMES, "pv", "{status: {phase: Released}}");
        world.until("gone", () -> world.gone(Resource.PERSISTENT_VOLUMES, "pv"));
    }
}
