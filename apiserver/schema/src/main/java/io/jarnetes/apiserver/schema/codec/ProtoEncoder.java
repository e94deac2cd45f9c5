package io.jarnetes.apiserver.schema.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jarnetes.apiserver.schema.FieldSchema;
import io.jarnetes.apiserver.schema.FieldSchema.Presence;
import io.jarnetes.apiserver.schema.FieldSchema.Shape;
import io.jarnetes.apiserver.schema.Schema;
import io.jarnetes.apiserver.schema.SchemaFormat;
import io.jarnetes.apiserver.schema.TypeSchema;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Canonical trees to protobuf, byte for byte as Go's generated code: fields that are no pointers
 * are written even when zero.
 */
final class ProtoEncoder {
    private static final byte[] MAGIC = {'k', '8', 's', 0};

    private final Schema schema;
    private final ReverseBuffer out = new ReverseBuffer();

    ProtoEncoder(Schema schema) {
        this.schema = schema;
    }

    /** An object in its envelope: {@code k8s\0} and runtime.Unknown. */
    byte[] envelope(TypeSchema type, ObjectNode object) {
        out.string(4, "");
        out.string(3, "");
        int raw = out.mark();
        struct(type, object);
        out.message(2, raw);
        int meta = out.mark();
        out.string(2, object.path("kind").asString(""));
        out.string(1, object.path("apiVersion").asString(""));
        out.message(1, meta);
        out.raw(MAGIC);
        return out.toByteArray();
    }

    private void struct(TypeSchema type, JsonNode object) {
        for (Part part : parts(type)) {
            FieldSchema field = part.field();
            if (field == null) {
                int mark = out.mark();
                struct(schema.require(part.inline()), object);
                out.message(part.number(), mark);
            } else {
                field(field, object.get(field.name()));
            }
        }
    }

    /** A field or an embedded struct. */
    private record Part(int number, @Nullable FieldSchema field, String inline) {}

    /** From the highest number to the lowest. */
    private static List<Part> parts(TypeSchema type) {
        List<Part> parts = new ArrayList<>();
        for (FieldSchema field : type.fields()) {
            if (field.number() > 0) {
                parts.add(new Part(field.number(), field, ""));
            }
        }
        type.inlines().forEach((number, ref) -> parts.add(new Part(number, null, ref)));
        parts.sort(Comparator.comparingInt(Part::number).reversed());
        return parts;
    }

    private void field(FieldSchema field, @Nullable JsonNode value) {
        if (value == null || value.isNull()) {
            if (field.shape() == Shape.SINGLE) {
                missing(field);
            }
        } else if (field.shape() == Shape.SINGLE) {
            single(field, field.number(), value);
        } else {
            many(field, value);
        }
    }

    private void missing(FieldSchema field) {
        if (field.presence() == Presence.POINTER || field.presence() == Presence.NULLABLE) {
            return;
        }
        int number = field.number();
        switch (field.type()) {
            case STRING -> out.string(number, "");
            case BOOLEAN, INT32, INT64 -> out.varint(number, 0);
            case DOUBLE -> out.fixed64(number, 0);
            case TIME, MICRO_TIME, RAW_OBJECT, ANY -> out.bytes(number, new byte[0]);
            case DURATION -> {
                int mark = out.mark();
                out.varint(1, 0);
                out.message(number, mark);
            }
            case QUANTITY -> single(field, number, JsonNodeFactory.instance.stringNode("0"));
            case INT_OR_STRING -> single(field, number, JsonNodeFactory.instance.numberNode(0));
            case OBJECT -> single(field, number, JsonNodeFactory.instance.objectNode());
            case BYTES -> {}
        }
    }

    private void many(FieldSchema field, JsonNode value) {
        int number = field.number();
        if (value instanceof ArrayNode list) {
            if (!field.ref().equals(SchemaFormat.WRAPPED)) {
                reversed(list).forEach(item -> single(field, number, item));
                return;
            }
            int mark = out.mark();
            reversed(list).forEach(item -> out.string(1, item.asString("")));
            out.message(number, mark);
            return;
        }
        Map<String, JsonNode> sorted = new TreeMap<>(Comparator.reverseOrder());
        value.properties().forEach(e -> sorted.put(e.getKey(), e.getValue()));
        sorted.forEach((key, item) -> entry(field, key, item));
    }

