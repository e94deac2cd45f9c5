package io.jarnetes.apiserver.schema.defaults;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads {@code defaults.txt}: definition name to field to value. */
final class DefaultTable {
    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(DeserializationFeature.USE_LONG_FOR_INTS).build();

    private final Map<String, Map<String, JsonNode>> values = new HashMap<>();
    private String packageName = "";

    static Map<String, Map<String, JsonNode>> read() {
        DefaultTable table = new DefaultTable();
        try (InputStream in = DefaultTable.class.getResourceAsStream("defaults.txt")) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks its resource defaults.txt");
            }
            new BufferedReader(new InputStreamReader(in, UTF_8)).lines().forEach(table::line);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read defaults.txt", e);
        }
        return table.values;
    }

    private void line(String line) {
        if (line.startsWith("@ ")) {
            packageName = line.substring(2);
        } else if (!line.startsWith("#") && !line.isBlank()) {
            String[] part = line.split(" ", 3);
            values.computeIfAbsent(packageName + "." + part[0], t -> new LinkedHashMap<>())
                    .put(part[1], json(part[2]));
        }
    }

    /** One value; whole numbers are longs, as the codec has them. */
    static JsonNode json(String text) {
        return MAPPER.readTree(text);
    }
}
