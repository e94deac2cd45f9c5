package io.jarnetes.apiserver.server.storage;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Reads and changes metadata of an object's JSON without building a tree. */
final class StoredJson {

    /** The fields of ObjectMeta that Go writes before resourceVersion. */
    private static final Set<String> BEFORE =
            Set.of("name", "generateName", "namespace", "selfLink", "uid");

    private static final JsonFactory FACTORY = new JsonFactory();

    private StoredJson() {}

    /**
     * Copies {@code json} with {@code "resourceVersion"} at the place where Go writes it.
     *
     * @param json an object; what is stored has no resourceVersion
     * @throws StorageException CORRUPT when it is no object with metadata
     */
    static byte[] withRevision(byte[] json, long revision) {
        try (JsonParser parser = inMetadata(json)) {
            boolean first = true;
            JsonToken token;
            while ((token = parser.nextToken()) == JsonToken.PROPERTY_NAME
                    && BEFORE.contains(parser.currentName())) {
                first = false;
                parser.nextToken();
                parser.skipChildren();
            }
            int at = (int) parser.currentTokenLocation().getByteOffset();
            return splice(json, at, first, token == JsonToken.END_OBJECT, revision);
        }
    }

    /** {@code json} with another resourceVersion, which it has already. */
    static byte[] replaceRevision(byte[] json, long revision) {
        try (JsonParser parser = inMetadata(json)) {
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean found = parser.currentName().equals("resourceVersion");
                parser.nextToken();
                if (!found) {
                    parser.skipChildren();
                    continue;
                }
                int from = (int) parser.currentTokenLocation().getByteOffset() + 1;
                int end = from + parser.getString().length();
                byte[] number = Long.toString(revision).getBytes(StandardCharsets.US_ASCII);
                byte[] out = new byte[json.length - (end - from) + number.length];
                System.arraycopy(json, 0, out, 0, from);
                System.arraycopy(number, 0, out, from, number.length);
                System.arraycopy(json, end, out, from + number.length, json.length - end);
                return out;
            }
        }
        throw corrupt("has no resourceVersion");
    }

    /** {@code metadata.labels}. */
    static Map<String, String> labels(byte[] json) {
        Map<String, String> labels = new HashMap<>();
        try (JsonParser parser = inMetadata(json)) {
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean found = parser.currentName().equals("labels");
                JsonToken value = parser.nextToken();
                if (!found || value != JsonToken.START_OBJECT) {
                    parser.skipChildren();
                    continue;
                }
                while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                    String key = parser.currentName();
                    parser.nextToken();
                    labels.put(key, parser.getString());
                }
                break;
            }
        }
        return Map.copyOf(labels);
    }

    /** A parser that stands on the brace after {@code "metadata":}. */
    private static JsonParser inMetadata(byte[] json) {
        JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), json);
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw corrupt("is no JSON object");
        }
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String field = parser.currentName();
            JsonToken value = parser.nextToken();
            if (field.equals("metadata") && value == JsonToken.START_OBJECT) {
                return parser;
            }
            parser.skipChildren();
        }
        throw corrupt("has no metadata");
    }

    private static byte[] splice(
            byte[] json, int at, boolean first, boolean closes, long revision) {
        String text = "\"resourceVersion\":\"" + revision + "\"";
        if (!closes) {
            text = text + ",";
        } else if (!first) {
            text = "," + text;
        }
        byte[] piece = text.getBytes(StandardCharsets.US_ASCII);
        byte[] out = new byte[json.length + piece.length];
        System.arraycopy(json, 0, out, 0, at);
        System.arraycopy(piece, 0, out, at, piece.length);
        System.arraycopy(json, at, out, at + piece.length, json.length - at);
        return out;
    }

    private static StorageException corrupt(String what) {
        return new StorageException(StorageException.Kind.CORRUPT, "a stored object " + what);
    }
}
