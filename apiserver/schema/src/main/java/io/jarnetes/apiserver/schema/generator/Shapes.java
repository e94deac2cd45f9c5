package io.jarnetes.apiserver.schema.generator;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads {@code shapes.txt}, whose head describes its form. */
final class Shapes {
    private final Map<String, Map<String, String>> marks = new HashMap<>();
    private final Map<String, List<String>> orders = new HashMap<>();
    private final Set<String> withoutProtobuf = new TreeSet<>();
    private String packageName = "";

    static Shapes read() throws IOException {
        try (InputStream in = Shapes.class.getResourceAsStream("shapes.txt")) {
            if (in == null) {
                throw new IOException("shapes.txt is not beside " + Shapes.class.getName());
            }
            Shapes shapes = new Shapes();
            new BufferedReader(new InputStreamReader(in, UTF_8)).lines().forEach(shapes::line);
            return shapes;
        }
    }

    private void line(String line) {
        String[] words = line.split(" ");
        switch (words[0]) {
            case "#", "" -> {}
            case "@" -> packageName = words[1];
            case "&" -> {
                for (int i = 2; i < words.length; i++) {
                    withoutProtobuf.add(words[1] + "." + words[i]);
                }
            }
            default -> type(packageName + "." + words[0], words);
        }
    }

    private void type(String name, String[] words) {
        if (words[1].equals("=")) {
            orders.put(name, List.of(words).subList(2, words.length));
            withoutProtobuf.add(name);
            return;
        }
        Map<String, String> of = marks.computeIfAbsent(name, n -> new HashMap<>());
        for (int i = 1; i < words.length; i++) {
            int colon = words[i].indexOf(':');
            of.merge(
                    words[i].substring(0, colon),
                    words[i].substring(colon + 1),
                    (a, b) -> a + " " + b);
        }
    }

    /** The marks of a field, separated by spaces; empty if there are none. */
    String marks(String definition, String field) {
        Map<String, String> own = marks.get(definition);
        if (own == null && !orders.containsKey(definition)) {
            own = marks.get(likeV1(definition));
        }
        @Nullable String found = own == null ? null : own.get(field);
        return found == null ? "" : found;
    }

    /** The order of a type's fields if it is declared here, otherwise empty. */
    List<String> order(String definition) {
        return orders.getOrDefault(definition, List.of());
    }

    /** Definition names that have no protobuf message. */
    Set<String> withoutProtobuf() {
        return withoutProtobuf;
    }

    static String likeV1(String definition) {
        return definition.replaceFirst("\\.v\\d+(alpha|beta)\\d+\\.", ".v1.");
    }
}
