package io.jarnetes.apiserver.schema.codec;

import java.util.Base64;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Values that have an UnmarshalJSON of their own in Go. */
final class Scalars {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String ALPHABET =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    private Scalars() {}

    /** Standard base64; line breaks inside are dropped, as in Go. */
    static JsonNode bytes(String text) throws DecodeException {
        String joined = text.replace("\r", "").replace("\n", "");
        try {
            byte[] decoded = Base64.getDecoder().decode(joined);
            if (joined.length() % 4 != 0) {
                throw illegal(text, text.length());
            }
            return NODES.stringNode(Base64.getEncoder().encodeToString(decoded));
        } catch (IllegalArgumentException e) {
            throw illegal(text, firstIllegal(text));
        }
    }

    private static DecodeException illegal(String text, int at) {
        // Go blames the start of the last, incomplete group.
        int place = at < text.length() ? at : text.length() / 4 * 4;
        return new DecodeException("illegal base64 data at input byte " + place);
    }

    private static int firstIllegal(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (ALPHABET.indexOf(c) < 0 && c != '\n' && c != '\r') {
                return i;
            }
        }
        return text.length();
    }

    static JsonNode quantity(JsonNode raw) throws DecodeException {
        String text = raw.isString() ? raw.stringValue().strip() : raw.toString();
        return NODES.stringNode(Quantity.parse(text).text());
    }

    static JsonNode time(JsonNode raw, boolean micro) throws DecodeException {
        if (!raw.isString()) {
            throw intoGoValue(raw, "string");
        }
        String text = raw.stringValue();
        return NODES.stringNode(
                micro
                        ? GoTime.micros(GoTime.parseMicro(text))
                        : GoTime.seconds(GoTime.parse(text)));
    }

    static JsonNode intOrString(JsonNode raw) throws DecodeException {
        if (raw.isString()) {
            return raw;
        }
        if (!raw.isIntegralNumber() || !raw.canConvertToInt()) {
            throw intoGoValue(raw, "int32");
        }
        return NODES.numberNode(raw.longValue());
    }

    private static DecodeException intoGoValue(JsonNode raw, String goType) {
        String kind =
                switch (raw.getNodeType()) {
                    case STRING -> "string";
                    case NUMBER -> goType.equals("string") ? "number" : "number " + raw;
                    case BOOLEAN -> "bool";
                    case ARRAY -> "array";
                    default -> "object";
                };
        return new DecodeException(
                "json: cannot unmarshal " + kind + " into Go value of type " + goType);
    }
}
