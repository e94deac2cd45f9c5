package io.jarnetes.apiserver.server.registry.managedfields;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A set of paths, as FieldsV1 writes it: a path is in the set if its node is a member; a node may
 * have children without being one. Mutable; operations that answer a set leave both operands alone.
 */
final class FieldSet {

    private static final String SELF = ".";

    private final TreeMap<String, FieldSet> children = new TreeMap<>();
    private boolean member;

    /** Reads {@code fieldsV1}. */
    static FieldSet parse(JsonNode fieldsV1) {
        FieldSet set = new FieldSet();
        if (fieldsV1.isEmpty()) {
            return set;
        }
        for (Map.Entry<String, JsonNode> each : fieldsV1.properties()) {
            if (each.getKey().equals(SELF)) {
                set.member = true;
            } else {
                FieldSet child = parse(each.getValue());
                // An element with nothing below it is a member itself.
                child.member |= each.getValue().isEmpty();
                set.children.put(each.getKey(), child);
            }
        }
        return set;
    }

    ObjectNode toTree() {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        if (member && !children.isEmpty()) {
            tree.putObject(SELF);
        }
        children.forEach((element, child) -> tree.set(element, child.toTree()));
        return tree;
    }

    boolean isEmpty() {
        return !member && children.values().stream().allMatch(FieldSet::isEmpty);
    }

    /** Adds a path. */
    void insert(List<String> path) {
        FieldSet node = this;
        for (String element : path) {
            node = node.children.computeIfAbsent(element, e -> new FieldSet());
        }
        node.member = true;
    }

    /** Takes a path away with everything below it. */
    void removeTree(String... path) {
        FieldSet node = this;
        for (int i = 0; i < path.length - 1; i++) {
            FieldSet next = node.children.get(path[i]);
            if (next == null) {
                return;
            }
            node = next;
        }
        node.children.remove(path[path.length - 1]);
    }

    /** Takes only the membership of a path away. */
    void removeMember(String... path) {
        FieldSet node = this;
        for (String element : path) {
            FieldSet next = node.children.get(element);
            if (next == null) {
                return;
            }
            node = next;
        }
        node.member = false;
    }

    FieldSet union(FieldSet other) {
        FieldSet result = copy();
        result.addAll(other);
        return result;
    }

    private void addAll(FieldSet other) {
        member |= other.member;
        other.children.forEach((element, child) ->
                children.computeIfAbsent(element, e -> new FieldSet()).addAll(child));
    }

    FieldSet minus(FieldSet other) {
        FieldSet result = new FieldSet();
        result.member = member && !other.member;
        children.forEach((element, child) -> {
            FieldSet theirs = other.children.get(element);
            FieldSet left = theirs == null ? child.copy() : child.minus(theirs);
            if (!left.isEmpty()) {
                result.children.put(element, left);
            }
        });
        return result;
    }

    FieldSet and(FieldSet other) {
        FieldSet result = new FieldSet();
        result.member = member && other.member;
        children.forEach((element, child) -> {
            FieldSet theirs = other.children.get(element);
            FieldSet both = theirs == null ? null : child.and(theirs);
            if (both != null && !both.isEmpty()) {
                result.children.put(element, both);
            }
        });
        return result;
    }

    /** The set below an element; null when there is none. */
    @Nullable FieldSet child(String element) {
        return children.get(element);
    }

    boolean member() {
        return member;
    }

    Map<String, FieldSet> children() {
        return children;
    }

    private FieldSet copy() {
        FieldSet copy = new FieldSet();
        copy.member = member;
        children.forEach((element, child) -> copy.children.put(element, child.copy()));
        return copy;
    }

    /** Drops what the server itself sets of every object. */
    FieldSet withoutSystemFields() {
        FieldSet stripped = copy();
        stripped.removeTree("f:apiVersion");
        stripped.removeTree("f:kind");
        stripped.removeMember("f:metadata");
        for (String field :
                List.of(
                        "f:name",
                        "f:namespace",
                        "f:creationTimestamp",
                        "f:selfLink",
                        "f:uid",
                        "f:generation",
                        "f:managedFields",
                        "f:resourceVersion")) {
            stripped.removeTree("f:metadata", field);
        }
        FieldSet metadata = stripped.children.get("f:metadata");
        if (metadata != null && metadata.isEmpty()) {
            stripped.children.remove("f:metadata");
        }
        return stripped;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FieldSet set
                && set.member == member
                && set.children.equals(children);
    }

    @Override
    public int hashCode() {
        return 31 * children.hashCode() + Boolean.hashCode(member);
    }

    @Override
    public String toString() {
        return toTree().toString();
    }
}
