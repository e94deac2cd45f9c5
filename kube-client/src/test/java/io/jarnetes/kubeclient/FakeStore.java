package io.jarnetes.kubeclient;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What an apiserver remembers, with the rules that controllers depend on: one resourceVersion for
 * all, conflicts, generations, generated names, finalizers, deletion timestamps, grace periods of
 * pods, status and spec that are written apart, namespaces that go. Nothing is defaulted and
 * nothing is validated. Every call is one step.
 */
public final class FakeStore {

    /** One write, as watches show it. */
    public record Change(
            long revision, Resource resource, String type, KubeObject before, KubeObject object) {}

    /** Sees every write before anybody else, and may throw: that is a test's failure. */
    @FunctionalInterface
    public interface Observer {
        void changed(Change change);
    }

    private static final String ALPHANUMS = "bcdfghjklmnpqrstvwxz2456789";
    private static final int GRACE_SECONDS = 30;

    private final Clock clock;
    private final SplittableRandom random;
    private final TreeMap<String, KubeObject> objects = new TreeMap<>();
    private final List<Change> changes = new ArrayList<>();
    private final List<Observer> observers = new ArrayList<>();
    private final List<AssertionError> failures = new ArrayList<>();
    private long revision = 1;
    private long compacted;
    private long uids;

    public FakeStore(Clock clock, long seed) {
        this.clock = clock;
        this.random = new SplittableRandom(seed);
    }

    public synchronized void observe(Observer observer) {
        observers.add(observer);
    }

    /** What observers threw. */
    public synchronized List<AssertionError> failures() {
        return List.copyOf(failures);
    }

    public synchronized long revision() {
        return revision;
    }

    /** Watches from here or before are told that it is too old. */
    public synchronized void compact() {
        compacted = revision;
    }

    private static String key(Resource resource, String namespace, String name) {
        return resource.groupResource() + "|" + namespace + "|" + name;
    }

    public synchronized Optional<KubeObject> find(
            Resource resource, String namespace, String name) {
        return Optional.ofNullable(objects.get(key(resource, namespace, name)));
    }

    public synchronized KubeObject get(Resource resource, String namespace, String name) {
        KubeObject found = objects.get(key(resource, namespace, name));
        if (found == null) {
            throw FakeRefusals.refusal(404, "NotFound", "%s \"%s\" not found", resource, name);
        }
        return found;
    }

    /** All of a namespace; of all with an empty one. */
    public synchronized List<KubeObject> list(Resource resource, String namespace) {
        String from = resource.groupResource() + "|" + (namespace.isEmpty() ? "" : namespace + "|");
        return List.copyOf(objects.subMap(from, from + Character.MAX_VALUE).values());
    }

    /** The writes of a resource after a revision; waits for one, at most so long. */
    synchronized List<Change> after(Resource resource, String namespace, long from, Duration limit)
            throws InterruptedException {
        if (from < compacted) {
            throw ApiException.of(
                    410,
                    Json.of(
                            "code",
                            410,
                            "reason",
                            "Expired",
                            "message",
                            "too old resource version: " + from));
        }
        List<Change> found = matching(resource, namespace, from);
        if (found.isEmpty()) {
            wait(Math.max(1, limit.toMillis()));
            found = matching(resource, namespace, from);
        }
        return found;
    }

    private List<Change> matching(Resource resource, String namespace, long from) {
        List<Change> found = new ArrayList<>();
        for (int i = changes.size() - 1; i >= 0 && changes.get(i).revision() > from; i--) {
            Change change = changes.get(i);
            if (change.resource().groupResource().equals(resource.groupResource())
                    && (namespace.isEmpty() || change.object().namespace().equals(namespace))) {
                found.addFirst(change);
            }
        }
        return found;
    }

    /** Puts an object there as it is, status and all; it gets a UID and times if it has none. */
    public synchronized KubeObject put(Resource resource, KubeObject object) {
        ObjectNode tree = object.copy();
        KubeObject before = objects.get(key(resource, object.namespace(), object.name()));
        if (before == null) {
            born(resource, tree);
        }
        return written(resource, before, tree);
    }

    public synchronized KubeObject create(Resource resource, String namespace, ObjectNode body) {
        ObjectNode tree = body.deepCopy();
        ObjectNode metadata = tree.withObjectProperty("metadata");
        if (resource.namespaced()) {
            metadata.put("namespace", namespace);
            refuseIfTerminating(resource, namespace, Json.text(metadata, "name"));
        }
        if (Json.text(metadata, "name").isEmpty()) {
            metadata.put("name", Json.text(metadata, "generateName") + suffix());
        }
        String name = Json.text(metadata, "name");
        if (objects.containsKey(key(resource, namespace, name))) {
            throw FakeRefusals.refusal(
                    409, "AlreadyExists", "%s \"%s\" already exists", resource, name);
        }
        if (!resource.equals(Resource.NODES)) {
            // A kubelet says at once how it is.
            tree.remove("status");
        }
        metadata.remove(List.of("uid", "creationTimestamp", "deletionTimestamp", "generation"));
        born(resource, tree);
        if (resource.equals(Resource.PODS)) {
            tree.set("status", Json.of("phase", "Pending"));
        } else if (resource.equals(Resource.NAMESPACES)) {
            tree.set("spec", Json.of("finalizers", List.of("kubernetes")));
            tree.set("status", Json.of("phase", "Active"));
        }
        return written(resource, null, tree);
    }

