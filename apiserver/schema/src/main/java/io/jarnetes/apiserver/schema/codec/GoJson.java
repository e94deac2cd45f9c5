package io.jarnetes.apiserver.schema.codec;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.SerializableString;
import tools.jackson.core.io.CharacterEscapes;
import tools.jackson.core.io.SerializedString;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;

/** Writes trees byte for byte as Go's encoding/json does: {@code <>&} escaped, floats Go's way. */
public final class GoJson {
    private static final JsonFactory FACTORY =
            JsonFactory.builder().characterEscapes(new Escapes()).build();
    private static final double SMALLEST_PLAIN = 1e-6;
    private static final double SMALLEST_EXPONENT = 1e21;

    private GoJson() {}

    /** Compact JSON and a line feed, as upstream's serializer ends every object. */
    public static byte[] line(JsonNode tree) {
        ByteArrayOutputStream out = write(tree);
        out.write('\n');
        return out.toByteArray();
    }

    /** Compact JSON. */
    public static byte[] compact(JsonNode tree) {
        return write(tree).toByteArray();
    }

    private static ByteArrayOutputStream write(JsonNode tree) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
            write(generator, tree);
        }
        return out;
    }

    private static void write(JsonGenerator out, JsonNode node) {
        switch (node.getNodeType()) {
            case OBJECT -> {
                out.writeStartObject();
                for (Map.Entry<String, JsonNode> entry : node.properties()) {
                    out.writeName(entry.getKey());
                    write(out, entry.getValue());
                }
                out.writeEndObject();
            }
            case ARRAY -> {
                out.writeStartArray();
                node.forEach(item -> write(out, item));
                out.writeEndArray();
            }
            case STRING -> out.writeString(node.stringValue());
            case BOOLEAN -> out.writeBoolean(node.booleanValue());
            case NUMBER -> out.writeNumber(number(node));
            default -> out.writeNull();
        }
    }

    private static String number(JsonNode node) {
        // Exact decimals are raw JSON that Go keeps as it came; doubles are values that it read.
        return node.isIntegralNumber() || node.isBigDecimal()
                ? node.toString()
                : number(node.doubleValue());
    }

    /** Go's shortest form: plain, but with an exponent below 1e-6 and from 1e21 on. */
    static String number(double value) {
        double size = Math.abs(value);
        BigDecimal exact = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        if (size == 0 || size >= SMALLEST_PLAIN && size < SMALLEST_EXPONENT) {
            return size == 0 ? "0" : exact.toPlainString();
        }
        String digits = exact.unscaledValue().abs().toString();
        int exponent = exact.precision() - exact.scale() - 1;
        String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
        String sign = value < 0 ? "-" : "";
        return sign
                + digits.charAt(0)
                + fraction
                + "e"
                + (exponent < 0 ? "-" : "+")
                + Math.abs(exponent);
    }

    /** Go's escapes where they are not Jackson's. */
    private static final class Escapes extends CharacterEscapes {
        private static final long serialVersionUID = 1L;
        private final int[] ascii = standardAsciiEscapesForJSON();

        Escapes() {
            for (char c : "<>&".toCharArray()) {
                ascii[c] = ESCAPE_CUSTOM;
            }
            for (int c = 0; c < ' '; c++) {
                if (ascii[c] == ESCAPE_STANDARD) {
                    ascii[c] = ESCAPE_CUSTOM;
                }
            }
        }

        @Override
        public int[] getEscapeCodesForAscii() {
            return ascii;
        }

        @Override
        public SerializableString getEscapeSequence(int c) {
            return new SerializedString(String.format("\\u%04x", c));
        }
    }
}
