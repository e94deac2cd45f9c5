package io.jarnetes.kubeclient;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An object of the API as a JSON tree, with getters for what every object has. The tree is shared
 * and never changed; {@link #copy} gives one to edit.
 */
public final class KubeObject {

    private final ObjectNode tree;
    private final String namespace;
    private final String name;
    private final String uid;

    private KubeObject(ObjectNode tree) {
        this.tree = tree;
        JsonNode metadata = tree.path("metadata");
        this.namespace = Json.text(metadata, "namespace");
        this.name = Json.text(metadata, "name");
        this.uid = Json.text(metadata, "uid");
    }

    /**
     * @param tree not changed from now on
     */
    public static KubeObject of(ObjectNode tree) {
        return new KubeObject(tree);
    }

    /** The tree; not to be changed. */
    public ObjectNode tree() {
        return tree;
    }

    /** A deep copy of the tree, to edit. */
    public ObjectNode copy() {
        return tree.deepCopy();
    }

    /** Empty for an object of the cluster. */
    public String namespace() {
        return namespace;
    }

    public String name() {
        return name;
    }

    public String uid() {
        return uid;
    }

    /** {@code namespace/name}, or {@code name} for an object of the cluster. */
    public String key() {
        return key(namespace, name);
    }

    public static String key(String namespace, String name) {
        return namespace.isEmpty() ? name : namespace + "/" + name;
    }

    public String apiVersion() {
        return Json.text(tree, "apiVersion");
    }

    public String kind() {
        return Json.text(tree, "kind");
    }

    public String resourceVersion() {
        return Json.text(tree, "metadata", "resourceVersion");
    }

    /** 0 where the resource has none. */
    public long generation() {
        return at("metadata", "generation").asLong(0);
    }

    public Map<String, String> labels() {
        return Json.strings(at("metadata", "labels"));
    }

    public Map<String, String> annotations() {
        return Json.strings(at("metadata", "annotations"));
    }

    /** Empty where it isn't set. */
    public String annotation(String key) {
        return Json.text(tree, "metadata", "annotations", key);
    }

    /** Empty where it isn't set. */
    public String label(String key) {
        return Json.text(tree, "metadata", "labels", key);
    }

    public List<String> finalizers() {
        return Json.list(tree, "metadata", "finalizers");
    }

    public boolean deleting() {
        return present("metadata", "deletionTimestamp");
    }

    public Instant creationTimestamp() {
        return time(at("metadata", "creationTimestamp")).orElse(Instant.EPOCH);
    }

    public Optional<Instant> deletionTimestamp() {
        return time(at("metadata", "deletionTimestamp"));
    }

    public List<OwnerReference> owners() {
        JsonNode references = at("metadata", "ownerReferences");
        if (references.isEmpty()) {
            return List.of();
        }
        List<OwnerReference> owners = new ArrayList<>(references.size());
        references.forEach(reference -> owners.add(OwnerReference.of(reference)));
        return owners;
    }

    /** The owner that controls it, if any. */
    public @Nullable OwnerReference controller() {
        for (OwnerReference owner : owners()) {
            if (owner.controller()) {
                return owner;
            }
        }
        return null;
    }

    public boolean controlledBy(String ownerUid) {
        OwnerReference controller = controller();
        return controller != null && controller.uid().equals(ownerUid);
    }

    public JsonNode at(String... path) {
        return Json.at(tree, path);
    }

    public String text(String... path) {
        return Json.text(tree, path);
    }

    public int number(int otherwise, String... path) {
        return Json.number(otherwise, tree, path);
    }

    public boolean flag(String... path) {
        return Json.flag(tree, path);
    }

    public boolean present(String... path) {
        return Json.present(tree, path);
    }

    /** The condition of this type in status.conditions; missing where there is none. */
    public JsonNode condition(String type) {
        for (JsonNode condition : at("status", "conditions")) {
            if (Json.text(condition, "type").equals(type)) {
                return condition;
            }
        }
        return tools.jackson.databind.node.MissingNode.getInstance();
    }

    public boolean conditionTrue(String type) {
        return Json.text(condition(type), "status").equals("True");
    }

    /** A time as the API writes it. */
    public static Optional<Instant> time(JsonNode node) {
        String text = Json.text(node);
        return text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text));
    }

    /** A time as the API writes it: whole seconds, {@code Z}. */
    public static String time(Instant instant) {
        return instant.truncatedTo(java.time.temporal.ChronoUnit.SECONDS).toString();
    }

    /** A MicroTime as the API writes it. */
    public static String microTime(Instant instant) {
        return java.time.format.DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'")
                .withZone(java.time.ZoneOffset.UTC)
                .format(instant);
    }

    @Override
    public String toString() {
        return kind() + " " + key();
    }
}