    private String suffix() {
        StringBuilder suffix = new StringBuilder();
        for (int i = 0; i < 5; i++) {
            suffix.append(ALPHANUMS.charAt(random.nextInt(ALPHANUMS.length())));
        }
        return suffix.toString();
    }

    private void refuseIfTerminating(Resource resource, String namespace, String name) {
        KubeObject there = objects.get(key(Resource.NAMESPACES, "", namespace));
        if (there != null && there.deleting()) {
            ObjectNode status =
                    FakeRefusals.status(
                            403,
                            "Forbidden",
                            "%s \"%s\" is forbidden: unable to create new content in namespace %s"
                                            .formatted(resource.groupResource(), name, namespace)
                                    + " because it is being terminated");
            status.set(
                    "details",
                    Json.of("causes", List.of(Json.of("reason", "NamespaceTerminating"))));
            throw ApiException.of(403, status);
        }
    }

    private void born(Resource resource, ObjectNode tree) {
        tree.put("apiVersion", resource.apiVersion()).put("kind", resource.kind());
        ObjectNode metadata = tree.withObjectProperty("metadata");
        if (Json.text(metadata, "uid").isEmpty()) {
            metadata.put("uid", "uid-%04d".formatted(++uids));
        }
        if (Json.text(metadata, "creationTimestamp").isEmpty()) {
            metadata.put("creationTimestamp", KubeObject.time(clock.instant()));
        }
        if (!metadata.has("generation")) {
            metadata.put("generation", 1);
        }
    }

    /** Replaces; {@code status} and {@code finalize} only what they are for. */
    public synchronized KubeObject update(Resource resource, ObjectNode body, String subresource) {
        String namespace = resource.namespaced() ? Json.text(body, "metadata", "namespace") : "";
        String name = Json.text(body, "metadata", "name");
        KubeObject before = get(resource, namespace, name);
        String version = Json.text(body, "metadata", "resourceVersion");
        if (!version.isEmpty() && !version.equals(before.resourceVersion())) {
            throw FakeRefusals.conflict(resource, name);
        }
        String uid = Json.text(body, "metadata", "uid");
        if (!uid.isEmpty() && !uid.equals(before.uid())) {
            throw FakeRefusals.conflict(resource, name);
        }
        ObjectNode tree;
        switch (subresource) {
            case "" -> {
                tree = body.deepCopy();
                keep(tree, before.tree(), "status");
            }
            case "finalize" -> {
                tree = before.copy();
                tree.set("spec", body.path("spec").deepCopy());
            }
            default -> {
                // The spec stays; what is noted about the object may come along.
                tree = before.copy();
                keep(tree, body, subresource.equals("approval") ? "status" : subresource);
                keep(
                        tree.withObjectProperty("metadata"),
                        body.withObjectProperty("metadata"),
                        "annotations");
            }
        }
        return changed(resource, before, tree);
    }

    private static void keep(ObjectNode tree, ObjectNode from, String field) {
        tree.remove(field);
        if (from.has(field)) {
            tree.set(field, from.path(field).deepCopy());
        }
    }

    public synchronized KubeObject patch(
            Resource resource,
            String namespace,
            String name,
            String subresource,
            ObjectNode patch,
            boolean strategic) {
        KubeObject before = get(resource, namespace, name);
        String version = Json.text(patch, "metadata", "resourceVersion");
        if (!version.isEmpty() && !version.equals(before.resourceVersion())) {
            throw FakeRefusals.conflict(resource, name);
        }
        String uid = Json.text(patch, "metadata", "uid");
        if (!uid.isEmpty() && !uid.equals(before.uid())) {
            throw FakeRefusals.refusal(
                    422,
                    "Invalid",
                    "%s \"%s\" is invalid: metadata.uid: Invalid value: field is immutable",
                    resource,
                    name);
        }
        ObjectNode tree = before.copy();
        FakePatch.apply(tree, patch, strategic);
        if (subresource.isEmpty()) {
            keep(tree, before.tree(), "status");
        }
        return changed(resource, before, tree);
    }

    private KubeObject changed(Resource resource, KubeObject before, ObjectNode tree) {
        ObjectNode metadata = tree.withObjectProperty("metadata");
        metadata.put("uid", before.uid());
        metadata.put("resourceVersion", before.resourceVersion());
        keep(metadata, (ObjectNode) before.at("metadata"), "creationTimestamp");
        keep(metadata, (ObjectNode) before.at("metadata"), "deletionTimestamp");
        keep(metadata, (ObjectNode) before.at("metadata"), "generation");
        if (metadata.path("finalizers").isEmpty()) {
            metadata.remove("finalizers");
        }
        tree.put("apiVersion", resource.apiVersion()).put("kind", resource.kind());
        if (Json.same(tree, before.tree())) {
            return before;
        }
        if (!Json.same(tree.path("spec"), before.at("spec"))
                && !resource.equals(Resource.NAMESPACES)) {
            metadata.put("generation", before.generation() + 1);
        }
        KubeObject after = KubeObject.of(tree);
        if (after.deleting() && free(resource, after)) {
            return removed(resource, before, tree);
        }
        return written(resource, before, tree);
    }

