package io.jarnetes.apiserver.server.endpoints;

import java.io.ByteArrayOutputStream;

/** Go's {@code json.Indent} with two spaces: empty lists and maps stay on one line. */
final class PrettyJson {

    private PrettyJson() {}

    /**
     * @param json compact
     */
    static byte[] indent(byte[] json) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(json.length * 2);
        int depth = 0;
        boolean inText = false;
        for (int i = 0; i < json.length; i++) {
            byte b = json[i];
            if (inText) {
                out.write(b);
                if (b == '\\') {
                    out.write(json[++i]);
                } else if (b == '"') {
                    inText = false;
                }
                continue;
            }
            switch (b) {
                case '"' -> {
                    inText = true;
                    out.write(b);
                }
                case '{', '[' -> {
                    out.write(b);
                    boolean empty =
                            i + 1 < json.length && (json[i + 1] == '}' || json[i + 1] == ']');
                    if (empty) {
                        out.write(json[++i]);
                    } else {
                        newLine(out, ++depth);
                    }
                }
                case '}', ']' -> {
                    newLine(out, --depth);
                    out.write(b);
                }
                case ',' -> {
                    out.write(b);
                    newLine(out, depth);
                }
                case ':' -> {
                    out.write(b);
                    out.write(' ');
                }
                case ' ', '\n', '\t', '\r' -> {}
                default -> out.write(b);
            }
        }
        return out.toByteArray();
    }

    private static void newLine(ByteArrayOutputStream out, int depth) {
        out.write('\n');
        for (int i = 0; i < depth; i++) {
            out.write(' ');
            out.write(' ');
        }
    }
}
