package io.jarnetes.controllermanager.volume;

import io.jarnetes.controllermanager.framework.Controller;
import io.jarnetes.controllermanager.framework.ControllerContext;
import io.jarnetes.controllermanager.framework.Keyed;
import io.jarnetes.kubeclient.ApiClient;
import io.jarnetes.kubeclient.EventRecorder;
import io.jarnetes.kubeclient.Informer;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.Resource;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The two halves of binding: first the volume names the claim, then the claim names the volume, so
 * that a crash in between is mended by the next look.
 */
public final class VolumeBinder implements Controller {

    private static final String ACCOUNT = "persistent-volume-binder";
    private static final String COMPONENT = "persistentvolume-controller";
    private static final String BOUND_BY = "pv.kubernetes.io/bound-by-controller";
    private static final String COMPLETED = "pv.kubernetes.io/bind-completed";
    private static final String SELECTED_NODE = "volume.kubernetes.io/selected-node";

    /** Provisioners that upstream had inside itself once; none is left. */
    private static final String IN_TREE = "kubernetes.io/";

    private static final Duration PERIOD = Duration.ofSeconds(15);

    private final ApiClient client;
    private final EventRecorder events;
    private final Informer claims;
    private final Informer volumes;
    private final Informer classes;
    private final Informer pods;
    private final Keyed claimLoop;
    private final Keyed volumeLoop;

    private VolumeBinder(ControllerContext context) {
        this.client = context.client(ACCOUNT);
        this.events = context.events(COMPONENT, ACCOUNT);
        this.claims = context.informer(Resource.PERSISTENT_VOLUME_CLAIMS);
        this.volumes = context.informer(Resource.PERSISTENT_VOLUMES);
        this.classes = context.informer(Resource.STORAGE_CLASSES);
        this.pods = context.informer(Resource.PODS);
        // One worker: two claims must not take the same volume.
        this.claimLoop =
                new Keyed(context, "volume-claims", 1, this::claim)
                        .watch(claims)
                        .watch(volumes, volume -> pending())
                        .needs(classes)
                        .needs(pods);
        this.volumeLoop =
                new Keyed(context, "volumes", 1, this::volume)
                        .watch(volumes)
                        .watch(claims, claim -> List.of(claim.text("spec", "volumeName")));
    }

    public static Controller start(ControllerContext context) {
        VolumeBinder binder = new VolumeBinder(context);
        binder.claimLoop.start();
        binder.volumeLoop.start();
        return binder;
    }

    private List<String> pending() {
        return claims.list().stream()
                .filter(claim -> !claim.text("status", "phase").equals("Bound"))
                .map(KubeObject::key)
                .toList();
    }

    private void claim(String key) {
        KubeObject claim = claims.get(key).orElse(null);
        if (claim == null || claim.deleting()) {
            return;
        }
        String name = claim.text("spec", "volumeName");
        if (!name.isEmpty()) {
            bound(claim, volumes.get(name).orElse(null));
            return;
        }
        KubeObject volume = Matching.find(claim, volumes.list()).orElse(null);
        if (volume != null && (!waits(claim) || volume.present("spec", "claimRef"))) {
            bind(claim, volume);
            return;
        }
        claimLoop.addAfter(key, PERIOD);
        explain(claim);
    }

    /** Whether a claim is bound only when a pod that uses it is placed. */
    private boolean waits(KubeObject claim) {
        boolean late =
                classes.get(Matching.storageClass(claim))
                        .map(c -> c.text("volumeBindingMode").equals("WaitForFirstConsumer"))
                        .orElse(false);
        return late && claim.annotation(SELECTED_NODE).isEmpty();
    }

    private void explain(KubeObject claim) {
        String className = Matching.storageClass(claim);
        if (className.isEmpty()) {
            events.normal(
                    claim,
                    "FailedBinding",
                    "no persistent volumes available for this claim and no storage class is set");
            return;
        }
        KubeObject storageClass = classes.get(className).orElse(null);
        if (storageClass == null) {
            events.warning(
                    claim,
                    "ProvisioningFailed",
                    "storageclass.storage.k8s.io \"" + className + "\" not found");
        } else if (waits(claim)) {
            explainWait(claim);
        } else if (storageClass.text("provisioner").startsWith(IN_TREE)) {
            events.warning(
                    claim,
                    "ProvisioningFailed",
                    "no volume plugin matched name: " + storageClass.text("provisioner"));
        } else {
            events.normal(
                    claim,
                    "ExternalProvisioning",
                    "Waiting for a volume to be created either by the external provisioner '"
                            + storageClass.text("provisioner")
                            + "' or manually by the system administrator. If volume creation is"
                            + " delayed, please verify that the provisioner is running and"
                            + " correctly registered.");
        }
    }