    /** Whether a deleted object has nothing more to wait for. */
    private static boolean free(Resource resource, KubeObject object) {
        boolean kept =
                resource.equals(Resource.NAMESPACES) && !object.at("spec", "finalizers").isEmpty();
        boolean runs =
                resource.equals(Resource.PODS) && object.number(0, "metadata", GRACE_FIELD) > 0;
        return object.finalizers().isEmpty() && !kept && !runs;
    }

    private static final String GRACE_FIELD = "deletionGracePeriodSeconds";

    /**
     * @param options a DeleteOptions; empty for none
     */
    public synchronized void delete(
            Resource resource, String namespace, String name, JsonNode options) {
        KubeObject before = get(resource, namespace, name);
        String uid = Json.text(options, "preconditions", "uid");
        String version = Json.text(options, "preconditions", "resourceVersion");
        if (!uid.isEmpty() && !uid.equals(before.uid())
                || !version.isEmpty() && !version.equals(before.resourceVersion())) {
            throw FakeRefusals.conflict(resource, name);
        }
        ObjectNode tree = before.copy();
        ObjectNode metadata = tree.withObjectProperty("metadata");
        switch (Json.text(options, "propagationPolicy")) {
            case "Orphan" -> finalizer(metadata, "orphan");
            case "Foreground" -> finalizer(metadata, "foregroundDeletion");
            default -> {
                // Background needs none.
            }
        }
        int grace = grace(resource, before, options);
        if (!before.deleting()) {
            metadata.put("deletionTimestamp", KubeObject.time(clock.instant().plusSeconds(grace)));
            metadata.put("generation", before.generation() + 1);
        }
        if (!before.deleting() || grace == 0) {
            metadata.put(GRACE_FIELD, grace);
        }
        if (resource.equals(Resource.NAMESPACES)) {
            tree.withObjectProperty("status").put("phase", "Terminating");
        }
        if (free(resource, KubeObject.of(tree))) {
            removed(resource, before, tree);
        } else if (!Json.same(tree, before.tree())) {
            written(resource, before, tree);
        }
    }

    /** Only a pod that runs somewhere gets time. */
    private static int grace(Resource resource, KubeObject pod, JsonNode options) {
        String phase = pod.text("status", "phase");
        boolean runs =
                resource.equals(Resource.PODS)
                        && !pod.text("spec", "nodeName").isEmpty()
                        && !phase.equals("Succeeded")
                        && !phase.equals("Failed");
        return runs ? Json.number(GRACE_SECONDS, options, "gracePeriodSeconds") : 0;
    }

    private static void finalizer(ObjectNode metadata, String finalizer) {
        ArrayNode finalizers = metadata.withArrayProperty("finalizers");
        if (!Json.list(finalizers).contains(finalizer)) {
            finalizers.add(finalizer);
        }
    }

    /** A pod is given to a node. */
    synchronized void bind(String namespace, String name, ObjectNode binding) {
        KubeObject pod = get(Resource.PODS, namespace, name);
        String uid = Json.text(binding, "metadata", "uid");
        if (!pod.text("spec", "nodeName").isEmpty() || !uid.isEmpty() && !uid.equals(pod.uid())) {
            throw FakeRefusals.conflict(Resource.PODS, name);
        }
        ObjectNode tree = pod.copy();
        tree.withObjectProperty("spec").put("nodeName", Json.text(binding, "target", "name"));
        tree.withObjectProperty("status").remove("nominatedNodeName");
        FakePatch.apply(
                tree.withObjectProperty("status"),
                Json.of("conditions", List.of(Json.of("type", "PodScheduled", "status", "True"))),
                true);
        written(Resource.PODS, pod, tree);
    }

    private KubeObject written(Resource resource, @Nullable KubeObject before, ObjectNode tree) {
        revision++;
        tree.withObjectProperty("metadata").put("resourceVersion", Long.toString(revision));
        KubeObject after = KubeObject.of(tree);
        objects.put(key(resource, after.namespace(), after.name()), after);
        tell(resource, before == null ? "ADDED" : "MODIFIED", before, after);
        return after;
    }

    private KubeObject removed(Resource resource, KubeObject before, ObjectNode tree) {
        revision++;
        tree.withObjectProperty("metadata").put("resourceVersion", Long.toString(revision));
        KubeObject last = KubeObject.of(tree);
        objects.remove(key(resource, last.namespace(), last.name()));
        tell(resource, "DELETED", before, last);
        return last;
    }

    private void tell(
            Resource resource, String type, @Nullable KubeObject before, KubeObject object) {
        Change change =
                new Change(revision, resource, type, before == null ? object : before, object);
        changes.add(change);
        for (Observer observer : observers) {
            try {
                observer.changed(change);
            } catch (AssertionError e) {
                failures.add(e);
            }
        }
        notifyAll();
    }
}
