package io.jarnetes.apiserver.server.http;

import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Small trees as Go's encoding/json writes them: compact, or indented by two spaces for people
 * ({@code curl}, browsers, {@code ?pretty}); {@code <>&} escaped.
 */
final class GoJson {

    private final StringBuilder out = new StringBuilder(256);
    private final boolean pretty;

    private GoJson(boolean pretty) {
        this.pretty = pretty;
    }

    /** Compact, with the line end that Go's encoder adds. */
    static byte[] compact(JsonNode node) {
        GoJson json = new GoJson(false);
        json.value(node, 0);
        return json.out.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Indented, without a line end, as upstream's printer for people does. */
    static byte[] pretty(JsonNode node) {
        GoJson json = new GoJson(true);
        json.value(node, 0);
        return json.out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void value(JsonNode node, int depth) {
        if (node.isObject()) {
            object(node, depth);
        } else if (node.isArray()) {
            array(node, depth);
        } else if (node.isString()) {
            text(node.stringValue());
        } else {
            out.append(node);
        }
    }

    private void object(JsonNode node, int depth) {
        if (node.isEmpty()) {
            out.append("{}");
            return;
        }
        out.append('{');
        Iterator<Map.Entry<String, JsonNode>> fields = node.properties().iterator();
        while (fields.hasNext()) {
            Map.Entry<String, JsonNode> field = fields.next();
            line(depth + 1);
            text(field.getKey());
            out.append(pretty ? ": " : ":");
            value(field.getValue(), depth + 1);
            if (fields.hasNext()) {
                out.append(',');
            }
        }
        line(depth);
        out.append('}');
    }

    private void array(JsonNode node, int depth) {
        if (node.isEmpty()) {
            out.append("[]");
            return;
        }
        out.append('[');
        for (int i = 0; i < node.size(); i++) {
            if (i > 0) {
                out.append(',');
            }
            line(depth + 1);
            value(node.get(i), depth + 1);
        }
        line(depth);
        out.append(']');
    }

    private void line(int depth) {
        if (pretty) {
            out.append('\n').repeat("  ", depth);
        }
    }

    private void text(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '<', '>', '&', '\u2028', '\u2029' -> escape(c);
                default -> {
                    if (c < 0x20) {
                        escape(c);
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private void escape(char c) {
        out.append(String.format("\\u%04x", (int) c));
    }
}
