package io.jarnetes.apiserver.schema.codec;

import io.jarnetes.apiserver.schema.FieldSchema;
import io.jarnetes.apiserver.schema.FieldSchema.Presence;
import io.jarnetes.apiserver.schema.FieldSchema.Shape;
import io.jarnetes.apiserver.schema.Schema;
import io.jarnetes.apiserver.schema.TypeSchema;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A tree as it stands to the tree that Go would write after reading it: decode and encode of a
 * struct in one step.
 */
final class Converter {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Schema schema;
    private final Problems problems;

    Converter(Schema schema, Problems problems) {
        this.schema = schema;
        this.problems = problems;
    }

    ObjectNode struct(TypeSchema type, ObjectNode raw) throws DecodeException {
        @Nullable JsonNode[] slots = new JsonNode[type.fields().size()];
        for (Map.Entry<String, JsonNode> entry : raw.properties()) {
            int at = type.indexOf(entry.getKey());
            if (at < 0) {
                problems.unknown(entry.getKey());
            } else if (!entry.getValue().isNull()) {
                problems.enter(entry.getKey());
                slots[at] = field(type, type.fields().get(at), entry.getValue());
                problems.leave();
            }
        }
        Conversions.apply(type, slots);
        ObjectNode struct = NODES.objectNode();
        for (int i = 0; i < slots.length; i++) {
            FieldSchema field = type.fields().get(i);
            JsonNode value = slots[i];
            if (value == null || isOmitted(field, value)) {
                value = zero(field);
            }
            if (value != null) {
                struct.set(field.name(), value);
            }
        }
        return struct;
    }

    /** Whether Go does not tell this value from one that is missing. */
    private static boolean isOmitted(FieldSchema field, JsonNode value) {
        if (field.shape() != Shape.SINGLE) {
            // Protobuf cannot tell an empty list from none, so Go reads back null; but a List's
            // items are filled in by the server itself.
            return value.isEmpty() && !field.name().equals("items");
        }
        return field.presence() == Presence.OMIT_ZERO
                && switch (field.type()) {
                    case STRING, BYTES -> value.stringValue().isEmpty();
                    case BOOLEAN -> !value.booleanValue();
                    case INT32, INT64 -> value.longValue() == 0;
                    case DOUBLE -> value.doubleValue() == 0;
                    default -> false;
                };
    }

    /** What Go writes for a field that is not set, or null for nothing. */
    private @Nullable JsonNode zero(FieldSchema field) throws DecodeException {
        return switch (field.presence()) {
            case OMIT_ZERO, POINTER -> null;
            case NULLABLE -> NODES.nullNode();
            case ALWAYS -> field.shape() == Shape.SINGLE ? zeroValue(field) : NODES.nullNode();
        };
    }

    private JsonNode zeroValue(FieldSchema field) throws DecodeException {
        return switch (field.type()) {
            case STRING -> NODES.stringNode("");
            case BOOLEAN -> NODES.booleanNode(false);
            case INT32, INT64, INT_OR_STRING -> NODES.numberNode(0L);
            case DOUBLE -> NODES.numberNode(0L);
            case QUANTITY -> NODES.stringNode("0");
            case DURATION -> NODES.stringNode("0s");
            case BYTES, TIME, MICRO_TIME, RAW_OBJECT, ANY -> NODES.nullNode();
            case OBJECT -> struct(schema.require(field.ref()), NODES.objectNode());
        };
    }

    private JsonNode field(TypeSchema in, FieldSchema field, JsonNode raw) throws DecodeException {
        return switch (field.shape()) {
            case SINGLE -> value(in, field, raw);
            case LIST -> list(in, field, raw);
            case MAP, MAP_OF_LISTS -> map(in, field, raw);
        };
    }

    private JsonNode list(TypeSchema in, FieldSchema field, JsonNode raw) throws DecodeException {
        if (!raw.isArray()) {
            throw mismatch(in, raw, "[]" + goType(field));
        }
        ArrayNode list = NODES.arrayNode();
        for (JsonNode item : raw) {
            problems.enter("[" + list.size() + "]");
            list.add(item.isNull() ? zeroValue(field) : value(in, field, item));
            problems.leave();
        }
        return list;
    }

