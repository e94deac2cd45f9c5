package io.jarnetes.apiserver.server.registry.managedfields;

import io.jarnetes.apiserver.schema.FieldSchema;
import io.jarnetes.apiserver.schema.FieldSchema.ListType;
import io.jarnetes.apiserver.schema.FieldSchema.Presence;
import io.jarnetes.apiserver.schema.Schema;
import io.jarnetes.apiserver.schema.TypeSchema;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The names of list items in FieldsV1. */
final class PathElements {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private PathElements() {}

    /** {@code v:VALUE} in a set, {@code k:{KEYS}} in an associative list. */
    static String of(Schema schema, FieldSchema field, JsonNode item) {
        if (field.listType() == ListType.SET) {
            return "v:" + MAPPER.writeValueAsString(item);
        }
        TypeSchema type = schema.type(field.ref()).orElse(null);
        TreeMap<String, JsonNode> keys = new TreeMap<>();
        for (String key : field.mapKeys()) {
            JsonNode value = item.get(key);
            if (value == null) {
                value = defaultOf(type, key);
            }
            if (value != null) {
                keys.put(key, value);
            }
        }
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        keys.forEach(object::set);
        return "k:" + MAPPER.writeValueAsString(object);
    }

    /** A key that is left out has its default: a port's protocol is TCP. */
    private static @Nullable JsonNode defaultOf(@Nullable TypeSchema type, String key) {
        FieldSchema field = type == null ? null : type.field(key);
        if (field == null) {
            return null;
        }
        if (field.defaultValue() != null) {
            return MAPPER.readTree(field.defaultValue());
        }
        if (field.presence() == Presence.POINTER || field.presence() == Presence.NULLABLE) {
            return null;
        }
        // Others have the zero of their type.
        return switch (field.type()) {
            case STRING -> JsonNodeFactory.instance.stringNode("");
            case INT32, INT64 -> JsonNodeFactory.instance.numberNode(0);
            default -> null;
        };
    }

    /** {@code .name}, {@code [key="value"]}, {@code [="value"]}. */
    static String text(String element) {
        String rest = element.substring(2);
        if (element.startsWith("f:")) {
            return "." + rest;
        }
        if (element.startsWith("v:")) {
            return "[=" + rest + "]";
        }
        StringBuilder keys = new StringBuilder();
        JsonNode object = MAPPER.readTree(rest);
        object.properties()
                .forEach(each ->
                        keys.append(keys.isEmpty() ? "" : ",")
                                .append(each.getKey())
                                .append('=')
                                .append(each.getValue()));
        return "[" + keys + "]";
    }
}
