package io.jarnetes.apiserver.schema.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jarnetes.apiserver.schema.FieldSchema;
import io.jarnetes.apiserver.schema.GroupVersionKind;
import io.jarnetes.apiserver.schema.ResourceDefinition;
import io.jarnetes.apiserver.schema.ResourceTable;
import io.jarnetes.apiserver.schema.Schema;
import io.jarnetes.apiserver.schema.TypeSchema;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class ProtobufTest {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final GroupVersionKind NONE = new GroupVersionKind("", "v1", "None");
    private static final int DEPTH = 6;

    private final Schema schema = Schema.builtIn();
    private final TreeCodec codec = TreeCodec.of(schema);

    @Test
    void writesWhatGoWrites() throws DecodeException {
        String given = "{\"data\":{\"b\":\"2\",\"a\":\"\"},\"metadata\":{\"name\":\"n\"}}";
        ObjectNode map =
                codec.decode(
                                given.getBytes(UTF_8),
                                MediaType.JSON,
                                new GroupVersionKind("", "v1", "ConfigMap"))
                        .object();
        String hex = HexFormat.of().formatHex(codec.encode(map, MediaType.PROTOBUF));
        String metadata =
                "0a01" + "6e" + "1200" + "1a00" + "2200" + "2a00" + "3200" + "3800" + "4200";
        String data = "1205" + "0a0161" + "1200" + "1206" + "0a0162" + "120132";
        String raw = "0a11" + metadata + data;
        assertThat(hex)
                .isEqualTo(
                        "6b387300"
                                + "0a0f"
                                + "0a027631"
                                + "1209"
                                + hex("ConfigMap")
                                + "1222"
                                + raw
                                + "1a00"
                                + "2200");
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(UTF_8));
    }

    @TestFactory
    Stream<DynamicTest> keepsEveryField() {
        return ResourceTable.known().all().stream()
                .map(ResourceDefinition::gvk)
                .filter(codec::hasProtobuf)
                .map(kind -> DynamicTest.dynamicTest(kind.toString(), () -> roundTrip(kind)));
    }

    private void roundTrip(GroupVersionKind kind) throws DecodeException {
        TypeSchema type = schema.type(kind).orElseThrow();
        ObjectNode full = full(type, DEPTH);
        full.put("kind", kind.kind()).put("apiVersion", kind.apiVersion());
        ObjectNode object = codec.decode(full, NONE).object();
        byte[] bytes = codec.encode(object, MediaType.PROTOBUF);
        ObjectNode back = codec.decode(bytes, MediaType.PROTOBUF, NONE).object();
        assertThat(back.equals(object)).isTrue();
        assertThat(codec.encode(back, MediaType.PROTOBUF)).isEqualTo(bytes);
    }

    /** An object with every field set, down to a depth. */
    private ObjectNode full(TypeSchema type, int depth) {
        ObjectNode object = NODES.objectNode();
        for (FieldSchema field : type.fields()) {
            // The descriptors lag behind in one field of a version that is off by default.
            if (field.name().equals("stubPKCS10Request")) {
                continue;
            }
            boolean deeper = !field.ref().startsWith("io.") || depth > 0;
            if (deeper) {
                object.set(field.name(), value(field, depth));
            }
        }
        return object;
    }

    private JsonNode value(FieldSchema field, int depth) {
        return switch (field.shape()) {
            case SINGLE -> single(field, depth);
            case LIST -> NODES.arrayNode().add(single(field, depth)).add(single(field, depth));
            case MAP -> NODES.objectNode().set("k", single(field, depth));
            case MAP_OF_LISTS -> {
                ObjectNode map = NODES.objectNode();
                map.putArray("k").add("a").add("b");
                yield map;
            }
        };
    }

    private JsonNode single(FieldSchema field, int depth) {
        return switch (field.type()) {
            case STRING -> NODES.stringNode("text of " + field.name());
            case BOOLEAN -> NODES.booleanNode(true);
            case INT32 -> NODES.numberNode(-1L);
            case INT64 -> NODES.numberNode(Long.MAX_VALUE);
            case DOUBLE -> NODES.numberNode(1.5);
            case BYTES -> NODES.stringNode("AAEC/w==");
            case QUANTITY -> NODES.stringNode("1500m");
            case TIME -> NODES.stringNode("2026-01-02T03:04:05Z");
            case MICRO_TIME -> NODES.stringNode("2026-01-02T03:04:05.000006Z");
            case DURATION -> NODES.stringNode("1m30s");
            case INT_OR_STRING -> NODES.stringNode("25%");
            case RAW_OBJECT -> NODES.objectNode().put("a", 1L);
            case ANY ->
                    switch (field.name()) {
                        case "items" -> NODES.objectNode().put("type", "string");
                        case "dependencies" -> NODES.arrayNode().add("a").add("b");
                        default -> NODES.booleanNode(true);
                    };
            case OBJECT -> full(schema.require(field.ref()), depth - 1);
        };
    }

    @Test
    void keepsAbsenceApartFromZero() throws DecodeException {
        String given =
                """
                {"kind": "Deployment", "apiVersion": "apps/v1", "metadata": {"name": "d"}, "spec":
                 {"replicas": 0, "selector": null, "template": {"spec": {"containers": null}}}}\
                """;
        ObjectNode object = codec.decode(given.getBytes(UTF_8), MediaType.JSON, NONE).object();
        byte[] bytes = codec.encode(object, MediaType.PROTOBUF);
        ObjectNode back = codec.decode(bytes, MediaType.PROTOBUF, NONE).object();
        assertThat(back).isEqualTo(object);
        assertThat(back.at("/spec/replicas").isNumber()).isTrue();
        assertThat(back.path("spec").has("minReadySeconds")).isFalse();
    }

    @Test
    void framesWatchEvents() {
        byte[] frame = codec.watchFrame("ADDED", new byte[] {1, 2});
        assertThat(HexFormat.of().formatHex(frame))
                .isEqualTo("0000000d" + "0a05" + hex("ADDED") + "1204" + "0a02" + "0102");
    }

    @Test
    void refusesWhatIsNoProtobuf() {
        assertThatThrownBy(() -> codec.decode(new byte[3], MediaType.PROTOBUF, NONE))
                .isInstanceOf(DecodeException.class)
                .hasMessageContaining("expected prefix");
        ObjectNode custom = NODES.objectNode().put("kind", "Foo").put("apiVersion", "x.y/v1");
        assertThatThrownBy(() -> codec.encode(custom, MediaType.PROTOBUF))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(codec.hasProtobuf(new GroupVersionKind("", "v1", "RangeAllocation"))).isTrue();
        assertThat(
                        codec.hasProtobuf(
                                new GroupVersionKind("apiregistration.k8s.io", "v1", "APIService")))
                .isFalse();
    }

    @Test
    void writesDurationsAsGoDoes() {
        assertThat(GoDuration.format(GoDuration.parse("1h0m0s"))).isEqualTo("1h0m0s");
        assertThat(GoDuration.format(GoDuration.parse("90s"))).isEqualTo("1m30s");
        assertThat(GoDuration.format(GoDuration.parse("1.5s"))).isEqualTo("1.5s");
        assertThat(GoDuration.format(GoDuration.parse("-250ms"))).isEqualTo("-250ms");
        assertThat(GoDuration.format(0)).isEqualTo("0s");
    }
}
