package io.jarnetes.apiserver.server.registry.managedfields;

import io.jarnetes.apiserver.schema.FieldSchema;
import io.jarnetes.apiserver.schema.Schema;
import io.jarnetes.apiserver.schema.TypeSchema;
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

    /** The configuration's order for what both have; what only the object has keeps its place. */
    private JsonNode mergeList(Shape shape, ArrayNode live, JsonNode config) {
        Map<String, JsonNode> ours = index(shape, config);
        Map<String, JsonNode> merged = new LinkedHashMap<>();
        Map<String, JsonNode> theirs = index(shape, live);
        var wanted =
                ours.entrySet().stream().filter(e -> theirs.containsKey(e.getKey())).iterator();
        theirs.forEach((element, item) -> {
            if (ours.containsKey(element)) {
                Map.Entry<String, JsonNode> next = wanted.next();
                merged.put(
                        next.getKey(),
                        merge(shape.element(schema), theirs.get(next.getKey()), next.getValue()));
            } else {
                merged.put(element, item.deepCopy());
            }
        });
        ours.forEach((element, item) -> merged.putIfAbsent(element, item.deepCopy()));
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        merged.values().forEach(list::add);
        return list;
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
                            FieldSet kept = keep.child(element);
                            if (value == null) {
                                return;
                            }
                            if (kept == null || kept.isEmpty()) {
                                map.remove(name);
                            } else {
                                pruneNode(shape.child(schema, name), value, below, kept);
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
            FieldSet kept = keep.child(element);
            if (below == null) {
                continue;
            }
            if (kept == null || kept.isEmpty()) {
                list.remove(i);
            } else {
                pruneNode(shape.element(schema), list.get(i), below, kept);
            }
        }
    }
}
