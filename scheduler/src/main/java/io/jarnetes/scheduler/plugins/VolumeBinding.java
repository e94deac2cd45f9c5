package io.jarnetes.scheduler.plugins;

import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.Quantity;
import io.jarnetes.scheduler.framework.FilterPlugin;
import io.jarnetes.scheduler.framework.NodeInfo;
import io.jarnetes.scheduler.framework.PodInfo;
import io.jarnetes.scheduler.framework.Snapshot;
import io.jarnetes.scheduler.framework.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Pods go where their volumes are. Claims that wait for their first consumer are bound after the
 * node is chosen ({@link #unbound}); capacities that provisioners publish are not looked at.
 */
public final class VolumeBinding implements FilterPlugin {

    private static final String NO_PROVISIONER = "kubernetes.io/no-provisioner";
    private static final Verdict NODE_CONFLICT =
            Verdict.unresolvable("node(s) didn't match PersistentVolume's node affinity");
    private static final Verdict NO_VOLUME =
            Verdict.unresolvable(
                    "node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)");
    private static final Verdict NOTHING_TO_BIND =
            Verdict.unresolvable("node(s) didn't find available persistent volumes to bind");

    @Override
    public String name() {
        return "VolumeBinding";
    }

    /** The names of the claims that a pod mounts. */
    private static List<String> claimNames(PodInfo pod) {
        List<String> names = new ArrayList<>();
        for (JsonNode volume : pod.spec().path("volumes")) {
            String name = Json.text(volume, "persistentVolumeClaim", "claimName");
            if (!name.isEmpty()) {
                names.add(name);
            } else if (Json.present(volume, "ephemeral")) {
                names.add(pod.pod().name() + "-" + Json.text(volume, "name"));
            }
        }
        return names;
    }

    private static List<KubeObject> claims(PodInfo pod, Snapshot cluster) {
        List<KubeObject> claims = new ArrayList<>();
        for (String name : claimNames(pod)) {
            KubeObject claim =
                    cluster.volumes().claims().get(KubeObject.key(pod.namespace(), name));
            if (claim != null) {
                claims.add(claim);
            }
        }
        return claims;
    }

    private static boolean bound(KubeObject claim) {
        return !claim.text("spec", "volumeName").isEmpty()
                && !claim.annotation("pv.kubernetes.io/bind-completed").isEmpty();
    }

    private static boolean late(KubeObject claim, Snapshot cluster) {
        KubeObject storageClass =
                cluster.volumes().classes().get(claim.text("spec", "storageClassName"));
        return storageClass != null
                && storageClass.text("volumeBindingMode").equals("WaitForFirstConsumer");
    }

    /** The claims of a pod that are to be bound once its node is known. */
    public static List<KubeObject> unbound(PodInfo pod, Snapshot cluster) {
        return claims(pod, cluster).stream().filter(claim -> !bound(claim)).toList();
    }

    @Override
    public @Nullable String refuse(PodInfo pod, Snapshot cluster) {
        for (String name : claimNames(pod)) {
            KubeObject claim =
                    cluster.volumes().claims().get(KubeObject.key(pod.namespace(), name));
            if (claim == null) {
                return "persistentvolumeclaim \"" + name + "\" not found";
            }
            if (claim.text("status", "phase").equals("Lost")) {
                return "persistentvolumeclaim \""
                        + name
                        + "\" bound to non-existent persistentvolume \""
                        + claim.text("spec", "volumeName")
                        + "\"";
            }
            if (claim.deleting()) {
                return "persistentvolumeclaim \"" + name + "\" is being deleted";
            }
            if (!bound(claim) && !late(claim, cluster)) {
                return "pod has unbound immediate PersistentVolumeClaims";
            }
        }
        return null;
    }

    @Override
    public @Nullable NodeFilter prepare(PodInfo pod, Snapshot cluster) {
        List<KubeObject> claims = claims(pod, cluster);
        if (claims.isEmpty()) {
            return null;
        }
        return node -> {
            for (KubeObject claim : claims) {
                Verdict verdict =
                        bound(claim)
                                ? there(claim, node, cluster)
                                : available(claim, node, cluster);
                if (!verdict.fits()) {
                    return verdict;
                }
            }
            return Verdict.FITS;
        };
    }

    private static Verdict there(KubeObject claim, NodeInfo node, Snapshot cluster) {
        KubeObject volume = cluster.volumes().volumes().get(claim.text("spec", "volumeName"));
        if (volume == null) {
            return NO_VOLUME;
        }
        return reachable(volume, node) ? Verdict.FITS : NODE_CONFLICT;
    }

    private static Verdict available(KubeObject claim, NodeInfo node, Snapshot cluster) {
        for (KubeObject volume : cluster.volumes().volumes().values()) {
            if (suits(volume, claim) && reachable(volume, node)) {
                return Verdict.FITS;
            }
        }
        KubeObject storageClass =
                cluster.volumes().classes().get(claim.text("spec", "storageClassName"));
        boolean provisioned =
                storageClass != null && !storageClass.text("provisioner").equals(NO_PROVISIONER);
        return provisioned ? Verdict.FITS : NOTHING_TO_BIND;
    }

    private static boolean suits(KubeObject volume, KubeObject claim) {
        return volume.text("status", "phase").equals("Available")
                && !volume.present("spec", "claimRef")
                && volume.text("spec", "storageClassName")
                        .equals(claim.text("spec", "storageClassName"))
                && Quantity.of(volume.at("spec", "capacity", "storage"))
                                .compareTo(
                                        Quantity.of(
                                                claim.at(
                                                        "spec",
                                                        "resources",
                                                        "requests",
                                                        "storage")))
                        >= 0;
    }

    private static boolean reachable(KubeObject volume, NodeInfo node) {
        JsonNode required = volume.at("spec", "nodeAffinity", "required");
        if (required.isMissingNode()) {
            return true;
        }
        for (JsonNode term : required.path("nodeSelectorTerms")) {
            if (NodeAffinity.term(term, node)) {
                return true;
            }
        }
        return false;
    }
}