    private JsonNode map(TypeSchema in, FieldSchema field, JsonNode raw) throws DecodeException {
        boolean lists = field.shape() == Shape.MAP_OF_LISTS;
        if (!raw.isObject()) {
            throw mismatch(in, raw, "map[string]" + (lists ? "[]" : "") + goType(field));
        }
        Map<String, JsonNode> sorted = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : raw.properties()) {
            problems.enterKey(entry.getKey());
            JsonNode value = entry.getValue();
            if (value.isNull()) {
                sorted.put(entry.getKey(), lists ? NODES.nullNode() : zeroValue(field));
            } else {
                sorted.put(
                        entry.getKey(), lists ? list(in, field, value) : value(in, field, value));
            }
            problems.leave();
        }
        ObjectNode map = NODES.objectNode();
        sorted.forEach(map::set);
        return map;
    }

    private JsonNode value(TypeSchema in, FieldSchema field, JsonNode raw) throws DecodeException {
        return switch (field.type()) {
            case STRING, DURATION -> {
                if (!raw.isString()) {
                    throw mismatch(in, raw, "string");
                }
                yield raw;
            }
            case BOOLEAN -> {
                if (!raw.isBoolean()) {
                    throw mismatch(in, raw, "bool");
                }
                yield raw;
            }
            case INT32 -> integer(in, raw, Integer.MIN_VALUE, Integer.MAX_VALUE, "int32");
            case INT64 -> integer(in, raw, Long.MIN_VALUE, Long.MAX_VALUE, "int64");
            case DOUBLE -> {
                if (!raw.isNumber()) {
                    throw mismatch(in, raw, "float64");
                }
                yield NODES.numberNode(raw.doubleValue());
            }
            case BYTES -> {
                if (!raw.isString()) {
                    throw mismatch(in, raw, "[]uint8");
                }
                yield Scalars.bytes(raw.stringValue());
            }
            case QUANTITY -> Scalars.quantity(raw);
            case TIME -> Scalars.time(raw, false);
            case MICRO_TIME -> Scalars.time(raw, true);
            case INT_OR_STRING -> Scalars.intOrString(raw);
            case RAW_OBJECT -> raw;
            case ANY -> any(field, raw);
            case OBJECT -> {
                if (!(raw instanceof ObjectNode object)) {
                    throw mismatch(in, raw, goType(field));
                }
                yield struct(schema.require(field.ref()), object);
            }
        };
    }

    /** JSONSchemaPropsOr…: a schema, a list of schemas, a bool or strings. */
    private JsonNode any(FieldSchema field, JsonNode raw) throws DecodeException {
        if (field.ref().isEmpty()) {
            return raw;
        }
        TypeSchema type = schema.require(field.ref());
        if (raw instanceof ObjectNode object) {
            return struct(type, object);
        }
        if (raw instanceof ArrayNode array && array.valueStream().allMatch(JsonNode::isObject)) {
            ArrayNode list = NODES.arrayNode();
            for (JsonNode item : array) {
                list.add(struct(type, (ObjectNode) item));
            }
            return list;
        }
        return raw;
    }

    private JsonNode integer(TypeSchema in, JsonNode raw, long least, long most, String goType)
            throws DecodeException {
        if (!raw.isNumber()) {
            throw mismatch(in, raw, goType);
        }
        if (!raw.isIntegralNumber()
                || !raw.canConvertToLong()
                || raw.longValue() < least
                || raw.longValue() > most) {
            throw mismatch(in, "number " + raw, goType);
        }
        // One node type for whole numbers, so that trees compare by value.
        return NODES.numberNode(raw.longValue());
    }

    private DecodeException mismatch(TypeSchema in, JsonNode raw, String goType) {
        String kind =
                switch (raw.getNodeType()) {
                    case STRING -> "string";
                    case NUMBER -> "number";
                    case BOOLEAN -> "bool";
                    case ARRAY -> "array";
                    default -> "object";
                };
        return mismatch(in, kind, goType);
    }

    private DecodeException mismatch(TypeSchema in, String kind, String goType) {
        return new DecodeException(
                "json: cannot unmarshal "
                        + kind
                        + " into Go struct field "
                        + in.goName()
                        + "."
                        + problems.fieldPath()
                        + " of type "
                        + goType);
    }

    private static String goType(FieldSchema field) {
        return switch (field.type()) {
            case STRING -> "string";
            case BOOLEAN -> "bool";
            case INT32 -> "int32";
            case INT64 -> "int64";
            case DOUBLE -> "float64";
            case BYTES -> "[]uint8";
            case QUANTITY -> "resource.Quantity";
            case TIME -> "v1.Time";
            case MICRO_TIME -> "v1.MicroTime";
            case DURATION -> "v1.Duration";
            case INT_OR_STRING -> "intstr.IntOrString";
            case RAW_OBJECT -> "runtime.RawExtension";
            case ANY -> "v1.JSON";
            case OBJECT -> {
                String[] parts = field.ref().split("\\.");
                yield parts[parts.length - 2] + "." + parts[parts.length - 1];
            }
        };
    }
}
