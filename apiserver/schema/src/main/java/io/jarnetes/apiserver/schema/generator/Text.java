package io.jarnetes.apiserver.schema.generator;

import java.util.List;

/** A source comment as OpenAPI shows it, by the rules of upstream's generator. */
final class Text {
    private Text() {}

    /**
     * Lines become one, empty lines divide paragraphs, indented lines stay lines; markers, TODOs
     * and everything from a line {@code ---} on are left out.
     */
    static String of(List<String> comment) {
        StringBuilder text = new StringBuilder();
        for (String raw : comment) {
            String line = raw.stripTrailing();
            String leading = line.stripLeading();
            if (leading.equals("---")) {
                break;
            }
            if (line.isEmpty()) {
                dropLast(text);
                text.append("\n\n");
            } else if (!leading.startsWith("+") && !leading.startsWith("TODO")) {
                if (line.startsWith(" ") || line.startsWith("\t")) {
                    dropLast(text);
                    text.append('\n').append(line).append('\n');
                } else {
                    text.append(line).append(' ');
                }
            }
        }
        return text.toString().strip();
    }

    /**
     * The text with its paragraphs. The sources have lines, but lost their empty ones; the models
     * have everything on one line, each white-space character turned into a space. Together they
     * tell how many line feeds a gap had.
     *
     * @param lines from {@link #of}
     * @param oneLine from the model; where it says something else (a scalar type's text instead of
     *     the field's) it is of no use
     */
    static String merge(String lines, String oneLine) {
        if (oneLine.isEmpty() || lines.isEmpty()) {
            // The models have no text for fields that refer to another struct.
            return lines + oneLine;
        }
        StringBuilder text = new StringBuilder();
        int at = 0;
        int i = 0;
        while (i < lines.length()) {
            int gapEnd = gap(lines, i);
            int otherEnd = gap(oneLine, at);
            if (gapEnd > i || otherEnd > at) {
                text.append(gapText(lines.substring(i, gapEnd), otherEnd - at));
                i = gapEnd;
                at = otherEnd;
            } else if (at < oneLine.length() && oneLine.charAt(at) == lines.charAt(i)) {
                text.append(lines.charAt(i++));
                at++;
            } else {
                return lines;
            }
        }
        return at == oneLine.length() ? text.toString() : lines;
    }

    private static int gap(String text, int from) {
        int end = from;
        while (end < text.length() && Character.isWhitespace(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private static String gapText(String gap, int width) {
        int missing = width - gap.length();
        if (missing <= 0) {
            return gap;
        }
        return gap.equals(" ") ? "\n".repeat(width) : "\n".repeat(missing) + gap;
    }

    private static void dropLast(StringBuilder text) {
        if (!text.isEmpty()) {
            text.setLength(text.length() - 1);
        }
    }
}
