package io.jarnetes.apiserver.server.openapi;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Reads {@code extensions.txt}, whose head describes its form. */
final class Extensions {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final String TYPE = "-";

    private final Map<String, Map<String, JsonNode>> values = new HashMap<>();
    private String packageName = "";

    static Extensions read() {
        Extensions extensions = new Extensions();
        try (InputStream in = Extensions.class.getResourceAsStream("extensions.txt")) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks its resource extensions.txt");
            }
            new BufferedReader(new InputStreamReader(in, UTF_8)).lines().forEach(extensions::line);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read extensions.txt", e);
        }
        return extensions;
    }

    private void line(String line) {
        if (line.startsWith("@ ")) {
            packageName = line.substring(2);
        } else if (!line.startsWith("#")) {
            String[] words = line.split(" ", 4);
            values.computeIfAbsent(
                            packageName + "." + words[0] + "#" + words[1], key -> new HashMap<>())
                    .put(words[2], MAPPER.readTree(words[3]));
        }
    }

    void ofType(String type, ObjectNode node) {
        ofField(type, TYPE, node);
    }

    void ofField(String type, String field, ObjectNode node) {
        values.getOrDefault(type + "#" + field, Map.of()).forEach(node::set);
    }
}
