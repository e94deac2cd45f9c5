package io.jarnetes.apiserver.server.patch;

import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** JSON merge patch (RFC 7396). */
public final class MergePatch {
    private MergePatch() {}

    /**
     * The original with the patch laid over it; {@code null} takes a field away.
     *
     * @throws PatchException if the patch is no object
     */
    public static ObjectNode apply(ObjectNode original, JsonNode patch) throws PatchException {
        if (!(patch instanceof ObjectNode object)) {
            throw PatchException.badRequest(
                    "error decoding patch: json: cannot unmarshal "
                            + (patch.isArray() ? "array" : patch.isString() ? "string" : "number")
                            + " into Go value of type map[string]interface {}");
        }
        return merge(original, object);
    }

    private static ObjectNode merge(ObjectNode original, ObjectNode patch) {
        ObjectNode merged = JsonNodeFactory.instance.objectNode();
        merged.setAll(original);
        for (Map.Entry<String, JsonNode> entry : patch.properties()) {
            JsonNode value = entry.getValue();
            if (value.isNull()) {
                merged.remove(entry.getKey());
            } else if (value instanceof ObjectNode inner) {
                ObjectNode under =
                        merged.get(entry.getKey()) instanceof ObjectNode there
                                ? there
                                : JsonNodeFactory.instance.objectNode();
                merged.set(entry.getKey(), merge(under, inner));
            } else {
                merged.set(entry.getKey(), value.deepCopy());
            }
        }
        ListOrder.sortFields(merged);
        return merged;
    }
}
