package io.jarnetes.apiserver.server.patch;

import io.jarnetes.apiserver.schema.FieldSchema;
import io.jarnetes.apiserver.schema.FieldSchema.Shape;
import io.jarnetes.apiserver.schema.ScalarType;
import io.jarnetes.apiserver.schema.Schema;
import io.jarnetes.apiserver.schema.TypeSchema;
import io.jarnetes.apiserver.server.patch.PatchException.Kind;
import io.jarnetes.apiserver.server.tree.GoText;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Strategic merge patch: lists with a merge key are merged by it. Directives: {@code $patch},
 * {@code $retainKeys}, {@code $deleteFromPrimitiveList/field}, {@code $setElementOrder/field}
 * (k8s.io/apimachinery/pkg/util/strategicpatch).
 */
public final class StrategicMergePatch {
    static final String DIRECTIVE = "$patch";
    private static final String RETAIN_KEYS = "$retainKeys";
    private static final String DELETE_FROM_LIST = "$deleteFromPrimitiveList/";
    private static final String ELEMENT_ORDER = "$setElementOrder/";
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Schema schema;

    public StrategicMergePatch(Schema schema) {
        this.schema = schema;
    }

    /**
     * The original merged with the patch.
     *
     * @param type the type of both
     * @throws PatchException if the patch is no object or a directive in it makes no sense
     */
    public ObjectNode apply(TypeSchema type, ObjectNode original, JsonNode patch)
            throws PatchException {
        if (!(patch.deepCopy() instanceof ObjectNode copy)) {
            throw PatchException.badRequest("invalid JSON document");
        }
        return mergeMap(type, original.deepCopy(), copy);
    }

    private ObjectNode mergeMap(@Nullable TypeSchema type, ObjectNode original, ObjectNode patch)
            throws PatchException {
        JsonNode directive = patch.get(DIRECTIVE);
        if (directive != null) {
            return switch (directive.asString("")) {
                case "replace" -> patch.without(List.of(DIRECTIVE));
                case "delete" -> NODES.objectNode();
                default -> throw unknownDirective(directive, patch);
            };
        }
        retainKeys(original, patch);
        elementOrders(type, original, patch);
        for (Map.Entry<String, JsonNode> entry : patch.properties()) {
            String key = entry.getKey();
            boolean deletion = key.startsWith(DELETE_FROM_LIST);
            String field = deletion ? key.substring(DELETE_FROM_LIST.length()) : key;
            mergeField(type, original, field, entry.getValue(), deletion);
        }
        return original;
    }

    private static PatchException unknownDirective(JsonNode directive, ObjectNode patch) {
        return new PatchException(
                Kind.INTERNAL,
                "unknown patch type: " + directive.asString("") + " in map: " + GoText.of(patch));
    }

    private static void retainKeys(ObjectNode original, ObjectNode patch) throws PatchException {
        JsonNode keys = patch.remove(RETAIN_KEYS);
        if (keys == null) {
            return;
        }
        if (!keys.isArray()) {
            throw PatchException.badRequest("invalid patch format of retainKeys");
        }
        Set<String> kept = new HashSet<>();
        keys.forEach(k -> kept.add(k.asString("")));
        for (Map.Entry<String, JsonNode> entry : patch.properties()) {
            String key = entry.getKey();
            boolean plain = !key.startsWith(DELETE_FROM_LIST) && !key.startsWith(ELEMENT_ORDER);
            if (plain && !entry.getValue().isNull() && !kept.contains(key)) {
                throw PatchException.badRequest("invalid patch format of retainKeys");
            }
        }
        original.retain(kept);
    }

    private void mergeField(
            @Nullable TypeSchema type,
            ObjectNode original,
            String field,
            JsonNode value,
            boolean deletion)
            throws PatchException {
        if (value.isNull()) {
            original.remove(field);
            return;
        }
        JsonNode there = original.get(field);
        FieldSchema meta = type == null ? null : type.field(field);
        if (there instanceof ObjectNode object && value instanceof ObjectNode patch) {
            boolean replace = meta != null && meta.patchStrategy().contains("replace");
            original.set(field, replace ? patch : mergeMap(inner(meta), object, patch));
        } else if (there instanceof ArrayNode list && value instanceof ArrayNode patch) {
            original.set(field, mergeList(meta, list, patch, deletion));
        } else if (!deletion) {
            discardNulls(value);
            JsonNode clean = withoutDirectives(value);
            if (clean == null) {
                original.remove(field);
            } else {
                original.set(field, clean);
            }
        }
    }

    /** The type of a field's value or items, if that is a struct. */
    private @Nullable TypeSchema inner(@Nullable FieldSchema field) {
        return field == null || field.type() != ScalarType.OBJECT || field.shape() == Shape.MAP
                ? null
                : schema.require(field.ref());
    }

