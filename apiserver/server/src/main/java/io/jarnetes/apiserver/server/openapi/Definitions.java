package io.jarnetes.apiserver.server.openapi;

import io.jarnetes.apiserver.schema.Descriptions;
import io.jarnetes.apiserver.schema.FieldSchema;
import io.jarnetes.apiserver.schema.FieldSchema.ListType;
import io.jarnetes.apiserver.schema.FieldSchema.Presence;
import io.jarnetes.apiserver.schema.FieldSchema.Shape;
import io.jarnetes.apiserver.schema.GroupVersion;
import io.jarnetes.apiserver.schema.GroupVersionKind;
import io.jarnetes.apiserver.schema.ScalarType;
import io.jarnetes.apiserver.schema.Schema;
import io.jarnetes.apiserver.schema.TypeSchema;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Renders types as OpenAPI schemas, of version 2 or 3. */
final class Definitions {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Schema schema;
    private final Descriptions descriptions;
    private final Enums enums;
    private final Extensions extensions;
    private final boolean v3;
    private final List<GroupVersion> versions;

    /**
     * @param versions under which options and watch events are known besides v1
     */
    Definitions(Schema schema, boolean v3, List<GroupVersion> versions) {
        this.versions = versions;
        this.schema = schema;
        this.descriptions = schema.descriptions();
        this.enums = Enums.read();
        this.extensions = Extensions.read();
        this.v3 = v3;
    }

    /** A reference to a definition, in this version's place for them. */
    ObjectNode ref(String definition) {
        String folder = v3 ? "#/components/schemas/" : "#/definitions/";
        return NODES.objectNode().put("$ref", folder + definition);
    }

    /** The definitions that are named, and all that they refer to, by name. */
    ObjectNode closure(Collection<String> names) {
        Deque<String> open = new ArrayDeque<>(names);
        Map<String, ObjectNode> done = new TreeMap<>();
        while (!open.isEmpty()) {
            String name = open.pop();
            if (!done.containsKey(name)) {
                done.put(name, definition(name));
                schema.type(name)
                        .ifPresent(t ->
                                t.fields().stream()
                                        .map(TypeNames::of)
                                        .filter(r -> !r.isEmpty())
                                        .forEach(open::push));
            }
        }
        ObjectNode all = NODES.objectNode();
        done.forEach(all::set);
        return all;
    }

    /** One definition. */
    ObjectNode definition(String name) {
        ObjectNode node = NODES.objectNode();
        TypeSchema type = schema.type(name).orElse(null);
        String text = type == null ? patchText(name) : descriptions.of(type);
        if (!text.isEmpty()) {
            node.put("description", text);
        }
        if (value(name, node) || type == null) {
            return node;
        }
        node.put("type", "object");
        List<String> required =
                type.fields().stream()
                        .filter(FieldSchema::required)
                        .map(FieldSchema::name)
                        .toList();
        if (!required.isEmpty()) {
            strings(node.putArray("required"), required);
        }
        if (!type.fields().isEmpty()) {
            ObjectNode properties = node.putObject("properties");
            for (String field :
                    new TreeSet<>(type.fields().stream().map(FieldSchema::name).toList())) {
                FieldSchema found = type.field(field);
                if (found != null) {
                    properties.set(field, property(type, found));
                }
            }
        }
        schema.kindOf(type).ifPresent(kind -> kinds(name, node, kind));
        if (type.atomic()) {
            node.put("x-kubernetes-map-type", "atomic");
        }
        extensions.ofType(name, node);
        return node;
    }

    private static String patchText(String name) {
        return name.equals(TypeNames.PATCH) ? "The body of a PATCH request." : "";
    }

    private void kinds(String name, ObjectNode node, GroupVersionKind kind) {
        ArrayNode kinds = node.putArray("x-kubernetes-group-version-kind");
        List<GroupVersionKind> all = new ArrayList<>(List.of(kind));
        if (name.equals(TypeNames.DELETE_OPTIONS) || name.equals(TypeNames.WATCH_EVENT)) {
            versions.stream().map(v -> v.kind(kind.kind())).forEach(all::add);
        }
        all.stream()
                .distinct()
                .forEach(k ->
                        kinds.addObject()
                                .put("group", k.group())
                                .put("kind", k.kind())
                                .put("version", k.version()));
    }

