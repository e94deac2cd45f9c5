package io.jarnetes.apiserver.server.registry.managedfields;

import io.jarnetes.apiserver.schema.FieldSchema;
import io.jarnetes.apiserver.schema.Schema;
import io.jarnetes.apiserver.schema.TypeSchema;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Lays a configuration over an object, and takes out what a configuration no longer sets. */
final class Merge {

    private final Schema schema;

    Merge(Schema schema) {
        this.schema = schema;
    }

    ObjectNode merge(@Nullable TypeSchema type, ObjectNode live, ObjectNode config) {
        return (ObjectNode) merge(Shape.root(type), live, config);
    }

    private JsonNode merge(Shape shape, @Nullable JsonNode live, JsonNode config) {
        if (live == null || live.isNull()) {
            return config.deepCopy();
        }
        Shape.Kind kind = shape.kind(config);
        if (kind == Shape.Kind.MAP && live instanceof ObjectNode before) {
            ObjectNode merged = before.deepCopy();
            for (Map.Entry<String, JsonNode> each : config.properties()) {
                Shape child = shape.child(schema, each.getKey());
                merged.set(each.getKey(), merge(child, before.get(each.getKey()), each.getValue()));
            }
            return merged;
        }
        if (kind == Shape.Kind.LIST && live instanceof ArrayNode before) {
            return mergeList(shape, before, config);
        }
        return config.deepCopy();
    }

    /**
     * The configuration's order for what it has; what only the object has stays behind what was
     * before it there. Both lists are walked at once: of the object's next element, if it isn't in
     * the configuration, and otherwise of the configuration's, each is taken once.
     */
    private JsonNode mergeList(Shape shape, ArrayNode live, JsonNode config) {
        Map<String, JsonNode> ours = index(shape, config);
        Map<String, JsonNode> theirs = index(shape, live);
        Deque<String> left = new ArrayDeque<>(theirs.keySet());
        Deque<String> right = new ArrayDeque<>(ours.keySet());
        Deque<String> shared = new ArrayDeque<>(ours.keySet());
        shared.removeIf(element -> !theirs.containsKey(element));
        Map<String, JsonNode> merged = new LinkedHashMap<>();
        while (!left.isEmpty() || !right.isEmpty()) {
            String next = left.peek();
            boolean wanted = next != null && ours.containsKey(next);
            if (wanted && !right.isEmpty() && !next.equals(right.peek()) && !shared.isEmpty()) {
                if (!next.equals(shared.peek())) {
                    // Its turn comes by the configuration's order.
                    left.poll();
                    continue;
                }
            }
            if (next != null && !wanted) {
                merged.put(left.remove(), at(theirs, next).deepCopy());
                continue;
            }
            if (next != null && (next.equals(right.peek()) || merged.containsKey(next))) {
                left.poll();
            }
            if (!right.isEmpty()) {
                String taken = right.remove();
                JsonNode item = at(ours, taken);
                merged.put(taken, merge(shape.element(schema), theirs.get(taken), item));
                shared.removeFirstOccurrence(taken);
            }
        }
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        merged.values().forEach(list::add);
        return list;
    }

    private static JsonNode at(Map<String, JsonNode> items, String element) {
        return Objects.requireNonNull(items.get(element));
    }

    private Map<String, JsonNode> index(Shape shape, JsonNode list) {
        FieldSchema field = Objects.requireNonNull(shape.field());
        Map<String, JsonNode> index = new LinkedHashMap<>();
        for (JsonNode item : list) {
            index.putIfAbsent(PathElements.of(schema, field, item), item);
        }
        return index;
    }

    /**
     * Takes out of {@code object} what {@code last} has and nobody keeps.
     *
     * @param keep what any manager has now
     */
    void prune(@Nullable TypeSchema type, ObjectNode object, FieldSet last, FieldSet keep) {
        pruneNode(Shape.root(type), object, last, keep);
    }

    private void pruneNode(Shape shape, JsonNode node, FieldSet last, FieldSet keep) {
        switch (shape.kind(node)) {
            case LEAF -> {}
            case MAP -> {
                ObjectNode map = (ObjectNode) node;
                last.children()
                        .forEach((element, below) -> {
                            String name = element.substring(2);
                            JsonNode value = map.get(name);
                            FieldSet kept = kept(keep, element);
                            // With anything in it, a struct's field is there.
                            boolean named = shape.struct() != null && !kept.isEmpty();
                            if (value == null) {
                                return;
                            }
                            if (below.member() && !kept.member() && !named) {
                                map.remove(name);
                                return;
                            }
                            pruneNode(shape.child(schema, name), value, below, kept);
                            if (value.isContainer() && value.isEmpty() && !kept.member()) {
                                map.remove(name);
                            }
                        });
            }
            case LIST -> pruneList(shape, (ArrayNode) node, last, keep);
        }
    }

    private void pruneList(Shape shape, ArrayNode list, FieldSet last, FieldSet keep) {
        FieldSchema field = Objects.requireNonNull(shape.field());
        for (int i = list.size() - 1; i >= 0; i--) {
            String element = PathElements.of(schema, field, list.get(i));
            FieldSet below = last.child(element);
            FieldSet kept = kept(keep, element);
            if (below == null) {
                continue;
            }
            if (below.member() && !kept.member()) {
                list.remove(i);
            } else {
                pruneNode(shape.element(schema), list.get(i), below, kept);
            }
        }
    }

    private static FieldSet kept(FieldSet keep, String element) {
        FieldSet child = keep.child(element);
        return child == null ? new FieldSet() : child;
    }
}
