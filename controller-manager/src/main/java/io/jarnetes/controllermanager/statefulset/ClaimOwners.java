package io.jarnetes.controllermanager.statefulset;

import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.OwnerReference;
import io.jarnetes.kubeclient.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * spec.persistentVolumeClaimRetentionPolicy: a claim that is to go with the set is owned by the
 * set, one that is to go when its pod is scaled away is owned by that pod.
 */
final class ClaimOwners {

    private final KubeObject set;
    private final boolean wanted;
    private final OwnerReference bySet;
    private final OwnerReference byPod;

    /**
     * @param pod the name that mounts the claim; its UID is empty before it is made
     * @param wanted whether the set still wants this pod
     */
    ClaimOwners(KubeObject set, String pod, String podUid, boolean wanted) {
        this.set = set;
        this.wanted = wanted;
        this.bySet = OwnerReference.controllerOf(Resource.STATEFUL_SETS, set);
        this.byPod =
                new OwnerReference(
                        Resource.PODS.apiVersion(), Resource.PODS.kind(), pod, podUid, true, true);
    }

    private boolean deletes(String when) {
        return set.text("spec", "persistentVolumeClaimRetentionPolicy", when).equals("Delete");
    }

    private static boolean names(OwnerReference one, OwnerReference other) {
        return one.apiVersion().equals(other.apiVersion())
                && one.kind().equals(other.kind())
                && one.name().equals(other.name());
    }

    /** Whether it is owned by a set or pod of the same name that is gone. */
    private static boolean stale(KubeObject claim, OwnerReference owner) {
        return claim.owners().stream()
                .anyMatch(one -> names(one, owner) && !one.uid().equals(owner.uid()));
    }

    /** Whether a new pod must wait until the claim of its predecessor has gone with it. */
    boolean blocks(KubeObject claim) {
        return deletes("whenScaled") && stale(claim, byPod);
    }

    /** Whether somebody else controls the claim, so that the policy can't be followed. */
    boolean conflicting(KubeObject claim) {
        if (!deletes("whenScaled") && !deletes("whenDeleted")) {
            return false;
        }
        return stale(claim, bySet)
                || stale(claim, byPod)
                || claim.owners().stream()
                        .anyMatch(one ->
                                one.controller() && !names(one, bySet) && !names(one, byPod));
    }

    /** The owners that a claim should have; empty if it has them, or is to be left alone. */
    Optional<List<OwnerReference>> corrected(KubeObject claim) {
        if (stale(claim, bySet) || stale(claim, byPod)) {
            return Optional.empty();
        }
        List<OwnerReference> others =
                claim.owners().stream()
                        .filter(one -> !names(one, bySet) && !names(one, byPod))
                        .toList();
        List<OwnerReference> owners = new ArrayList<>(others);
        if (!conflicting(claim)) {
            if (deletes("whenDeleted") && (wanted || !deletes("whenScaled"))) {
                owners.add(bySet);
            }
            if (deletes("whenScaled") && !wanted) {
                owners.add(byPod);
            }
        }
        return same(owners, claim.owners()) ? Optional.empty() : Optional.of(owners);
    }

    private static boolean same(List<OwnerReference> wanted, List<OwnerReference> there) {
        return wanted.size() == there.size()
                && wanted.stream()
                        .allMatch(one ->
                                there.stream()
                                        .anyMatch(other ->
                                                other.uid().equals(one.uid())
                                                        && other.controller() == one.controller()));
    }
}