    /** The types that are one JSON value. */
    private boolean value(String name, ObjectNode node) {
        switch (name) {
            case TypeNames.TIME, TypeNames.MICRO_TIME ->
                    node.put("type", "string").put("format", "date-time");
            case TypeNames.QUANTITY -> either(node, "number");
            case TypeNames.INT_OR_STRING -> {
                if (!v3) {
                    node.put("type", "string");
                }
                node.put("format", "int-or-string");
                if (v3) {
                    node.putArray("oneOf").addObject().put("type", "integer");
                    node.withArray("oneOf").addObject().put("type", "string");
                }
            }
            case TypeNames.RAW, TypeNames.FIELDS_V1, TypeNames.PATCH -> node.put("type", "object");
            default -> {
                return name.contains(".JSONSchemaPropsOr") || name.endsWith(".v1.JSON");
            }
        }
        return true;
    }

    private void either(ObjectNode node, String other) {
        if (v3) {
            ArrayNode types = node.putArray("oneOf");
            types.addObject().put("type", "string");
            types.addObject().put("type", other);
        } else {
            node.put("type", "string");
        }
    }

    private ObjectNode property(TypeSchema type, FieldSchema field) {
        ObjectNode node = NODES.objectNode();
        String text = descriptions.of(type, field);
        if (!text.isEmpty()) {
            node.put("description", text);
        }
        List<String> values = enums.of(type.name(), field.name());
        switch (field.shape()) {
            case SINGLE -> single(field, node, values);
            case LIST -> node.put("type", "array").set("items", item(field, values));
            case MAP -> node.put("type", "object").set("additionalProperties", item(field, values));
            case MAP_OF_LISTS ->
                    node.put("type", "object")
                            .putObject("additionalProperties")
                            .put("type", "array")
                            .set("items", item(field, values));
        }
        extensions(field, node);
        extensions.ofField(type.name(), field.name(), node);
        return node;
    }

    private void single(FieldSchema field, ObjectNode node, List<String> values) {
        String definition = TypeNames.of(field);
        JsonNode fallback = v3 ? defaultOf(field) : null;
        if (definition.isEmpty()) {
            plain(field.type(), node);
            if (fallback != null) {
                node.set("default", fallback);
            }
            enumeration(node, values);
            return;
        }
        if (fallback != null) {
            node.set("default", fallback);
        }
        if (v3 && !node.isEmpty()) {
            node.putArray("allOf").add(ref(definition));
        } else {
            node.setAll(ref(definition));
        }
    }

    private ObjectNode item(FieldSchema field, List<String> values) {
        String definition = TypeNames.of(field);
        if (!definition.isEmpty()) {
            return ref(definition);
        }
        ObjectNode node = NODES.objectNode();
        plain(field.type(), node);
        enumeration(node, values);
        return node;
    }

    private static void enumeration(ObjectNode node, List<String> values) {
        if (!values.isEmpty()) {
            strings(node.putArray("enum"), values);
        }
    }

    private static void strings(ArrayNode array, Collection<String> values) {
        values.forEach(array::add);
    }

    static void plain(ScalarType type, ObjectNode node) {
        switch (type) {
            case BOOLEAN -> node.put("type", "boolean");
            case INT32 -> node.put("type", "integer").put("format", "int32");
            case INT64 -> node.put("type", "integer").put("format", "int64");
            case DOUBLE -> node.put("type", "number").put("format", "double");
            case BYTES -> node.put("type", "string").put("format", "byte");
            default -> node.put("type", "string");
        }
    }

    /** What a field is when it is not given: a marker's value, or the zero that Go writes. */
    private static @Nullable JsonNode defaultOf(FieldSchema field) {
        if (field.defaultValue() != null) {
            return JsonMapper.shared().readTree(field.defaultValue());
        }
        if (field.presence() != Presence.ALWAYS) {
            return null;
        }
        return switch (field.type()) {
            case STRING -> NODES.stringNode("");
            case BOOLEAN -> NODES.booleanNode(false);
            case INT32, INT64 -> NODES.numberNode(0);
            case OBJECT -> NODES.objectNode();
            default -> null;
        };
    }

    private static void extensions(FieldSchema field, ObjectNode node) {
        if (!field.mapKeys().isEmpty()) {
            strings(node.putArray("x-kubernetes-list-map-keys"), field.mapKeys());
        }
        if (field.listType() != ListType.NONE) {
            node.put("x-kubernetes-list-type", field.listType().name().toLowerCase(Locale.ROOT));
        }
        if (field.atomic() && field.shape() != Shape.LIST) {
            node.put("x-kubernetes-map-type", "atomic");
        }
        if (field.patchMergeKey() != null) {
            node.put("x-kubernetes-patch-merge-key", field.patchMergeKey());
        }
        if (!field.patchStrategy().isEmpty()) {
            node.put("x-kubernetes-patch-strategy", String.join(",", field.patchStrategy()));
        }
    }
}
