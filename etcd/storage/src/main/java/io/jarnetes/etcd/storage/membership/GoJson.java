package io.jarnetes.etcd.storage.membership;

import java.util.List;

/**
 * JSON text as Go's encoding/json writes it, since these bytes count in hashes that members
 * compare: no spaces, and {@code < > &} escaped.
 */
final class GoJson {
    private GoJson() {}

    static void quote(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20 || "<>&\u2028\u2029".indexOf(c) >= 0) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    /** A list of strings; an empty one is Go's nil slice, null. */
    static void strings(StringBuilder out, List<String> texts) {
        if (texts.isEmpty()) {
            out.append("null");
            return;
        }
        char before = '[';
        for (String text : texts) {
            quote(out.append(before), text);
            before = ',';
        }
        out.append(']');
    }
}
