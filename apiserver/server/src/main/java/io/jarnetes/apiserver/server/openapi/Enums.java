package io.jarnetes.apiserver.server.openapi;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code enums.txt}, whose head describes its form. */
final class Enums {
    private final Map<String, List<String>> values = new HashMap<>();
    private String packageName = "";

    static Enums read() {
        Enums enums = new Enums();
        try (InputStream in = Enums.class.getResourceAsStream("enums.txt")) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks its resource enums.txt");
            }
            new BufferedReader(new InputStreamReader(in, UTF_8)).lines().forEach(enums::line);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read enums.txt", e);
        }
        return enums;
    }

    private void line(String line) {
        if (line.startsWith("@ ")) {
            packageName = line.substring(2);
        } else if (!line.startsWith("#")) {
            String[] words = line.split(" ");
            values.put(
                    packageName + "." + words[0] + "#" + words[1],
                    Arrays.stream(words)
                            .skip(2)
                            .map(w -> w.equals("\"\"") ? "" : w.replace('~', ' '))
                            .toList());
        }
    }

    /** The values of a field; empty if it takes any. */
    List<String> of(String type, String field) {
        return values.getOrDefault(type + "#" + field, List.of());
    }
}
