package io.jarnetes.apiserver.server.printers;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jarnetes.apiserver.schema.Descriptions;
import io.jarnetes.apiserver.schema.FieldSchema;
import io.jarnetes.apiserver.schema.Schema;
import io.jarnetes.apiserver.schema.TypeSchema;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code columns.txt}, whose head describes its form. */
final class Columns {
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

    private final Schema schema;
    private final Descriptions descriptions;
    private final Map<String, List<Column>> byKind = new HashMap<>();
    private List<Column> current = new ArrayList<>();

    private Columns(Schema schema) {
        this.schema = schema;
        this.descriptions = schema.descriptions();
    }

    /** Columns by kind. */
    static Map<String, List<Column>> read(Schema schema) {
        Columns columns = new Columns(schema);
        try (InputStream in = Columns.class.getResourceAsStream("columns.txt")) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks its resource columns.txt");
            }
            new BufferedReader(new InputStreamReader(in, UTF_8)).lines().forEach(columns::line);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read columns.txt", e);
        }
        columns.byKind.put("", columns.createdAt());
        return columns.byKind;
    }

    /** What kinds without columns of their own get. */
    private List<Column> createdAt() {
        return List.of(
                new Column("Name", "string", "name", text("name"), 0),
                new Column("Created At", "date", "", text("age"), 0));
    }

    private void line(String line) {
        if (line.startsWith("= ")) {
            current = new ArrayList<>();
            byKind.put(line.substring(2), current);
        } else if (!line.startsWith("#")) {
            String[] part = line.split("\\|", -1);
            String[] type = part[1].split("/");
            current.add(
                    new Column(
                            part[0],
                            type[0],
                            type.length > 1 ? type[1] : "",
                            text(part[3]),
                            Integer.parseInt(part[2])));
        }
    }

    private String text(String reference) {
        return switch (reference) {
            case "" -> "";
            case "name" -> field(META, "name");
            case "age" -> field(META, "creationTimestamp");
            default -> {
                int hash = reference.indexOf('#');
                yield field(
                        "io.k8s.api." + reference.substring(0, hash),
                        reference.substring(hash + 1));
            }
        };
    }

    private String field(String typeName, String name) {
        TypeSchema type = schema.type(typeName).orElse(null);
        if (type == null) {
            return "";
        }
        FieldSchema field = type.field(name);
        return field == null ? "" : descriptions.of(type, field);
    }
}
