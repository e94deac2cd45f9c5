package io.jarnetes.controllermanager.garbage;

import io.jarnetes.base.log.Log;
import io.jarnetes.kubeclient.ApiClient;
import io.jarnetes.kubeclient.ApiException;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.OwnerReference;
import io.jarnetes.kubeclient.Resource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Looks at single objects on the server, and deletes them or sets them free. */
final class Collector {

    private final ApiClient client;
    private final Graph graph;
    private final Consumer<Graph.Work> enqueue;
    private final Log log;
    private volatile Map<String, Resource> kinds = Map.of();

    /**
     * @param enqueue takes what is to be looked at next
     */
    Collector(ApiClient client, Graph graph, Consumer<Graph.Work> enqueue, Log log) {
        this.client = client;
        this.graph = graph;
        this.enqueue = enqueue;
        this.log = log;
    }

    /**
     * @param byKind all resources by {@code apiVersion/kind}
     */
    void kinds(Map<String, Resource> byKind) {
        kinds = Map.copyOf(byKind);
    }

    /** The owners of an object, as the server has them. */
    private record Owners(
            List<OwnerReference> solid, List<OwnerReference> gone, List<OwnerReference> waiting) {}

    /** Deletes an object whose owners are all gone, and goes on with a foreground deletion. */
    void check(String uid) {
        Graph.Node node = graph.get(uid).orElse(null);
        if (node == null || node.beingDeleted() && !node.waiting()) {
            return;
        }
        KubeObject live =
                live(node.apiVersion(), node.kind(), node.namespace(), node.name()).orElse(null);
        if (live == null || !live.uid().equals(uid)) {
            enqueue.accept(graph.forget(uid));
            return;
        }
        if (node.virtual()) {
            // It is there; its informer will show it.
            return;
        }
        if (node.waiting()) {
            finishForeground(node, live);
            return;
        }
        if (!live.owners().isEmpty()) {
            collect(node, live, classify(live));
        }
    }

    private void collect(Graph.Node node, KubeObject live, Owners owners) {
        if (!owners.solid().isEmpty()) {
            List<OwnerReference> former = new ArrayList<>(owners.gone());
            former.addAll(owners.waiting());
            if (!former.isEmpty()) {
                removeOwners(
                        live, former.stream().map(OwnerReference::uid).collect(Collectors.toSet()));
            }
            return;
        }
        List<Graph.Node> dependents = graph.dependents(node.uid());
        if (!owners.waiting().isEmpty() && !dependents.isEmpty()) {
            if (dependents.stream().anyMatch(Graph.Node::waiting)) {
                // A circle of owners that wait for each other would never end.
                unblock(live);
            }
            delete(live, "Foreground");
            return;
        }
        delete(live, policy(live));
    }

    /** What was asked for when somebody else deleted it, else the default of collecting. */
    private static String policy(KubeObject live) {
        if (live.finalizers().contains(Graph.ORPHAN)) {
            return "Orphan";
        }
        return live.finalizers().contains(Graph.FOREGROUND) ? "Foreground" : "Background";
    }

    private Owners classify(KubeObject live) {
        Owners owners = new Owners(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (OwnerReference reference : live.owners()) {
            KubeObject owner =
                    live(
                                    reference.apiVersion(),
                                    reference.kind(),
                                    live.namespace(),
                                    reference.name())
                            .orElse(null);
            if (owner == null || !owner.uid().equals(reference.uid())) {
                owners.gone().add(reference);
            } else if (owner.deleting() && owner.finalizers().contains(Graph.FOREGROUND)) {
                owners.waiting().add(reference);
            } else {
                owners.solid().add(reference);
            }
        }
        return owners;
    }

    private Optional<KubeObject> live(
            String apiVersion, String kind, String namespace, String name) {
        Resource resource = resource(apiVersion, kind);
        if (resource.namespaced() && namespace.isEmpty()) {
            // An object of the cluster can't be owned by one of a namespace; leave it alone.
            throw ApiException.unreachable(
                    "owner " + kind + " " + name, new IOException("is in no namespace"));
        }
        return client.find(resource, resource.namespaced() ? namespace : "", name);
    }

    private Resource resource(String apiVersion, String kind) {
        Resource resource = kinds.get(apiVersion + "/" + kind);
        if (resource == null) {
            throw ApiException.unreachable(
                    apiVersion + " " + kind, new IOException("the server has no such kind now"));
        }
        return resource;
    }

    private void finishForeground(Graph.Node node, KubeObject live) {
        List<Graph.Node> blocking = graph.blocking(node.uid());
        if (blocking.isEmpty()) {
            removeFinalizer(live, Graph.FOREGROUND);
            return;
        }
        Graph.Work work = Graph.Work.none();
        blocking.stream()
                .filter(dependent -> !dependent.waiting())
                .forEach(dependent -> work.check().add(dependent.uid()));
        enqueue.accept(work);
    }

    /** Sets the dependents of an object free, so that it can go without them. */
    void orphan(String uid) {
        Graph.Node node = graph.get(uid).orElse(null);
        if (node == null) {
            return;
        }
        for (Graph.Node dependent : graph.dependents(uid)) {
            KubeObject live =
                    live(
                                    dependent.apiVersion(),
                                    dependent.kind(),
                                    dependent.namespace(),
                                    dependent.name())
                            .orElse(null);
            if (live != null && live.uid().equals(dependent.uid())) {
                removeOwners(live, Set.of(uid));
            }
        }
        live(node.apiVersion(), node.kind(), node.namespace(), node.name())
                .filter(live -> live.uid().equals(uid))
                .ifPresent(live -> removeFinalizer(live, Graph.ORPHAN));
    }

    private void delete(KubeObject live, String policy) {
        ObjectNode options = ApiClient.onlyUid(live.uid());
        options.withObjectProperty("preconditions").put("resourceVersion", live.resourceVersion());
        options.put("propagationPolicy", policy);
        log.debug("Deleting item", "item", live.toString(), "propagationPolicy", policy);
        client.deleteIfThere(resource(live.apiVersion(), live.kind()).path(live), options);
    }

    private void removeOwners(KubeObject live, Set<String> uids) {
        ArrayNode left = Json.array();
        live.owners().stream()
                .filter(owner -> !uids.contains(owner.uid()))
                .forEach(owner -> left.add(owner.tree()));
        if (left.size() != live.owners().size()) {
            patch(live, "ownerReferences", left);
        }
    }

    private void unblock(KubeObject live) {
        ArrayNode references = Json.array();
        for (OwnerReference owner : live.owners()) {
            references.add(owner.tree().put("blockOwnerDeletion", false));
        }
        patch(live, "ownerReferences", references);
    }

    private void removeFinalizer(KubeObject live, String finalizer) {
        List<String> left = new ArrayList<>(live.finalizers());
        if (left.remove(finalizer)) {
            patch(live, "finalizers", (ArrayNode) Json.tree(left));
        }
    }

    /** With the resourceVersion: a list that changed meanwhile must not be overwritten. */
    private void patch(KubeObject live, String field, ArrayNode value) {
        ObjectNode metadata = Json.of("resourceVersion", live.resourceVersion(), "uid", live.uid());
        metadata.set(field, value);
        try {
            client.patch(
                    resource(live.apiVersion(), live.kind()).path(live),
                    ApiClient.Patch.MERGE,
                    Json.of("metadata", metadata));
        } catch (ApiException e) {
            if (!e.notFound()) {
                throw e;
            }
        }
    }
}
