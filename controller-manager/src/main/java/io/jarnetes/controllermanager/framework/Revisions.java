package io.jarnetes.controllermanager.framework;

import io.jarnetes.kubeclient.ApiClient;
import io.jarnetes.kubeclient.ApiException;
import io.jarnetes.kubeclient.Informer;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.OwnerReference;
import io.jarnetes.kubeclient.Resource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The ControllerRevisions of StatefulSets and DaemonSets: their templates of the past. */
public final class Revisions {

    public static final String HASH_LABEL = "controller-revision-hash";
    private static final String HASH = "controller.kubernetes.io/hash";

    private final ApiClient client;
    private final Informer informer;
    private final Resource ownerResource;

    public Revisions(ApiClient client, Informer informer, Resource ownerResource) {
        this.client = client;
        this.informer = informer;
        this.ownerResource = ownerResource;
    }

    /** Of an owner, oldest first. */
    public List<KubeObject> of(KubeObject owner) {
        return informer.list(owner.namespace()).stream()
                .filter(revision -> revision.controlledBy(owner.uid()))
                .sorted(
                        Comparator.comparingLong((KubeObject r) -> r.at("revision").asLong(0))
                                .thenComparing(KubeObject::name))
                .toList();
    }

    /**
     * The revision of the owner's template, made or moved to the end if need be.
     *
     * @param history as {@link #of} gives it
     */
    public KubeObject current(KubeObject owner, List<KubeObject> history) {
        ObjectNode data = data(owner);
        long last = history.isEmpty() ? 0 : history.getLast().at("revision").asLong(0);
        KubeObject equal = null;
        for (KubeObject revision : history) {
            if (Json.same(revision.at("data"), data)) {
                equal = revision;
            }
        }
        if (equal == null) {
            return create(owner, data, last + 1);
        }
        if (equal.at("revision").asLong(0) == last) {
            return equal;
        }
        ObjectNode tree = equal.copy();
        tree.put("revision", last + 1);
        return client.update(Resource.CONTROLLER_REVISIONS, tree);
    }

    /** What a rollback lays over the owner. */
    private static ObjectNode data(KubeObject owner) {
        ObjectNode template = (ObjectNode) owner.at("spec", "template").deepCopy();
        template.put("$patch", "replace");
        return Json.of("spec", Json.of("template", template));
    }

    private KubeObject create(KubeObject owner, ObjectNode data, long revision) {
        int collisions = owner.number(0, "status", "collisionCount");
        String hash = Hashes.template(data, collisions);
        ObjectNode labels = Json.object();
        for (Map.Entry<String, String> label :
                Json.strings(owner.at("spec", "template", "metadata", "labels")).entrySet()) {
            labels.put(label.getKey(), label.getValue());
        }
        labels.put(ownerResource.equals(Resource.DAEMON_SETS) ? HASH_LABEL : HASH, hash);
        ObjectNode metadata =
                Json.of(
                        "name",
                        owner.name() + "-" + hash,
                        "namespace",
                        owner.namespace(),
                        "labels",
                        labels);
        metadata.withArrayProperty("ownerReferences")
                .add(OwnerReference.controllerOf(ownerResource, owner).tree());
        ObjectNode tree = Json.of("metadata", metadata, "data", data, "revision", revision);
        try {
            return client.create(Resource.CONTROLLER_REVISIONS, owner.namespace(), tree);
        } catch (ApiException e) {
            if (!e.alreadyExists()) {
                throw e;
            }
            return client.find(
                            Resource.CONTROLLER_REVISIONS,
                            owner.namespace(),
                            owner.name() + "-" + hash)
                    .filter(there -> Json.same(there.at("data"), data))
                    .orElseThrow(() -> e);
        }
    }

    /**
     * Deletes the oldest past spec.revisionHistoryLimit.
     *
     * @param live hashes that pods carry; these stay
     */
    public void truncate(KubeObject owner, List<KubeObject> history, Set<String> live) {
        List<KubeObject> old =
                history.stream().filter(revision -> !live.contains(hash(revision))).toList();
        int excess = old.size() - owner.number(10, "spec", "revisionHistoryLimit");
        for (int i = 0; i < excess; i++) {
            try {
                client.delete(Resource.CONTROLLER_REVISIONS.path(old.get(i)), null);
            } catch (ApiException e) {
                if (!e.notFound()) {
                    throw e;
                }
            }
        }
    }

    /** What pods of a revision carry as label: the hash, or the name where it has no such label. */
    public static String hash(@Nullable KubeObject revision) {
        if (revision == null) {
            return "";
        }
        return revision.label(HASH_LABEL).isEmpty() ? revision.name() : revision.label(HASH_LABEL);
    }
}
