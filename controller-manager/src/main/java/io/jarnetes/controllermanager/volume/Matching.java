package io.jarnetes.controllermanager.volume;

import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.Quantity;
import io.jarnetes.kubeclient.Selector;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which volume suits a claim: the smallest that is large enough, one reserved for it first. */
final class Matching {

    private Matching() {}

    static Optional<KubeObject> find(KubeObject claim, List<KubeObject> volumes) {
        Optional<KubeObject> reserved =
                volumes.stream()
                        .filter(volume -> isFor(volume, claim))
                        .filter(volume -> suits(claim, volume))
                        .min(BY_SIZE);
        if (reserved.isPresent()) {
            return reserved;
        }
        return volumes.stream()
                .filter(volume -> !volume.present("spec", "claimRef") && !volume.deleting())
                .filter(volume -> volume.text("status", "phase").equals("Available"))
                .filter(volume -> suits(claim, volume))
                .min(BY_SIZE);
    }

    private static final Comparator<KubeObject> BY_SIZE =
            Comparator.comparing(Matching::size).thenComparing(KubeObject::name);

    private static BigDecimal size(KubeObject volume) {
        return Quantity.of(volume.at("spec", "capacity", "storage"));
    }

    /** Whether a volume's claimRef names the claim; without a UID it is reserved, not bound. */
    static boolean isFor(KubeObject volume, KubeObject claim) {
        String uid = volume.text("spec", "claimRef", "uid");
        return volume.text("spec", "claimRef", "name").equals(claim.name())
                && volume.text("spec", "claimRef", "namespace").equals(claim.namespace())
                && (uid.isEmpty() || uid.equals(claim.uid()));
    }

    private static boolean suits(KubeObject claim, KubeObject volume) {
        return storageClass(claim).equals(storageClass(volume))
                && mode(claim).equals(mode(volume))
                && modes(volume).containsAll(modes(claim))
                && size(volume)
                                .compareTo(
                                        Quantity.of(
                                                claim.at(
                                                        "spec",
                                                        "resources",
                                                        "requests",
                                                        "storage")))
                        >= 0
                && (claim.at("spec", "selector").isMissingNode()
                        || Selector.of(claim.at("spec", "selector")).matches(volume));
    }

    static String storageClass(KubeObject object) {
        return object.text("spec", "storageClassName");
    }

    private static String mode(KubeObject object) {
        String mode = object.text("spec", "volumeMode");
        return mode.isEmpty() ? "Filesystem" : mode;
    }

    private static Set<String> modes(KubeObject object) {
        return Set.copyOf(Json.list(object.tree(), "spec", "accessModes"));
    }
}
