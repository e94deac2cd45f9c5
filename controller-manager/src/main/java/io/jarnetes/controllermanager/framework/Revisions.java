package io.jarnetes.controllermanager.framework;

import io.jarnetes.kubeclient.ApiClient;
import io.jarnetes.kubeclient.ApiException;
import io.jarnetes.kubeclient.Informer;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.OwnerReference;
import io.jarnetes.kubeclient.Resource;
import io.jarnetes.kubeclient.Selector;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The ControllerRevisions of StatefulSets and DaemonSets: their templates of the past. */
public final class Revisions {

    /** What pods carry to say which revision they are of. */
    public static final String HASH_LABEL = "controller-revision-hash";

    private static final String HASH = "controller.kubernetes.io/hash";

    /** So that a name with its hash is none too long. */
    private static final int LONGEST_PREFIX = 223;

    /**
     * The revision of a template.
     *
     * @param collisions how often a name was taken by another template; goes to the status
     */
    public record Current(KubeObject revision, int collisions) {}

    private final ApiClient client;
    private final Informer informer;
    private final Resource ownerResource;
    private final boolean stateful;
    private final Claims claims;

    public Revisions(ApiClient client, Informer informer, Resource ownerResource) {
        this.client = client;
        this.informer = informer;
        this.ownerResource = ownerResource;
        this.stateful = ownerResource.equals(Resource.STATEFUL_SETS);
        this.claims = new Claims(client, ownerResource, Resource.CONTROLLER_REVISIONS);
    }

    /** Of an owner, oldest first; those that nobody owns any more are adopted. */
    public List<KubeObject> of(KubeObject owner) {
        List<KubeObject> all =
                informer.list(owner.namespace()).stream()
                        .filter(one -> one.controller() == null || one.controlledBy(owner.uid()))
                        .toList();
        return claims
                .claim(owner, Selector.of(owner.at("spec", "selector")), all, one -> true)
                .stream()
                .sorted(
                        Comparator.comparingLong((KubeObject r) -> r.at("revision").asLong(0))
                                .thenComparing(KubeObject::creationTimestamp)
                                .thenComparing(KubeObject::name))
                .toList();
    }

    /**
     * The revision of the owner's template, made or moved to the end if need be.
     *
     * @param history as {@link #of} gives it
     */
    public Current current(KubeObject owner, List<KubeObject> history) {
        ObjectNode data = data(owner);
        long last = history.isEmpty() ? 0 : history.getLast().at("revision").asLong(0);
        int collisions = owner.number(0, "status", "collisionCount");
        KubeObject equal = null;
        for (KubeObject revision : history) {
            if (same(revision, data)) {
                equal = revision;
            }
        }
        if (equal == null) {
            return create(owner, data, last + 1, collisions);
        }
        if (equal.at("revision").asLong(0) == last) {
            return new Current(equal, collisions);
        }
        ObjectNode tree = equal.copy();
        tree.put("revision", last + 1);
        return new Current(client.update(Resource.CONTROLLER_REVISIONS, tree), collisions);
    }

    /** What a rollback lays over the owner. */
    private static ObjectNode data(KubeObject owner) {
        ObjectNode template = (ObjectNode) owner.at("spec", "template").deepCopy();
        template.put("$patch", "replace");
        return plain(Json.of("spec", Json.of("template", template)));
    }

    /** Older programs write a time that isn't there as null. */
    private static ObjectNode plain(ObjectNode data) {
        ObjectNode copy = data.deepCopy();
        JsonNode metadata = Json.at(copy, "spec", "template", "metadata");
        if (metadata instanceof ObjectNode object && object.path("creationTimestamp").isNull()) {
            object.remove("creationTimestamp");
        }
        return copy;
    }

    private static boolean same(KubeObject revision, ObjectNode data) {
        return revision.at("data") instanceof ObjectNode there && Json.same(plain(there), data);
    }

    private Current create(KubeObject owner, ObjectNode data, long revision, int collisions) {
        ObjectNode tree = fresh(owner, data, revision, Hashes.template(data, collisions));
        try {
            return new Current(
                    client.create(Resource.CONTROLLER_REVISIONS, owner.namespace(), tree),
                    collisions);
        } catch (ApiException e) {
            if (!e.alreadyExists()) {
                throw e;
            }
            KubeObject there =
                    client.find(
                                    Resource.CONTROLLER_REVISIONS,
                                    owner.namespace(),
                                    Json.text(tree, "metadata", "name"))
                            .orElseThrow(() -> e);
            return same(there, data)
                    ? new Current(there, collisions)
                    : create(owner, data, revision, collisions + 1);
        }
    }

    private ObjectNode fresh(KubeObject owner, ObjectNode data, long revision, String hash) {
        ObjectNode labels = Json.object();
        Json.strings(owner.at("spec", "template", "metadata", "labels")).forEach(labels::put);
        labels.put(stateful ? HASH : HASH_LABEL, hash);
        String name = owner.name();
        String prefix = name.length() > LONGEST_PREFIX ? name.substring(0, LONGEST_PREFIX) : name;
        ObjectNode metadata =
                Json.of(
                        "name",
                        prefix + "-" + hash,
                        "namespace",
                        owner.namespace(),
                        "labels",
                        labels);
        if (!owner.annotations().isEmpty()) {
            metadata.set("annotations", owner.at("metadata", "annotations").deepCopy());
        }
        metadata.withArrayProperty("ownerReferences")
                .add(OwnerReference.controllerOf(ownerResource, owner).tree());
        return Json.of("metadata", metadata, "data", data, "revision", revision);
    }

    /**
     * Deletes the oldest past spec.revisionHistoryLimit.
     *
     * @param live what {@link #label} gave for revisions that are in use; these stay
     */
    public void truncate(KubeObject owner, List<KubeObject> history, Set<String> live) {
        List<KubeObject> old =
                history.stream().filter(revision -> !live.contains(label(revision))).toList();
        int excess = old.size() - owner.number(10, "spec", "revisionHistoryLimit");
        for (int i = 0; i < excess; i++) {
            client.deleteIfThere(Resource.CONTROLLER_REVISIONS.path(old.get(i)), null);
        }
    }

    /**
     * What pods of a revision carry as label: the hash; of a StatefulSet the revision's whole name.
     */
    public String label(KubeObject revision) {
        String hash = revision.label(HASH_LABEL);
        return stateful || hash.isEmpty() ? revision.name() : hash;
    }
}
