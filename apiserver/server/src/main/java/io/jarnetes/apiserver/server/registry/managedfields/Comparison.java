package io.jarnetes.apiserver.server.registry.managedfields;

import io.jarnetes.apiserver.schema.FieldSchema;
import io.jarnetes.apiserver.schema.FieldSchema.ListType;
import io.jarnetes.apiserver.schema.FieldSchema.Shape;
import io.jarnetes.apiserver.schema.ScalarType;
import io.jarnetes.apiserver.schema.Schema;
import io.jarnetes.apiserver.schema.TypeSchema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What differs between two states of an object, field by field (structured-merge-diff's {@code
 * Compare}): atomic maps and lists, and empty ones, count as one field.
 */
final class Comparison {

    private final Schema schema;
    private final List<String> path = new ArrayList<>();
    private final FieldSet added = new FieldSet();
    private final FieldSet modified = new FieldSet();
    private final FieldSet removed = new FieldSet();

    private Comparison(Schema schema) {
        this.schema = schema;
    }

    /**
     * @param type null for custom resources, whose lists are atomic and maps are not
     */
    static Comparison of(
            Schema schema, @Nullable TypeSchema type, ObjectNode before, ObjectNode after) {
        Comparison comparison = new Comparison(schema);
        comparison.map(null, type, before, after);
        return comparison;
    }

    FieldSet added() {
        return added;
    }

    FieldSet modified() {
        return modified;
    }

    FieldSet removed() {
        return removed;
    }

    /** Compares one node; the last path element is its own. */
    private void node(
            @Nullable FieldSchema field,
            boolean item,
            @Nullable JsonNode before,
            @Nullable JsonNode after) {
        boolean leaf = visit(field, item, before, after);
        if (!leaf) {
            if (before == null) {
                added.insert(path);
            } else if (after == null) {
                removed.insert(path);
            }
        }
    }

    /** Answers whether the node was treated as one field. */
    private boolean visit(
            @Nullable FieldSchema field,
            boolean item,
            @Nullable JsonNode before,
            @Nullable JsonNode after) {
        JsonNode some = after == null || after.isNull() ? before : after;
        if (some instanceof ObjectNode) {
            TypeSchema struct = struct(field, item);
            boolean atomic = atomicMap(field, item, struct);
            if (atomic || isEmpty(before) && isEmpty(after)) {
                leaf(before, after);
                return true;
            }
            map(field, struct, object(before), object(after));
            return false;
        }
        if (some instanceof ArrayNode
                && field != null
                && !item
                && (field.listType() == ListType.SET || field.listType() == ListType.MAP)) {
            if (isEmpty(before) && isEmpty(after)) {
                leaf(before, after);
                return true;
            }
            list(field, before, after);
            return false;
        }
        leaf(before, after);
        return true;
    }

    private @Nullable TypeSchema struct(@Nullable FieldSchema field, boolean item) {
        boolean typed =
                field != null
                        && field.type() == ScalarType.OBJECT
                        && (item || field.shape() == Shape.SINGLE);
        if (!typed || field == null) {
            return null;
        }
        Optional<TypeSchema> type = schema.type(field.ref());
        return type.orElse(null);
    }

    private static boolean atomicMap(
            @Nullable FieldSchema field, boolean item, @Nullable TypeSchema struct) {
        if (struct != null) {
            return struct.atomic() || (field != null && field.atomic() && !item);
        }
        if (field == null) {
            return false;
        }
        if (!item && field.shape() == Shape.MAP) {
            return field.atomic();
        }
        return true;
    }

    private void map(
            @Nullable FieldSchema field,
            @Nullable TypeSchema struct,
            @Nullable ObjectNode before,
            @Nullable ObjectNode after) {
        TreeSet<String> names = new TreeSet<>();
        if (before != null) {
            names.addAll(before.propertyNames());
        }
        if (after != null) {
            names.addAll(after.propertyNames());
        }
        for (String name : names) {
            JsonNode left = get(before, name);
            JsonNode right = get(after, name);
            if (left == null && right == null) {
                continue;
            }
            path.add("f:" + name);
            if (struct != null) {
                node(struct.field(name), false, left, right);
            } else {
                node(field, true, left, right);
            }
            path.removeLast();
        }
    }

    private void list(FieldSchema field, @Nullable JsonNode before, @Nullable JsonNode after) {
        Map<String, List<JsonNode>> left = elements(field, before);
        Map<String, List<JsonNode>> right = elements(field, after);
        TreeSet<String> all = new TreeSet<>(left.keySet());
        all.addAll(right.keySet());
        for (String element : all) {
            List<JsonNode> l = left.getOrDefault(element, List.of());
            List<JsonNode> r = right.getOrDefault(element, List.of());
            path.add(element);
            if (l.size() <= 1 && r.size() <= 1) {
                node(
                        field,
                        true,
                        l.isEmpty() ? null : l.getFirst(),
                        r.isEmpty() ? null : r.getFirst());
            } else if (!l.equals(r)) {
                (l.isEmpty() ? added : r.isEmpty() ? removed : modified).insert(path);
            }
            path.removeLast();
        }
    }

    private Map<String, List<JsonNode>> elements(FieldSchema field, @Nullable JsonNode list) {
        Map<String, List<JsonNode>> elements = new LinkedHashMap<>();
        if (list != null) {
            for (JsonNode item : list) {
                elements.computeIfAbsent(
                                PathElements.of(schema, field, item), e -> new ArrayList<>())
                        .add(item);
            }
        }
        return elements;
    }

    private void leaf(@Nullable JsonNode before, @Nullable JsonNode after) {
        if (before == null) {
            added.insert(path);
        } else if (after == null) {
            removed.insert(path);
        } else if (!before.equals(Comparison::order, after)) {
            modified.insert(path);
        }
    }

    /** Whole numbers are one, however wide they were read. */
    private static int order(JsonNode a, JsonNode b) {
        if (a.isNumber() && b.isNumber()) {
            return a.decimalValue().compareTo(b.decimalValue());
        }
        return a.equals(b) ? 0 : 1;
    }

    private static boolean isEmpty(@Nullable JsonNode node) {
        return node == null || node.isEmpty();
    }

    private static @Nullable ObjectNode object(@Nullable JsonNode node) {
        return node instanceof ObjectNode object ? object : null;
    }

    private static @Nullable JsonNode get(@Nullable ObjectNode object, String name) {
        return object == null ? null : object.get(name);
    }
}
