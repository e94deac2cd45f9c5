package io.jarnetes.scheduler.plugins;

import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.Quantity;
import io.jarnetes.kubeclient.Selector;
import io.jarnetes.scheduler.framework.FilterPlugin;
import io.jarnetes.scheduler.framework.NodeInfo;
import io.jarnetes.scheduler.framework.PodInfo;
import io.jarnetes.scheduler.framework.Snapshot;
import io.jarnetes.scheduler.framework.Verdict;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

    /** A claim that a pod mounts. */
    private record Mount(String claim, boolean ephemeral) {}

    private static List<Mount> mounts(PodInfo pod) {
        List<Mount> mounts = new ArrayList<>();
        for (JsonNode volume : pod.spec().path("volumes")) {
            String name = Json.text(volume, "persistentVolumeClaim", "claimName");
            if (!name.isEmpty()) {
                mounts.add(new Mount(name, false));
            } else if (Json.present(volume, "ephemeral")) {
                mounts.add(new Mount(pod.pod().name() + "-" + Json.text(volume, "name"), true));
            }
        }
        return mounts;
    }

    private static @Nullable KubeObject claim(Mount mount, PodInfo pod, Snapshot cluster) {
        return cluster.volumes().claims().get(KubeObject.key(pod.namespace(), mount.claim()));
    }

    private static List<KubeObject> claims(PodInfo pod, Snapshot cluster) {
        List<KubeObject> claims = new ArrayList<>();
        for (Mount mount : mounts(pod)) {
            KubeObject claim = claim(mount, pod, cluster);
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

    /**
     * How a claim is to be bound once the pod's node is known.
     *
     * @param volume one that is there; null if one is to be provisioned
     */
    public record Choice(KubeObject claim, @Nullable KubeObject volume) {}

    /** The claims of a pod that are yet to be bound, each with a volume of its own. */
    public static List<Choice> unbound(PodInfo pod, NodeInfo node, Snapshot cluster) {
        return choices(claims(pod, cluster), node, cluster).orElse(List.of());
    }

    /** Empty if a claim finds no volume. The small ones choose first, as little as they need. */
    private static Optional<List<Choice>> choices(
            List<KubeObject> claims, NodeInfo node, Snapshot cluster) {
        List<Choice> choices = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        List<KubeObject> open =
                claims.stream()
                        .filter(claim -> !bound(claim))
                        .sorted(Comparator.comparing(VolumeBinding::wanted))
                        .toList();
        for (KubeObject claim : open) {
            KubeObject volume =
                    cluster.volumes().volumes().values().stream()
                            .filter(one -> !taken.contains(one.name()))
                            .filter(one -> suits(one, claim) && reachable(one, node))
                            .min(
                                    Comparator.comparing(VolumeBinding::size)
                                            .thenComparing(KubeObject::name))
                            .orElse(null);
            if (volume == null && !provisioned(claim, cluster)) {
                return Optional.empty();
            }
            if (volume != null) {
                taken.add(volume.name());
            }
            choices.add(new Choice(claim, volume));
        }
        return Optional.of(choices);
    }

    @Override
    public @Nullable String refuse(PodInfo pod, Snapshot cluster) {
        for (Mount mount : mounts(pod)) {
            String refusal = refusal(mount, pod, cluster);
            if (refusal != null) {
                return refusal;
            }
        }
        boolean early =
                claims(pod, cluster).stream()
                        .anyMatch(claim -> !bound(claim) && !late(claim, cluster));
        return early ? "pod has unbound immediate PersistentVolumeClaims" : null;
    }

    private static @Nullable String refusal(Mount mount, PodInfo pod, Snapshot cluster) {
        KubeObject claim = claim(mount, pod, cluster);
        if (claim == null) {
            return mount.ephemeral()
                    ? "waiting for ephemeral volume controller to create the"
                            + " persistentvolumeclaim \"%s\"".formatted(mount.claim())
                    : "persistentvolumeclaim \"%s\" not found".formatted(mount.claim());
        }
        if (claim.text("status", "phase").equals("Lost")) {
            return "persistentvolumeclaim \"%s\" bound to non-existent persistentvolume \"%s\""
                    .formatted(mount.claim(), claim.text("spec", "volumeName"));
        }
        if (claim.deleting()) {
            return "persistentvolumeclaim \"%s\" is being deleted".formatted(mount.claim());
        }
        if (mount.ephemeral() && !claim.controlledBy(pod.uid())) {
            return "PVC %s was not created for pod %s (pod is not owner)"
                    .formatted(claim.key(), pod.key());
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
                Verdict verdict = bound(claim) ? there(claim, node, cluster) : Verdict.FITS;
                if (!verdict.fits()) {
                    return verdict;
                }
            }
            return choices(claims, node, cluster).isPresent() ? Verdict.FITS : NOTHING_TO_BIND;
        };
    }

    private static Verdict there(KubeObject claim, NodeInfo node, Snapshot cluster) {
        KubeObject volume = cluster.volumes().volumes().get(claim.text("spec", "volumeName"));
        if (volume == null) {
            return NO_VOLUME;
        }
        return reachable(volume, node) ? Verdict.FITS : NODE_CONFLICT;
    }

    private static boolean provisioned(KubeObject claim, Snapshot cluster) {
        KubeObject storageClass =
                cluster.volumes().classes().get(claim.text("spec", "storageClassName"));
        return storageClass != null && !storageClass.text("provisioner").equals(NO_PROVISIONER);
    }

    private static boolean suits(KubeObject volume, KubeObject claim) {
        JsonNode selector = claim.at("spec", "selector");
        return volume.text("status", "phase").equals("Available")
                && (!volume.present("spec", "claimRef") || reserved(volume, claim))
                && !volume.deleting()
                && volume.text("spec", "storageClassName")
                        .equals(claim.text("spec", "storageClassName"))
                && mode(volume).equals(mode(claim))
                && Json.list(volume.tree(), "spec", "accessModes")
                        .containsAll(Json.list(claim.tree(), "spec", "accessModes"))
                && (selector.isMissingNode() || Selector.of(selector).matches(volume))
                && size(volume).compareTo(wanted(claim)) >= 0;
    }

    /** Whether the volume's claimRef names the claim, which isn't bound for that yet. */
    private static boolean reserved(KubeObject volume, KubeObject claim) {
        String uid = volume.text("spec", "claimRef", "uid");
        return volume.text("spec", "claimRef", "namespace").equals(claim.namespace())
                && volume.text("spec", "claimRef", "name").equals(claim.name())
                && (uid.isEmpty() || uid.equals(claim.uid()));
    }

    private static String mode(KubeObject object) {
        String mode = object.text("spec", "volumeMode");
        return mode.isEmpty() ? "Filesystem" : mode;
    }

    private static BigDecimal size(KubeObject volume) {
        return Quantity.of(volume.at("spec", "capacity", "storage"));
    }

    private static BigDecimal wanted(KubeObject claim) {
        return Quantity.of(claim.at("spec", "resources", "requests", "storage"));
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
