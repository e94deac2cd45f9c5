package io.jarnetes.apiserver.schema.codec;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** JSON text to a tree as it stands; double keys are reported and the last one wins, as in Go. */
final class RawJson {
    private static final JsonFactory FACTORY = JsonFactory.builder().build();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final List<String> duplicates = new ArrayList<>();

    /** The messages for double keys: {@code duplicate field "spec.replicas"}. */
    List<String> duplicates() {
        return duplicates;
    }

    JsonNode read(byte[] body) throws DecodeException {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), body)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw new DecodeException(GoSyntax.END);
            }
            JsonNode read = value(parser, first, "");
            if (parser.nextToken() != null) {
                throw new DecodeException(GoSyntax.message(body));
            }
            return read;
        } catch (JacksonException e) {
            throw new DecodeException(GoSyntax.message(body));
        }
    }

    private JsonNode value(JsonParser parser, JsonToken token, String path) {
        return switch (token) {
            case START_OBJECT -> object(parser, path);
            case START_ARRAY -> array(parser, path);
            case VALUE_STRING -> NODES.stringNode(parser.getString());
            case VALUE_NUMBER_INT -> integer(parser.getBigIntegerValue());
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDecimalValue());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            default -> NODES.nullNode();
        };
    }

    private static JsonNode integer(BigInteger value) {
        return value.bitLength() < Long.SIZE
                ? NODES.numberNode(value.longValue())
                : NODES.numberNode(value);
    }

    private ObjectNode object(JsonParser parser, String path) {
        ObjectNode object = NODES.objectNode();
        for (JsonToken token = parser.nextToken();
                token != JsonToken.END_OBJECT;
                token = parser.nextToken()) {
            String name = parser.currentName();
            String inner = path.isEmpty() ? name : path + "." + name;
            JsonNode value = value(parser, parser.nextToken(), inner);
            if (object.has(name)) {
                duplicates.add("duplicate field \"" + inner + "\"");
            }
            object.set(name, value);
        }
        return object;
    }

    private ArrayNode array(JsonParser parser, String path) {
        ArrayNode array = NODES.arrayNode();
        for (JsonToken token = parser.nextToken();
                token != JsonToken.END_ARRAY;
                token = parser.nextToken()) {
            array.add(value(parser, token, path + "[" + array.size() + "]"));
        }
        return array;
    }
}
