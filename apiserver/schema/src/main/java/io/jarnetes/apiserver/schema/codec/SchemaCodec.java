package io.jarnetes.apiserver.schema.codec;

import io.jarnetes.apiserver.schema.GroupVersion;
import io.jarnetes.apiserver.schema.GroupVersionKind;
import io.jarnetes.apiserver.schema.Schema;
import io.jarnetes.apiserver.schema.TypeSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The codec over a schema; what the schema does not know is treated as a custom resource. */
final class SchemaCodec implements TreeCodec {
    private static final String OBJECT_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
    private static final String NO_VERSION_KIND = "couldn't get version/kind; json parse error: ";

    private final Schema schema;

    SchemaCodec(Schema schema) {
        this.schema = schema;
    }

    @Override
    public Decoded decode(byte[] body, MediaType type, GroupVersionKind expected)
            throws DecodeException {
        return switch (type) {
            case JSON -> decodeJson(body, expected);
            case YAML -> {
                Yaml.Document document = Yaml.read(body);
                yield decode(document.tree(), expected, document.strictErrors());
            }
            case PROTOBUF -> decodeProtobuf(body, expected);
        };
    }

    private Decoded decodeProtobuf(byte[] body, GroupVersionKind expected) throws DecodeException {
        ProtoDecoder.Envelope envelope = ProtoDecoder.envelope(body);
        GroupVersion version =
                envelope.apiVersion().isEmpty()
                        ? expected.groupVersion()
                        : GroupVersion.parse(envelope.apiVersion());
        GroupVersionKind kind =
                version.kind(envelope.kind().isEmpty() ? expected.kind() : envelope.kind());
        TypeSchema type =
                schema.type(kind)
                        .filter(TypeSchema::protobuf)
                        .orElseThrow(() -> notRegistered(kind));
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        tree.put("kind", kind.kind()).put("apiVersion", kind.apiVersion());
        tree.setAll(new ProtoDecoder(schema).struct(type, envelope.raw()));
        return decode(tree, expected, List.of());
    }

    private static DecodeException notRegistered(GroupVersionKind kind) {
        return new DecodeException(
                "no kind \""
                        + kind.kind()
                        + "\" is registered for version \""
                        + kind.apiVersion()
                        + "\" in scheme \"pkg/api/legacyscheme/scheme.go:30\"");
    }

    private Decoded decodeJson(byte[] body, GroupVersionKind expected) throws DecodeException {
        RawJson reader = new RawJson();
        JsonNode raw;
        try {
            raw = reader.read(body);
        } catch (DecodeException e) {
            throw new DecodeException(NO_VERSION_KIND + e.getMessage());
        }
        return decode(raw, expected, reader.duplicates());
    }

    @Override
    public Decoded decode(ObjectNode tree, GroupVersionKind expected) throws DecodeException {
        return decode(tree, expected, List.of());
    }

    private Decoded decode(JsonNode raw, GroupVersionKind expected, List<String> duplicates)
            throws DecodeException {
        if (raw.isNull()) {
            // Go leaves what it decodes into as it was: empty.
            return decode(JsonNodeFactory.instance.objectNode(), expected, duplicates);
        }
        if (!(raw instanceof ObjectNode object)) {
            throw new DecodeException(
                    NO_VERSION_KIND
                            + "json: cannot unmarshal "
                            + (raw.isArray()
                                    ? "array"
                                    : raw.getNodeType().name().toLowerCase(Locale.ROOT))
                            + " into Go value of type struct { APIVersion string"
                            + " \"json:\\\"apiVersion,omitempty\\\"\"; Kind string"
                            + " \"json:\\\"kind,omitempty\\\"\" }");
        }
        ObjectNode named = named(object, expected);
        Problems problems = new Problems();
        GroupVersionKind kind = GroupVersionKind.of(named);
        Optional<TypeSchema> type = schema.type(kind);
        if (type.isEmpty() && !kind.equals(expected) && schema.type(expected).isPresent()) {
            throw notRegistered(kind);
        }
        ObjectNode converted = convert(named, type, problems);
        List<String> strict = new ArrayList<>(duplicates);
        strict.addAll(problems.strictErrors());
        return new Decoded(converted, strict);
    }

