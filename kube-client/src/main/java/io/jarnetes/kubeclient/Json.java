package io.jarnetes.kubeclient;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Reading and writing JSON trees; every getter is safe on missing and null nodes. */
public final class Json {

    private static final JsonMapper MAPPER = JsonMapper.shared();

    private Json() {}

    /**
     * @throws IllegalArgumentException if the text is no JSON object
     */
    public static ObjectNode parse(byte[] text) {
        try {
            return object(MAPPER.readTree(text), text.length);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
        }
    }

    /**
     * @throws IllegalArgumentException if the text is no JSON object
     */
    public static ObjectNode parse(String text) {
        try {
            return object(MAPPER.readTree(text), text.length());
        } catch (JacksonException e) {
            throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static ObjectNode object(JsonNode node, int length) {
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw new IllegalArgumentException("not a JSON object (" + length + " bytes)");
    }

    public static byte[] bytes(JsonNode tree) {
        return MAPPER.writeValueAsBytes(tree);
    }

    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    public static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    /** The tree of a value: maps, collections, strings, numbers, booleans and trees. */
    public static JsonNode tree(Object value) {
        return value instanceof JsonNode node ? node : MAPPER.valueToTree(value);
    }

    /** An object of these pairs; values as {@link #tree} takes them. */
    public static ObjectNode of(Object... keysAndValues) {
        ObjectNode object = object();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            object.set((String) keysAndValues[i], tree(keysAndValues[i + 1]));
        }
        return object;
    }

    /** The node at these field names; a missing node where one of them is absent. */
    public static JsonNode at(JsonNode node, String... path) {
        JsonNode at = node;
        for (String name : path) {
            at = at.path(name);
        }
        return at;
    }

    /** The text of a string or number; empty for everything else. */
    public static String text(JsonNode node, String... path) {
        JsonNode at = at(node, path);
        return at.isString() || at.isNumber() || at.isBoolean() ? at.asString("") : "";
    }

    public static int number(int otherwise, JsonNode node, String... path) {
        JsonNode at = at(node, path);
        return at.isNumber() ? at.asInt(otherwise) : otherwise;
    }

    public static boolean flag(JsonNode node, String... path) {
        JsonNode at = at(node, path);
        return at.isBoolean() && at.asBoolean(false);
    }

    /** Whether something other than null stands there. */
    public static boolean present(JsonNode node, String... path) {
        JsonNode at = at(node, path);
        return !at.isMissingNode() && !at.isNull();
    }

    /** Whether two trees are equal; {@code 1} is 1 whatever type carries it. */
    public static boolean same(JsonNode one, JsonNode other) {
        return one.equals(Json::leaves, other);
    }

    private static int leaves(JsonNode one, JsonNode other) {
        if (one.equals(other)) {
            return 0;
        }
        boolean numbers = one.isNumber() && other.isNumber();
        return numbers ? one.decimalValue().compareTo(other.decimalValue()) : 1;
    }

    /** The string values of an object, in order. */
    public static java.util.Map<String, String> strings(JsonNode node) {
        if (node.isEmpty() || !node.isObject()) {
            return java.util.Map.of();
        }
        java.util.Map<String, String> strings = new java.util.LinkedHashMap<>();
        node.properties().forEach(e -> strings.put(e.getKey(), text(e.getValue())));
        return strings;
    }

    /** The string elements of an array, in order. */
    public static java.util.List<String> list(JsonNode node, String... path) {
        JsonNode at = at(node, path);
        if (at.isEmpty() || !at.isArray()) {
            return java.util.List.of();
        }
        java.util.List<String> list = new java.util.ArrayList<>();
        at.forEach(item -> list.add(text(item)));
        return list;
    }
}