    private void explainWait(KubeObject claim) {
        List<String> waiting =
                pods.list(claim.namespace()).stream()
                        .filter(pod -> pod.text("spec", "nodeName").isEmpty())
                        .filter(pod -> mounts(pod, claim.name()))
                        .map(KubeObject::name)
                        .sorted()
                        .toList();
        if (waiting.isEmpty()) {
            events.normal(
                    claim,
                    "WaitForFirstConsumer",
                    "waiting for first consumer to be created before binding");
        } else {
            events.normal(
                    claim,
                    "WaitForPodScheduled",
                    "waiting for pod%s %s to be scheduled"
                            .formatted(waiting.size() == 1 ? "" : "s", String.join(",", waiting)));
        }
    }

    private static boolean mounts(KubeObject pod, String claim) {
        for (JsonNode volume : pod.at("spec", "volumes")) {
            String ephemeral =
                    Json.present(volume, "ephemeral")
                            ? pod.name() + "-" + Json.text(volume, "name")
                            : "";
            if (claim.equals(Json.text(volume, "persistentVolumeClaim", "claimName"))
                    || claim.equals(ephemeral)) {
                return true;
            }
        }
        return false;
    }

    private void bind(KubeObject claim, KubeObject volume) {
        KubeObject reserved = reserve(claim, volume);
        ObjectNode tree = claim.copy();
        tree.withObjectProperty("spec").put("volumeName", volume.name());
        tree.withObjectProperty("metadata")
                .withObjectProperty("annotations")
                .put(COMPLETED, "yes")
                .put(BOUND_BY, "yes");
        KubeObject updated = client.update(Resource.PERSISTENT_VOLUME_CLAIMS, tree);
        writeClaim(updated, reserved);
    }

    private KubeObject reserve(KubeObject claim, KubeObject volume) {
        if (volume.text("spec", "claimRef", "uid").equals(claim.uid())) {
            return volume;
        }
        ObjectNode tree = volume.copy();
        boolean ours = !volume.present("spec", "claimRef");
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
        if (ours) {
            tree.withObjectProperty("metadata")
                    .withObjectProperty("annotations")
                    .put(BOUND_BY, "yes");
        }
        return client.update(Resource.PERSISTENT_VOLUMES, tree);
    }

    private void writeClaim(KubeObject claim, KubeObject volume) {
        ObjectNode tree = claim.copy();
        ObjectNode status = tree.withObjectProperty("status");
        status.put("phase", "Bound");
        status.set("accessModes", volume.at("spec", "accessModes").deepCopy());
        status.set("capacity", volume.at("spec", "capacity").deepCopy());
        if (!Json.same(tree, claim.tree())) {
            client.update(Resource.PERSISTENT_VOLUME_CLAIMS, tree, "status");
        }
    }

    /** A claim that names a volume: completed, or lost with it. */
    private void bound(KubeObject claim, @org.jspecify.annotations.Nullable KubeObject volume) {
        boolean completed = !claim.annotation(COMPLETED).isEmpty();
        if (volume != null
                && (Matching.isFor(volume, claim) || !volume.present("spec", "claimRef"))) {
            if (completed && volume.text("spec", "claimRef", "uid").equals(claim.uid())) {
                if (!claim.text("status", "phase").equals("Bound")) {
                    writeClaim(claim, volume);
                }
            } else {
                bind(claim, volume);
            }
        } else if (completed && !claim.text("status", "phase").equals("Lost")) {
            ObjectNode tree = claim.copy();
            tree.withObjectProperty("status").put("phase", "Lost");
            client.update(Resource.PERSISTENT_VOLUME_CLAIMS, tree, "status");
            events.warning(
                    claim,
                    "ClaimLost",
                    volume == null
                            ? "Bound claim has lost its PersistentVolume. Data on the volume is"
                                    + " lost!"
                            : "Bound claim has lost reference to PersistentVolume. Data on the"
                                    + " volume is lost!");
        }
    }

    private void volume(String name) {
        KubeObject volume = volumes.get(name).orElse(null);
        if (volume == null) {
            return;
        }
        String phase = phase(volume);
        if (volume.text("status", "phase").equals(phase)) {
            return;
        }
        ObjectNode tree = volume.copy();
        tree.withObjectProperty("status").put("phase", phase);
        client.update(Resource.PERSISTENT_VOLUMES, tree, "status");
    }

    private String phase(KubeObject volume) {
        String uid = volume.text("spec", "claimRef", "uid");
        if (uid.isEmpty()) {
            return "Available";
        }
        KubeObject claim =
                claims.get(
                                volume.text("spec", "claimRef", "namespace"),
                                volume.text("spec", "claimRef", "name"))
                        .orElse(null);
        return claim != null && claim.uid().equals(uid) ? "Bound" : "Released";
    }

    @Override
    public void close() {
        claimLoop.close();
        volumeLoop.close();
    }
}
