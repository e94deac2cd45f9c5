package io.jarnetes.apiserver.schema.defaults;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Short words for what defaults do to trees. */
final class Trees {
    private Trees() {}

    /** Whether Go would not tell the value from one that was never set. */
    static boolean unset(@Nullable JsonNode value) {
        if (value == null || value.isNull()) {
            return true;
        }
        return switch (value.getNodeType()) {
            case STRING -> value.stringValue().isEmpty();
            case NUMBER -> value.isIntegralNumber() && value.longValue() == 0;
            case BOOLEAN -> !value.booleanValue();
            case ARRAY -> value.isEmpty();
            default -> false;
        };
    }

    static String text(ObjectNode object, String field) {
        return object.path(field).asString("");
    }

    /** The child object, made if it is missing. */
    static ObjectNode child(ObjectNode object, String field) {
        return object.get(field) instanceof ObjectNode child ? child : object.putObject(field);
    }

    /** Copies what {@code to} lacks. */
    static void fill(@Nullable JsonNode from, ObjectNode to) {
        if (from instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> entry : object.properties()) {
                if (!to.has(entry.getKey())) {
                    to.set(entry.getKey(), entry.getValue().deepCopy());
                }
            }
        }
    }

    /** The objects of a list; none if it is missing. */
    static Iterable<ObjectNode> objects(ObjectNode in, String field) {
        return in.get(field) instanceof ArrayNode array
                ? array.valueStream()
                        .filter(ObjectNode.class::isInstance)
                        .map(ObjectNode.class::cast)
                        .toList()
                : List.of();
    }
}