    private void entry(FieldSchema field, String key, JsonNode item) {
        int mark = out.mark();
        if (field.shape() == Shape.MAP_OF_LISTS) {
            int list = out.mark();
            if (item instanceof ArrayNode values) {
                reversed(values).forEach(v -> out.string(1, v.asString("")));
            }
            out.message(2, list);
        } else {
            single(field, 2, item);
        }
        out.string(1, key);
        out.message(field.number(), mark);
    }

    private static List<JsonNode> reversed(ArrayNode list) {
        return list.valueStream().toList().reversed();
    }

    private void single(FieldSchema field, int number, JsonNode value) {
        switch (field.type()) {
            case STRING -> out.string(number, value.asString(""));
            case BOOLEAN -> out.varint(number, value.asBoolean(false) ? 1 : 0);
            case INT32, INT64 -> out.varint(number, value.asLong(0));
            case DOUBLE -> out.fixed64(number, Double.doubleToRawLongBits(value.asDouble(0)));
            case BYTES -> out.bytes(number, Base64.getDecoder().decode(value.asString("")));
            default -> {
                int mark = out.mark();
                message(field, value);
                out.message(number, mark);
            }
        }
    }

    private void message(FieldSchema field, JsonNode value) {
        switch (field.type()) {
            case OBJECT -> struct(schema.require(field.ref()), value);
            case QUANTITY -> out.string(1, value.asString("0"));
            case TIME, MICRO_TIME -> time(value.asString(""));
            case INT_OR_STRING -> intOrString(value);
            case RAW_OBJECT -> out.bytes(1, GoJson.compact(value));
            case ANY -> any(field, value);
            case DURATION -> out.varint(1, GoDuration.parse(value.asString("0s")));
            default -> throw new IllegalStateException("no message: " + field.type());
        }
    }

    private void time(String text) {
        if (text.isEmpty()) {
            // The zero time is an empty message.
            return;
        }
        Instant time = Instant.parse(text);
        out.varint(2, time.getNano());
        out.varint(1, time.getEpochSecond());
    }

    private void intOrString(JsonNode value) {
        boolean text = value.isString();
        out.string(3, text ? value.stringValue() : "");
        out.varint(2, text ? 0 : value.asLong(0));
        out.varint(1, text ? 1 : 0);
    }

    /** apiextensions' JSON is raw; the JSONSchemaPropsOr… types have a schema or something else. */
    private void any(FieldSchema field, JsonNode value) {
        if (field.ref().isEmpty()) {
            out.bytes(1, GoJson.compact(value));
            return;
        }
        TypeSchema type = schema.require(field.ref());
        boolean orBool = !field.name().equals("items") && !field.name().equals("dependencies");
        if (value instanceof ArrayNode list) {
            for (JsonNode item : reversed(list)) {
                if (item.isString()) {
                    out.string(2, item.stringValue());
                } else {
                    int mark = out.mark();
                    struct(type, item);
                    out.message(2, mark);
                }
            }
        } else if (value.isObject()) {
            int mark = out.mark();
            struct(type, value);
            out.message(orBool ? 2 : 1, mark);
            if (orBool) {
                out.varint(1, 1);
            }
        } else {
            out.varint(1, value.asBoolean(false) ? 1 : 0);
        }
    }

    /** One event of a protobuf watch: its length in four bytes, then metav1.WatchEvent. */
    static byte[] watchFrame(String type, byte[] object) {
        ReverseBuffer event = new ReverseBuffer();
        int mark = event.mark();
        event.bytes(1, object);
        event.message(2, mark);
        event.bytes(1, type.getBytes(UTF_8));
        byte[] content = event.toByteArray();
        byte[] frame = new byte[Integer.BYTES + content.length];
        ByteBuffer.wrap(frame).putInt(content.length).put(content);
        return frame;
    }
}