    /** The object with {@code kind} and {@code apiVersion}, taken from {@code expected}. */
    private static ObjectNode named(ObjectNode object, GroupVersionKind expected)
            throws DecodeException {
        for (String field : List.of("apiVersion", "kind")) {
            JsonNode value = object.path(field);
            if (!value.isMissingNode() && !value.isNull() && !value.isString()) {
                throw new DecodeException(
                        NO_VERSION_KIND
                                + "json: cannot unmarshal "
                                + value.getNodeType().name().toLowerCase(Locale.ROOT)
                                + " into Go struct field ."
                                + field
                                + " of type string");
            }
        }
        String version = object.path("apiVersion").asString("");
        if (version.indexOf('/') != version.lastIndexOf('/')) {
            throw new DecodeException("unexpected GroupVersion string: " + version);
        }
        GroupVersionKind own = GroupVersionKind.of(object);
        boolean complete = !own.kind().isEmpty() && object.path("apiVersion").isString();
        if (complete && !own.version().isEmpty()) {
            return object;
        }
        ObjectNode named = JsonNodeFactory.instance.objectNode();
        named.setAll(object);
        named.put("kind", own.kind().isEmpty() ? expected.kind() : own.kind());
        if (own.version().isEmpty()) {
            named.put("apiVersion", expected.apiVersion());
        }
        return named;
    }

    private ObjectNode convert(ObjectNode object, Optional<TypeSchema> type, Problems problems)
            throws DecodeException {
        Converter converter = new Converter(schema, problems);
        return type.isPresent()
                ? converter.struct(type.get(), object)
                : custom(object, converter, problems);
    }

    /** Custom resources keep every field; their keys are sorted, as Go's maps are. */
    private ObjectNode custom(ObjectNode object, Converter converter, Problems problems)
            throws DecodeException {
        ObjectNode sorted = (ObjectNode) sorted(object);
        if (sorted.get("metadata") instanceof ObjectNode metadata) {
            problems.enter("metadata");
            ObjectNode typed = converter.struct(schema.require(OBJECT_META), metadata);
            problems.leave();
            sorted.set("metadata", sorted(typed));
        }
        return sorted;
    }

    private static JsonNode sorted(JsonNode node) {
        if (node instanceof ObjectNode object) {
            Map<String, JsonNode> fields = new TreeMap<>();
            object.properties().forEach(e -> fields.put(e.getKey(), sorted(e.getValue())));
            ObjectNode copy = JsonNodeFactory.instance.objectNode();
            fields.forEach(copy::set);
            return copy;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode copy = JsonNodeFactory.instance.arrayNode();
            array.forEach(item -> copy.add(sorted(item)));
            return copy;
        }
        if (node.isBigDecimal()) {
            return JsonNodeFactory.instance.numberNode(node.doubleValue());
        }
        return node;
    }

    @Override
    public ObjectNode canonical(ObjectNode object) {
        try {
            return convert(object, schema.type(GroupVersionKind.of(object)), new Problems());
        } catch (DecodeException e) {
            throw new IllegalArgumentException(
                    GroupVersionKind.of(object)
                            + " holds a value of a wrong type: "
                            + e.getMessage(),
                    e);
        }
    }

    @Override
    public byte[] encode(ObjectNode object, MediaType type) {
        return switch (type) {
            case JSON -> GoJson.line(canonical(object));
            case YAML -> Yaml.write(canonical(object));
            case PROTOBUF -> encodeProtobuf(object);
        };
    }

    private byte[] encodeProtobuf(ObjectNode object) {
        GroupVersionKind kind = GroupVersionKind.of(object);
        TypeSchema type =
                schema.type(kind)
                        .filter(TypeSchema::protobuf)
                        .orElseThrow(
                                () -> new IllegalArgumentException(kind + " has no protobuf form"));
        return new ProtoEncoder(schema).envelope(type, canonical(object));
    }

    @Override
    public byte[] watchFrame(String eventType, byte[] object) {
        return ProtoEncoder.watchFrame(eventType, object);
    }

    @Override
    public boolean hasProtobuf(GroupVersionKind kind) {
        return schema.type(kind).map(TypeSchema::protobuf).orElse(false);
    }
}
