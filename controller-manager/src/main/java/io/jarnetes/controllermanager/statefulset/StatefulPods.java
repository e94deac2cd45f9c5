package io.jarnetes.controllermanager.statefulset;

import io.jarnetes.controllermanager.framework.OwnWrites;
import io.jarnetes.kubeclient.ApiClient;
import io.jarnetes.kubeclient.ApiException;
import io.jarnetes.kubeclient.EventRecorder;
import io.jarnetes.kubeclient.Informer;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.OwnerReference;
import io.jarnetes.kubeclient.Resource;
import java.io.IOException;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes, mends and deletes the pods of one set and their claims, with upstream's events. */
final class StatefulPods {

    private final ApiClient client;
    private final EventRecorder events;
    private final Informer claims;
    private final OwnWrites writes;
    private final KubeObject set;

    StatefulPods(
            ApiClient client,
            EventRecorder events,
            Informer claims,
            OwnWrites writes,
            KubeObject set) {
        this.client = client;
        this.events = events;
        this.claims = claims;
        this.writes = writes;
        this.set = set;
    }

    private Iterable<JsonNode> templates() {
        return set.at("spec", "volumeClaimTemplates");
    }

    /** Claims first. Waits where the claim of an earlier pod of this name has still to go. */
    void create(int ordinal, KubeObject revision) {
        String name = set.name() + "-" + ordinal;
        ClaimOwners owners = new ClaimOwners(set, name, "", true);
        for (JsonNode template : templates()) {
            String claim = StatefulPod.claimName(set, template, ordinal);
            if (claims.get(set.namespace(), claim).filter(owners::blocks).isPresent()) {
                return;
            }
        }
        try {
            createClaims(ordinal, name);
            ObjectNode pod = StatefulPod.of(set, ordinal, revision);
            writes.created(set.key(), client.create(Resource.PODS, set.namespace(), pod));
            own(ordinal, owners);
            told("Create", name, null);
        } catch (ApiException e) {
            if (e.alreadyExists() || e.namespaceTerminating()) {
                return;
            }
            told("Create", name, e);
            throw e;
        }
    }

    private void createClaims(int ordinal, String pod) {
        for (JsonNode template : templates()) {
            String name = StatefulPod.claimName(set, template, ordinal);
            KubeObject there = claims.get(set.namespace(), name).orElse(null);
            if (there != null && there.deleting()) {
                throw ApiException.unreachable(
                        "claims of " + pod, new IOException("pvc " + name + " is being deleted"));
            }
            if (there == null) {
                createClaim(template, ordinal, name, pod);
            }
        }
    }

    private void createClaim(JsonNode template, int ordinal, String name, String pod) {
        try {
            client.create(
                    Resource.PERSISTENT_VOLUME_CLAIMS,
                    set.namespace(),
                    StatefulPod.claim(set, template, ordinal));
            events.normal(
                    set,
                    "SuccessfulCreate",
                    "Create Claim %s Pod %s in StatefulSet %s success"
                            .formatted(name, pod, set.name()));
        } catch (ApiException e) {
            if (e.alreadyExists()) {
                return;
            }
            events.warning(
                    set,
                    "FailedCreate",
                    "Create Claim %s for Pod %s in StatefulSet %s failed error: %s"
                            .formatted(name, pod, set.name(), e.getMessage()));
            throw e;
        }
    }

    /** Claims that are missing for a pod that waits for them, owners of claims, and its label. */
    void repair(KubeObject pod) {
        int ordinal = StatefulPlan.ordinal(set, pod.name());
        if (pod.text("status", "phase").equals("Pending")) {
            createClaims(ordinal, pod.name());
        }
        own(pod, true);
        if (pod.label(StatefulPod.NAME_LABEL).equals(pod.name()) || pod.deleting()) {
            return;
        }
        ObjectNode tree = pod.copy();
        tree.withObjectProperty("metadata")
                .withObjectProperty("labels")
                .put(StatefulPod.NAME_LABEL, pod.name())
                .put("apps.kubernetes.io/pod-index", Integer.toString(ordinal));
        client.update(Resource.PODS, tree);
        told("Update", pod.name(), null);
    }

    /**
     * Gives the claims of a pod the owners that the retention policy asks for.
     *
     * @param wanted whether the set still wants this pod
     */
    void own(KubeObject pod, boolean wanted) {
        own(
                StatefulPlan.ordinal(set, pod.name()),
                new ClaimOwners(set, pod.name(), pod.uid(), wanted));
    }

    private void own(int ordinal, ClaimOwners owners) {
        for (JsonNode template : templates()) {
            String name = StatefulPod.claimName(set, template, ordinal);
            KubeObject claim = claims.get(set.namespace(), name).orElse(null);
            if (claim == null) {
                continue;
            }
            List<OwnerReference> corrected = owners.corrected(claim).orElse(null);
            if (corrected == null) {
                continue;
            }
            if (owners.conflicting(claim)) {
                events.warning(
                        set,
                        "ConflictingController",
                        "PersistentVolumeClaim "
                                + name
                                + " has a conflicting OwnerReference that acts as a manging"
                                + " controller, the retention policy is ignored for this claim");
            }
            ObjectNode tree = claim.copy();
            tree.withObjectProperty("metadata")
                    .set(
                            "ownerReferences",
                            Json.tree(corrected.stream().map(OwnerReference::tree).toList()));
            client.update(Resource.PERSISTENT_VOLUME_CLAIMS, tree);
        }
    }

    void delete(KubeObject pod) {
        try {
            client.delete(Resource.PODS.path(pod), ApiClient.onlyUid(pod.uid()));
            writes.deleted(set.key(), pod);
        } catch (ApiException e) {
            if (!e.notFound()) {
                told("Delete", pod.name(), e);
                throw e;
            }
        }
        told("Delete", pod.name(), null);
    }

    private void told(
            String verb, String pod, @org.jspecify.annotations.Nullable ApiException failure) {
        String what = "%s Pod %s in StatefulSet %s ".formatted(verb, pod, set.name());
        if (failure == null) {
            events.normal(set, "Successful" + verb, what + "successful");
        } else {
            events.warning(set, "Failed" + verb, what + "failed error: " + failure.getMessage());
        }
    }
}
