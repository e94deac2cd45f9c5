package io.jarnetes.apiserver.server.registry.managedfields;

import io.jarnetes.apiserver.schema.FieldSchema;
import io.jarnetes.apiserver.schema.ScalarType;
import io.jarnetes.apiserver.schema.Schema;
import io.jarnetes.apiserver.schema.TypeSchema;
import io.jarnetes.apiserver.server.registry.ApiException;
import io.jarnetes.apiserver.server.registry.ApiStatus;
import io.jarnetes.apiserver.server.registry.Meta;
import io.jarnetes.apiserver.server.tree.GoText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Whether a configuration fits its type: structured-merge-diff's validation, whose errors the API
 * server answers with status 500.
 */
final class TypedConfig {

    private final Schema schema;
    private final List<String> errors = new ArrayList<>();

    private TypedConfig(Schema schema) {
        this.schema = schema;
    }

    /**
     * @param type null for what no schema knows, which fits
     * @param kind as upstream's GroupVersionKind prints itself
     * @throws ApiException 500 with what does not fit
     */
    static void check(Schema schema, @Nullable TypeSchema type, ObjectNode config, String kind) {
        TypedConfig walk = new TypedConfig(schema);
        walk.visit(Shape.root(type), "", config);
        if (walk.errors.isEmpty()) {
            return;
        }
        String text =
                walk.errors.size() == 1
                        ? walk.errors.getFirst()
                        : "errors:\n  " + String.join("\n  ", walk.errors);
        throw new ApiException(
                new ApiStatus(
                        500,
                        "",
                        "failed to create typed patch object ("
                                + Meta.namespace(config)
                                + "/"
                                + Meta.name(config)
                                + "; "
                                + kind
                                + "): "
                                + text,
                        null));
    }

    private void visit(Shape shape, String path, JsonNode node) {
        if (node.isNull()) {
            return;
        }
        FieldSchema field = shape.field();
        if (field == null || shape.item()) {
            single(shape, path, node);
        } else if (field.shape() == FieldSchema.Shape.LIST) {
            list(shape, field, path, node);
        } else if (field.shape() == FieldSchema.Shape.SINGLE) {
            single(shape, path, node);
        } else if (node instanceof ObjectNode map) {
            map.properties()
                    .forEach(each ->
                            visit(
                                    shape.child(schema, each.getKey()),
                                    path + "." + each.getKey(),
                                    each.getValue()));
        } else {
            error(path, "expected map, got &{" + GoText.of(node) + "}");
        }
    }

    private void list(Shape shape, FieldSchema field, String path, JsonNode node) {
        if (!(node instanceof ArrayNode list)) {
            error(path, "expected list, got &{" + GoText.of(node) + "}");
            return;
        }
        boolean associative = shape.kind(node) == Shape.Kind.LIST;
        Set<String> seen = new HashSet<>();
        int index = 0;
        for (JsonNode item : list) {
            String place = "[" + index++ + "]";
            if (associative) {
                String element = PathElements.of(schema, field, item);
                place = PathElements.text(element);
                if (!seen.add(element)) {
                    error(path, "duplicate entries for key " + place);
                }
            }
            visit(shape.element(schema), path + place, item);
        }
    }

    private void single(Shape shape, String path, JsonNode node) {
        TypeSchema struct = shape.struct();
        if (struct != null) {
            struct(shape, struct, path, node);
        } else if (shape.field() != null) {
            scalar(Objects.requireNonNull(shape.field()), path, node);
        }
    }

    private void struct(Shape shape, TypeSchema struct, String path, JsonNode node) {
        if (!(node instanceof ObjectNode map)) {
            error(path, "expected map, got &{" + GoText.of(node) + "}");
            return;
        }
        for (Map.Entry<String, JsonNode> each : map.properties()) {
            String place = path + "." + each.getKey();
            if (struct.field(each.getKey()) == null) {
                if (!path.isEmpty() || !isTypeMeta(each.getKey())) {
                    error(place, "field not declared in schema");
                }
                continue;
            }
            visit(shape.child(schema, each.getKey()), place, each.getValue());
        }
    }

    private static boolean isTypeMeta(String field) {
        return field.equals("kind") || field.equals("apiVersion");
    }

    private void scalar(FieldSchema field, String path, JsonNode node) {
        ScalarType type = field.type();
        switch (type) {
            case STRING, BYTES -> {
                if (!node.isString()) {
                    error(path, "expected string, got " + GoValues.boxed(node));
                }
            }
            case BOOLEAN -> {
                if (!node.isBoolean()) {
                    error(path, "expected boolean, got &{" + GoText.of(node) + "}");
                }
            }
            case INT32, INT64, DOUBLE -> {
                if (!node.isNumber()) {
                    error(path, "expected numeric (int or float), got " + GoValues.typeName(node));
                }
            }
            case QUANTITY, TIME, MICRO_TIME, DURATION, INT_OR_STRING -> {
                if (node.isContainer()) {
                    error(path, "expected any scalar, got &{" + GoText.of(node) + "}");
                }
            }
            case RAW_OBJECT, ANY, OBJECT -> {}
        }
    }

    private void error(String path, String what) {
        errors.add(path.isEmpty() ? what : path + ": " + what);
    }
}
