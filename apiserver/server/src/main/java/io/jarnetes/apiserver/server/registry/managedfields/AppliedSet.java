package io.jarnetes.apiserver.server.registry.managedfields;

import io.jarnetes.apiserver.schema.FieldSchema;
import io.jarnetes.apiserver.schema.Schema;
import io.jarnetes.apiserver.schema.TypeSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** All fields that a configuration sets (structured-merge-diff's {@code ToFieldSet}). */
final class AppliedSet {

    private final Schema schema;
    private final FieldSet set = new FieldSet();
    private final List<String> path = new ArrayList<>();

    private AppliedSet(Schema schema) {
        this.schema = schema;
    }

    static FieldSet of(Schema schema, @Nullable TypeSchema type, ObjectNode config) {
        AppliedSet walk = new AppliedSet(schema);
        walk.visit(Shape.root(type), config);
        return walk.set;
    }

    private void visit(Shape shape, JsonNode node) {
        switch (shape.kind(node)) {
            case LEAF -> set.insert(path);
            case MAP -> map(shape, (ObjectNode) node);
            case LIST -> {
                FieldSchema field = Objects.requireNonNull(shape.field());
                for (JsonNode item : node) {
                    path.add(PathElements.of(schema, field, item));
                    visit(shape.element(schema), item);
                    set.insert(path);
                    path.removeLast();
                }
            }
        }
    }

    private void map(Shape shape, ObjectNode map) {
        for (Map.Entry<String, JsonNode> each : map.properties()) {
            JsonNode value = each.getValue();
            path.add("f:" + each.getKey());
            visit(shape.child(schema, each.getKey()), value);
            boolean emptyMap = value.isObject() && value.isEmpty();
            if (value.isNull() || emptyMap || shape.struct() == null) {
                set.insert(path);
            }
            path.removeLast();
        }
    }
}
