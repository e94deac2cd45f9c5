package io.jarnetes.apiserver.server.endpoints;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Collects texts for {@code Warning} headers (RFC 7234 §5.5), each once, as upstream does. */
final class Warnings implements Consumer<String> {

    private static final int MAX_TOTAL_CHARACTERS = 4 * 1024;
    private static final int MAX_CHARACTERS = 1024;

    private final Set<String> texts = new LinkedHashSet<>();
    private int total;

    @Override
    public void accept(String text) {
        if (total + text.length() <= MAX_TOTAL_CHARACTERS && texts.add(text)) {
            total += text.length();
        }
    }

    List<Map.Entry<String, String>> headers() {
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        for (String text : texts) {
            headers.add(Map.entry("Warning", header(text)));
        }
        return headers;
    }

    /** The header's value: {@code 299 - "TEXT"}. */
    static String header(String text) {
        String cut = text.length() > MAX_CHARACTERS ? text.substring(0, MAX_CHARACTERS) : text;
        String quoted = cut.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", " ");
        return "299 - \"" + quoted + "\"";
    }

    /** An update may run several times; only the last try's warnings count. */
    void clear() {
        texts.clear();
        total = 0;
    }
}
