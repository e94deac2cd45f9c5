package io.jarnetes.apiserver.server.tree;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Short ways into an object's tree; what isn't there is an empty text, list or map. */
public final class Trees {

    private Trees() {}

    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    public static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    /** The node at a path of field names, or null. */
    public static @Nullable JsonNode at(@Nullable JsonNode tree, String... path) {
        JsonNode node = tree;
        for (String name : path) {
            if (node == null) {
                return null;
            }
            node = node.get(name);
        }
        return node == null || node.isNull() ? null : node;
    }

    /** The text there, or an empty one. */
    public static String text(@Nullable JsonNode tree, String... path) {
        JsonNode node = at(tree, path);
        return node != null && node.isString() ? node.stringValue() : "";
    }

    /** The number there, or {@code otherwise}. */
    public static long number(@Nullable JsonNode tree, long otherwise, String... path) {
        JsonNode node = at(tree, path);
        return node != null && node.isNumber() ? node.longValue() : otherwise;
    }

    /** Whether true stands there. */
    public static boolean flag(@Nullable JsonNode tree, String... path) {
        JsonNode node = at(tree, path);
        return node != null && node.isBoolean() && node.booleanValue();
    }

    /** The elements of the array there. */
    public static List<JsonNode> items(@Nullable JsonNode tree, String... path) {
        JsonNode node = at(tree, path);
        List<JsonNode> items = new ArrayList<>();
        if (node != null && node.isArray()) {
            node.forEach(items::add);
        }
        return items;
    }

    /** The texts of the array there. */
    public static List<String> texts(@Nullable JsonNode tree, String... path) {
        List<String> texts = new ArrayList<>();
        for (JsonNode item : items(tree, path)) {
            if (item.isString()) {
                texts.add(item.stringValue());
            }
        }
        return texts;
    }

    /** The map of texts there, in its order. */
    public static Map<String, String> map(@Nullable JsonNode tree, String... path) {
        Map<String, String> map = new LinkedHashMap<>();
        JsonNode node = at(tree, path);
        if (node != null && node.isObject()) {
            node.properties()
                    .forEach(entry -> {
                        if (entry.getValue().isString()) {
                            map.put(entry.getKey(), entry.getValue().stringValue());
                        }
                    });
        }
        return map;
    }

    /** {@code metadata.name}. */
    public static String name(@Nullable JsonNode tree) {
        return text(tree, "metadata", "name");
    }

    /** {@code metadata.namespace}. */
    public static String namespace(@Nullable JsonNode tree) {
        return text(tree, "metadata", "namespace");
    }

    /** {@code metadata.uid}. */
    public static String uid(@Nullable JsonNode tree) {
        return text(tree, "metadata", "uid");
    }

    /** The object under a field, made if it isn't there. */
    public static ObjectNode child(ObjectNode parent, String name) {
        JsonNode node = parent.get(name);
        if (node instanceof ObjectNode object) {
            return object;
        }
        return parent.putObject(name);
    }

    /** The array under a field, made if it isn't there. */
    public static ArrayNode children(ObjectNode parent, String name) {
        JsonNode node = parent.get(name);
        if (node instanceof ArrayNode array) {
            return array;
        }
        return parent.putArray(name);
    }
}
