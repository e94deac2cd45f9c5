package io.jarnetes.apiserver.schema.codec;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.jarnetes.apiserver.schema.FieldSchema;
import io.jarnetes.apiserver.schema.FieldSchema.Shape;
import io.jarnetes.apiserver.schema.Schema;
import io.jarnetes.apiserver.schema.SchemaFormat;
import io.jarnetes.apiserver.schema.TypeSchema;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Protobuf to raw trees; {@link Converter} makes them canonical. Unknown numbers are skipped. */
final class ProtoDecoder {
    static final byte[] MAGIC = {'k', '8', 's', 0};
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Schema schema;

    ProtoDecoder(Schema schema) {
        this.schema = schema;
    }

    /**
     * What an envelope says of its content.
     *
     * @param apiVersion may be empty
     * @param kind may be empty
     */
    record Envelope(String apiVersion, String kind, byte[] raw) {}

    static boolean isEnvelope(byte[] body) {
        return body.length >= MAGIC.length
                && Arrays.equals(body, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    static Envelope envelope(byte[] body) throws DecodeException {
        if (!isEnvelope(body)) {
            throw new DecodeException(
                    "provided data does not appear to be a protobuf message, expected prefix"
                            + " [107 56 115 0]");
        }
        try {
            CodedInputStream in =
                    CodedInputStream.newInstance(body, MAGIC.length, body.length - MAGIC.length);
            String[] meta = {"", ""};
            byte[] raw = new byte[0];
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                switch (WireFormat.getTagFieldNumber(tag)) {
                    case 1 -> typeMeta(in.readBytes(), meta);
                    case 2 -> raw = in.readByteArray();
                    default -> in.skipField(tag);
                }
            }
            return new Envelope(meta[0], meta[1], raw);
        } catch (IOException e) {
            throw new DecodeException("the protobuf envelope is malformed: " + e.getMessage());
        }
    }

    private static void typeMeta(ByteString bytes, String[] meta) throws IOException {
        CodedInputStream in = bytes.newCodedInput();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            int number = WireFormat.getTagFieldNumber(tag);
            if (number == 1 || number == 2) {
                meta[number - 1] = in.readString();
            } else {
                in.skipField(tag);
            }
        }
    }

    ObjectNode struct(TypeSchema type, byte[] raw) throws DecodeException {
        ObjectNode object = NODES.objectNode();
        try {
            struct(type, ByteString.copyFrom(raw), object);
        } catch (IOException e) {
            throw new DecodeException(type.goName() + " is malformed protobuf: " + e.getMessage());
        }
        return object;
    }

