package io.jarnetes.scheduler;

import io.jarnetes.kubeclient.ApiClient;
import io.jarnetes.kubeclient.ApiException;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.Resource;
import io.jarnetes.kubeclient.StoppedException;
import io.jarnetes.scheduler.plugins.VolumeBinding;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/** Has the claims of a pod bound whose node is chosen; the volume controllers do the rest. */
final class VolumeBinder {

    private static final String SELECTED_NODE = "volume.kubernetes.io/selected-node";
    private static final String BOUND_BY = "pv.kubernetes.io/bound-by-controller";

    /** Upstream's bindTimeoutSeconds. */
    private static final Duration TIMEOUT = Duration.ofSeconds(600);

    private static final Duration POLL = Duration.ofSeconds(1);

    private final ApiClient client;
    private final Clock clock;

    VolumeBinder(ApiClient client, Clock clock) {
        this.client = client;
        this.clock = clock;
    }

    /**
     * Reserves the volume that was chosen, or says for which node one is to be provisioned.
     *
     * @throws ApiException if somebody else has taken the volume meanwhile
     */
    void choose(VolumeBinding.Choice choice, String node) {
        KubeObject volume = choice.volume();
        if (volume != null) {
            if (!volume.text("spec", "claimRef", "uid").equals(choice.claim().uid())) {
                reserve(volume, choice.claim());
            }
            return;
        }
        client.patch(
                Resource.PERSISTENT_VOLUME_CLAIMS.path(choice.claim()),
                ApiClient.Patch.MERGE,
                Json.of("metadata", Json.of("annotations", Json.of(SELECTED_NODE, node))));
    }

    private void reserve(KubeObject volume, KubeObject claim) {
        ObjectNode tree = volume.copy();
        if (!volume.present("spec", "claimRef")) {
            tree.withObjectProperty("metadata")
                    .withObjectProperty("annotations")
                    .put(BOUND_BY, "yes");
        }
        tree.withObjectProperty("spec")
                .set(
                        "claimRef",
                        Json.of(
                                "kind", "PersistentVolumeClaim",
                                "apiVersion", "v1",
                                "namespace", claim.namespace(),
                                "name", claim.name(),
                                "uid", claim.uid(),
                                "resourceVersion", claim.resourceVersion()));
        client.update(Resource.PERSISTENT_VOLUMES, tree);
    }

    /** Until the claim is bound. */
    void await(KubeObject claim) {
        Instant end = clock.instant().plus(TIMEOUT);
        String path = Resource.PERSISTENT_VOLUME_CLAIMS.path(claim);
        while (clock.instant().isBefore(end)) {
            if (Json.text(client.get(path), "status", "phase").equals("Bound")) {
                return;
            }
            try {
                Thread.sleep(POLL);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StoppedException();
            }
        }
        throw ApiException.unreachable(
                "binding volumes", new IOException("timed out waiting for the condition"));
    }
}
