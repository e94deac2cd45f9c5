package io.jarnetes.apiserver.server.registry;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Reads and writes an object's {@code metadata}. */
public final class Meta {

    private Meta() {}

    /** The object's metadata, made if it is not there. */
    public static ObjectNode of(ObjectNode object) {
        return object.get("metadata") instanceof ObjectNode metadata
                ? metadata
                : object.putObject("metadata");
    }

    /** A text field, empty when it is not there. */
    public static String text(ObjectNode object, String field) {
        return object.path("metadata").path(field).asString("");
    }

    public static String name(ObjectNode object) {
        return text(object, "name");
    }

    public static String namespace(ObjectNode object) {
        return text(object, "namespace");
    }

    public static String uid(ObjectNode object) {
        return text(object, "uid");
    }

    public static String resourceVersion(ObjectNode object) {
        return text(object, "resourceVersion");
    }

    public static long generation(ObjectNode object) {
        return object.path("metadata").path("generation").asLong(0);
    }

    public static boolean deleting(ObjectNode object) {
        return !text(object, "deletionTimestamp").isEmpty();
    }

    /** Seconds, null when not set. */
    public static @Nullable Long deletionGracePeriod(ObjectNode object) {
        JsonNode seconds = object.path("metadata").path("deletionGracePeriodSeconds");
        return seconds.isNumber() ? Long.valueOf(seconds.asLong()) : null;
    }

    public static List<String> finalizers(ObjectNode object) {
        return strings(object.path("metadata").path("finalizers"));
    }

    /** Sets them, or takes the field away for none. */
    public static void setFinalizers(ObjectNode object, List<String> finalizers) {
        if (finalizers.isEmpty()) {
            of(object).remove("finalizers");
        } else {
            ArrayNode array = of(object).putArray("finalizers");
            finalizers.forEach(array::add);
        }
    }

    public static Map<String, String> labels(ObjectNode object) {
        return stringMap(object.path("metadata").path("labels"));
    }

    public static Map<String, String> annotations(ObjectNode object) {
        return stringMap(object.path("metadata").path("annotations"));
    }

    /** The texts of an array; empty for anything else. */
    public static List<String> strings(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(each -> texts.add(each.asString("")));
        return texts;
    }

    /** The entries of a map of texts. */
    public static Map<String, String> stringMap(JsonNode map) {
        Map<String, String> entries = new HashMap<>();
        map.properties().forEach(e -> entries.put(e.getKey(), e.getValue().asString("")));
        return entries;
    }

    /** Makes {@code to}'s field that of {@code from}, absent if it is absent there. */
    public static void copyField(ObjectNode from, ObjectNode to, String field) {
        JsonNode value = from.get(field);
        if (value == null) {
            to.remove(field);
        } else {
            to.set(field, value.deepCopy());
        }
    }

    /** {@code object.field} as an object, made if it is not there. */
    public static ObjectNode child(ObjectNode object, String field) {
        return object.get(field) instanceof ObjectNode child ? child : object.putObject(field);
    }

    /** Equal but for what Go's semantic equality overlooks: absent, null and empty are the same. */
    public static boolean semanticallyEqual(@Nullable JsonNode a, @Nullable JsonNode b) {
        if (isEmpty(a) && isEmpty(b)) {
            return true;
        }
        if (a == null || b == null) {
            return false;
        }
        if (a instanceof ObjectNode left && b instanceof ObjectNode right) {
            return left.properties().stream()
                            .allMatch(e -> semanticallyEqual(e.getValue(), right.get(e.getKey())))
                    && right.properties().stream()
                            .allMatch(e -> left.has(e.getKey()) || isEmpty(e.getValue()));
        }
        if (a instanceof ArrayNode left && b instanceof ArrayNode right) {
            if (left.size() != right.size()) {
                return false;
            }
            for (int i = 0; i < left.size(); i++) {
                if (!semanticallyEqual(left.get(i), right.get(i))) {
                    return false;
                }
            }
            return true;
        }
        if (a.isIntegralNumber() && b.isIntegralNumber()) {
            return a.longValue() == b.longValue();
        }
        return a.equals(b);
    }

    private static boolean isEmpty(@Nullable JsonNode node) {
        return node == null
                || node.isMissingNode()
                || node.isNull()
                || (node.isArray() && node.isEmpty())
                || (node.isObject()
                        && node.properties().stream().allMatch(e -> isEmpty(e.getValue())));
    }

    /** A new empty object. */
    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