    private void struct(TypeSchema type, ByteString bytes, ObjectNode object)
            throws IOException, DecodeException {
        CodedInputStream in = bytes.newCodedInput();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            int number = WireFormat.getTagFieldNumber(tag);
            FieldSchema field = type.numbered(number);
            String inline = type.inlines().get(number);
            if (field != null) {
                field(field, in, tag, object);
            } else if (inline != null) {
                struct(schema.require(inline), in.readBytes(), object);
            } else {
                in.skipField(tag);
            }
        }
    }

    private void field(FieldSchema field, CodedInputStream in, int tag, ObjectNode object)
            throws IOException, DecodeException {
        switch (field.shape()) {
            case SINGLE -> {
                JsonNode value = value(field, in);
                if (value != null) {
                    object.set(field.name(), value);
                }
            }
            case LIST -> list(field, in, tag, object.withArray(field.name()));
            case MAP, MAP_OF_LISTS -> entry(field, in.readBytes(), object.withObject(field.name()));
        }
    }

    private void list(FieldSchema field, CodedInputStream in, int tag, ArrayNode list)
            throws IOException, DecodeException {
        if (field.ref().equals(SchemaFormat.WRAPPED)) {
            strings(in.readBytes(), list);
            return;
        }
        if (isNumber(field)
                && WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
            CodedInputStream packed = in.readBytes().newCodedInput();
            while (!packed.isAtEnd()) {
                JsonNode value = value(field, packed);
                list.add(value == null ? NODES.nullNode() : value);
            }
            return;
        }
        JsonNode value = value(field, in);
        list.add(value == null ? NODES.nullNode() : value);
    }

    private static boolean isNumber(FieldSchema field) {
        return switch (field.type()) {
            case BOOLEAN, INT32, INT64, DOUBLE -> true;
            default -> false;
        };
    }

    private static void strings(ByteString bytes, ArrayNode list) throws IOException {
        CodedInputStream in = bytes.newCodedInput();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == 1) {
                list.add(in.readString());
            } else {
                in.skipField(tag);
            }
        }
    }

    private void entry(FieldSchema field, ByteString bytes, ObjectNode map)
            throws IOException, DecodeException {
        CodedInputStream in = bytes.newCodedInput();
        String key = "";
        JsonNode value = field.shape() == Shape.MAP_OF_LISTS ? NODES.arrayNode() : NODES.nullNode();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> key = in.readString();
                case 2 -> {
                    if (value instanceof ArrayNode list) {
                        strings(in.readBytes(), list);
                    } else {
                        JsonNode read = value(field, in);
                        value = read == null ? NODES.nullNode() : read;
                    }
                }
                default -> in.skipField(tag);
            }
        }
        map.set(key, value);
    }

    private @Nullable JsonNode value(FieldSchema field, CodedInputStream in)
            throws IOException, DecodeException {
        return switch (field.type()) {
            case STRING -> NODES.stringNode(in.readString());
            case BOOLEAN -> NODES.booleanNode(in.readBool());
            case INT32 -> NODES.numberNode((long) in.readInt32());
            case INT64 -> NODES.numberNode(in.readInt64());
            case DOUBLE -> NODES.numberNode(in.readDouble());
            case BYTES -> NODES.stringNode(Base64.getEncoder().encodeToString(in.readByteArray()));
            case OBJECT -> {
                ObjectNode inner = NODES.objectNode();
                struct(schema.require(field.ref()), in.readBytes(), inner);
                yield inner;
            }
            default -> special(field, new Parts(in.readBytes()));
        };
    }

    private @Nullable JsonNode special(FieldSchema field, Parts parts)
            throws IOException, DecodeException {
        return switch (field.type()) {
            case QUANTITY -> NODES.stringNode(parts.text(1).isEmpty() ? "0" : parts.text(1));
            case TIME -> parts.time(false);
            case MICRO_TIME -> parts.time(true);
            case INT_OR_STRING ->
                    parts.number(1) == 1
                            ? NODES.stringNode(parts.text(3))
                            : NODES.numberNode((long) (int) parts.number(2));
            case DURATION -> NODES.stringNode(GoDuration.format(parts.number(1)));
            case RAW_OBJECT -> parts.json();
            case ANY -> field.ref().isEmpty() ? parts.json() : any(field, parts);
            default -> throw new IllegalStateException("no message: " + field.type());
        };
    }

    private @Nullable JsonNode any(FieldSchema field, Parts parts)
            throws IOException, DecodeException {
        TypeSchema type = schema.require(field.ref());
        boolean orBool = !field.name().equals("items") && !field.name().equals("dependencies");
        int schemaNumber = orBool ? 2 : 1;
        ByteString single = parts.bytes(schemaNumber);
        if (single != null) {
            ObjectNode object = NODES.objectNode();
            struct(type, single, object);
            return object;
        }
        if (orBool) {
            return NODES.booleanNode(parts.number(1) != 0);
        }
        ArrayNode list = NODES.arrayNode();
        for (ByteString item : parts.all(2)) {
            if (field.name().equals("dependencies")) {
                list.add(item.toStringUtf8());
            } else {
                ObjectNode object = list.addObject();
                struct(type, item, object);
            }
        }
        return list;
    }

    /** The fields of a small message, by number. */
    private static final class Parts {
        private final Map<Integer, Long> numbers = new HashMap<>();
        private final Map<Integer, List<ByteString>> texts = new HashMap<>();

        Parts(ByteString bytes) throws IOException {
            CodedInputStream in = bytes.newCodedInput();
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                int number = WireFormat.getTagFieldNumber(tag);
                switch (WireFormat.getTagWireType(tag)) {
                    case WireFormat.WIRETYPE_VARINT -> numbers.put(number, in.readInt64());
                    case WireFormat.WIRETYPE_LENGTH_DELIMITED ->
                            texts.computeIfAbsent(number, n -> new ArrayList<>())
                                    .add(in.readBytes());
                    default -> in.skipField(tag);
                }
            }
        }

        long number(int number) {
            return numbers.getOrDefault(number, 0L);
        }

        List<ByteString> all(int number) {
            return texts.getOrDefault(number, List.of());
        }

        @Nullable ByteString bytes(int number) {
            return all(number).isEmpty() ? null : all(number).getLast();
        }

        String text(int number) {
            ByteString found = bytes(number);
            return found == null ? "" : found.toStringUtf8();
        }

        /** Nothing stands for the zero time. */
        @Nullable JsonNode time(boolean micro) {
            if (numbers.isEmpty()) {
                return null;
            }
            Instant time = Instant.ofEpochSecond(number(1), number(2));
            return NODES.stringNode(micro ? GoTime.micros(time) : GoTime.seconds(time));
        }

        @Nullable JsonNode json() throws DecodeException {
            ByteString raw = bytes(1);
            return raw == null || raw.isEmpty() ? null : new RawJson().read(raw.toByteArray());
        }
    }
}