    private ArrayNode mergeList(
            @Nullable FieldSchema meta, ArrayNode original, ArrayNode patch, boolean deletion)
            throws PatchException {
        boolean merge = meta != null && meta.patchStrategy().contains("merge");
        if (!merge && !deletion) {
            return patch;
        }
        if (original.isEmpty() && patch.isEmpty()) {
            return original;
        }
        boolean structs = (original.isEmpty() ? patch : original).get(0).isObject();
        if (!structs && deletion) {
            ArrayNode kept = NODES.arrayNode();
            original.forEach(
                    item -> kept.addAll(contains(patch, item) ? List.of() : List.of(item)));
            return kept;
        }
        String key = meta == null ? null : meta.patchMergeKey();
        ArrayNode merged;
        ArrayNode order = patch;
        if (!structs) {
            merged = ListOrder.distinct(original, patch);
        } else if (key == null) {
            throw new PatchException(
                    Kind.INTERNAL,
                    "cannot merge lists without merge key for "
                            + (meta == null ? "" : meta.name()));
        } else {
            order = NODES.arrayNode();
            ArrayNode base = directives(original.deepCopy(), patch, key, order);
            merged = mergeByKey(inner(meta), base, order, key);
        }
        return ListOrder.arrange(merged, order, original, structs ? key : null);
    }

    static boolean contains(ArrayNode list, JsonNode item) {
        return list.valueStream().anyMatch(there -> Same.equal(there, item));
    }

    /**
     * Does what {@code $patch} in list items says.
     *
     * @param rest takes the items without a directive
     * @return what the others leave of the original
     */
    private static ArrayNode directives(
            ArrayNode original, ArrayNode patch, String key, ArrayNode rest) throws PatchException {
        boolean replace = false;
        for (JsonNode item : patch) {
            JsonNode directive = item.get(DIRECTIVE);
            if (directive == null) {
                rest.add(item);
                continue;
            }
            switch (directive.asString("")) {
                case "delete" -> {
                    JsonNode value = keyOf(item, key);
                    original.removeIf(there -> there.has(key) && Same.equal(value, there.get(key)));
                }
                case "replace" -> replace = true;
                case "merge" ->
                        throw new PatchException(
                                Kind.INTERNAL,
                                "merging lists cannot yet be specified in the patch");
                default -> throw unknownDirective(directive, (ObjectNode) item);
            }
        }
        return replace ? NODES.arrayNode() : original;
    }

    static JsonNode keyOf(JsonNode item, String key) throws PatchException {
        JsonNode value = item.get(key);
        if (value == null) {
            throw new PatchException(
                    Kind.INTERNAL,
                    "map: " + GoText.of(item) + " does not contain declared merge key: " + key);
        }
        return value;
    }

    private ArrayNode mergeByKey(
            @Nullable TypeSchema type, ArrayNode original, ArrayNode patch, String key)
            throws PatchException {
        for (JsonNode item : patch) {
            int at = ListOrder.indexOf(original, item, key);
            if (at >= 0 && item instanceof ObjectNode object) {
                original.set(at, mergeMap(type, (ObjectNode) original.get(at), object));
            } else {
                original.add(item);
            }
        }
        return original;
    }

    /** Handles {@code $setElementOrder/field} together with the field's own patch. */
    private void elementOrders(@Nullable TypeSchema type, ObjectNode original, ObjectNode patch)
            throws PatchException {
        for (String directive : List.copyOf(patch.propertyNames())) {
            if (!directive.startsWith(ELEMENT_ORDER)) {
                continue;
            }
            JsonNode order = patch.remove(directive);
            String field = directive.substring(ELEMENT_ORDER.length());
            if (!(order instanceof ArrayNode wanted)) {
                throw PatchException.badRequest("invalid patch format of setElementOrder list");
            }
            FieldSchema meta = type == null ? null : type.field(field);
            ArrayNode there = list(original, field);
            ArrayNode given = list(patch, field);
            if (meta == null || there == null && given == null) {
                continue;
            }
            if (given != null) {
                ListOrder.check(given, wanted, meta.patchMergeKey());
            }
            ArrayNode merged;
            if (given == null) {
                merged = there;
            } else if (there == null) {
                merged = (ArrayNode) withoutDirectives(given);
            } else {
                merged = mergeList(meta, there, given, false);
            }
            if (merged != null) {
                ArrayNode server = there == null ? NODES.arrayNode() : there;
                original.set(
                        field, ListOrder.arrange(merged, wanted, server, meta.patchMergeKey()));
            }
            patch.remove(field);
        }
    }

    private static @Nullable ArrayNode list(ObjectNode in, String field) {
        return in.get(field) instanceof ArrayNode array ? array : null;
    }

    /** A new value must not bring directives along; null if it is one as a whole. */
    private static @Nullable JsonNode withoutDirectives(JsonNode value) {
        if (value instanceof ObjectNode object) {
            if (object.has(DIRECTIVE)) {
                return null;
            }
            ObjectNode clean = NODES.objectNode();
            for (Map.Entry<String, JsonNode> entry : object.properties()) {
                JsonNode inner = withoutDirectives(entry.getValue());
                if (inner != null
                        && !entry.getKey().equals(RETAIN_KEYS)
                        && !entry.getKey().startsWith(ELEMENT_ORDER)) {
                    clean.set(entry.getKey(), inner);
                }
            }
            return clean;
        }
        if (value instanceof ArrayNode array) {
            ArrayNode clean = NODES.arrayNode();
            for (JsonNode item : array) {
                JsonNode inner = withoutDirectives(item);
                if (inner != null) {
                    clean.add(inner);
                }
            }
            return clean;
        }
        return value;
    }

    private static void discardNulls(JsonNode value) {
        if (value instanceof ObjectNode object) {
            object.removeIf(JsonNode::isNull);
        }
        value.forEach(StrategicMergePatch::discardNulls);
    }
}
