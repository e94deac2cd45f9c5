package io.jarnetes.apiserver.server.registry.validation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jarnetes.apiserver.server.registry.Meta;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A value as upstream's internal types print it: errors that show a struct show it so. The types
 * are in {@code internal.txt}.
 */
public final class InternalForm {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** What a pod's spec says of the host, and the internal type keeps in its security context. */
    private static final List<String> HOST_FIELDS =
            List.of("hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace", "hostUsers");

    private static final Map<String, List<Column>> TYPES = read();

    private record Column(String name, String kind, String type, String field) {}

    private InternalForm() {}

    /** {@code value}, of the API's form, as the internal type of this name prints. */
    public static ObjectNode of(String type, JsonNode value) {
        ObjectNode shown = Meta.object();
        fill(type, value, shown);
        return shown;
    }

    /** The lines that differ between two values of a type, as upstream shows them. */
    public static String diff(String type, JsonNode old, JsonNode now) {
        return UnifiedDiff.of(PrettyJson.lines(of(type, old)), PrettyJson.lines(of(type, now)));
    }

    private static void fill(String type, JsonNode value, ObjectNode shown) {
        JsonNode source = type.equals("PodSpec") ? withHost(value) : value;
        for (Column column : Objects.requireNonNull(TYPES.get(type), type)) {
            JsonNode field = source.path(column.field);
            switch (column.kind) {
                case "<" -> fill(column.type, source, shown);
                case "m" ->
                        field.properties()
                                .forEach(each -> shown.set(each.getKey(), each.getValue()));
                default -> shown.set(column.name, value(column, field));
            }
        }
    }

    private static JsonNode withHost(JsonNode spec) {
        if (!(spec instanceof ObjectNode object)) {
            return spec;
        }
        ObjectNode copy = object.deepCopy();
        ObjectNode context = Meta.child(copy, "securityContext");
        HOST_FIELDS.stream()
                .filter(object::has)
                .forEach(each -> Meta.copyField(object, context, each));
        return copy;
    }

    private static JsonNode value(Column column, JsonNode field) {
        boolean set = !field.isMissingNode() && !field.isNull();
        return switch (column.kind) {
            case "=" -> of(column.type, field);
            case "*" -> set ? of(column.type, field) : NODES.nullNode();
            case "[" -> set ? list(column.type, field) : NODES.nullNode();
            case "{" -> set ? sorted(field) : NODES.nullNode();
            case "s" -> set ? field : NODES.stringNode("");
            case "i" -> set ? field : NODES.numberNode(0);
            case "b" -> set ? field : NODES.booleanNode(false);
            case "q" -> set ? field : NODES.stringNode("0");
            case "j" -> set ? field : NODES.objectNode();
            default -> set ? field : NODES.nullNode();
        };
    }

    private static JsonNode list(String type, JsonNode field) {
        if (type.equals("-")) {
            return field;
        }
        ArrayNode list = NODES.arrayNode();
        field.forEach(each -> list.add(of(type, each)));
        return list;
    }

    private static JsonNode sorted(JsonNode map) {
        TreeMap<String, JsonNode> entries = new TreeMap<>();
        map.properties().forEach(each -> entries.put(each.getKey(), each.getValue()));
        ObjectNode sorted = Meta.object();
        entries.forEach(sorted::set);
        return sorted;
    }

    private static Map<String, List<Column>> read() {
        Map<String, List<Column>> types = new LinkedHashMap<>();
        List<Column> columns = new ArrayList<>();
        for (String line : text().lines().toList()) {
            if (line.startsWith("#") || line.isBlank()) {
                continue;
            }
            if (!line.startsWith(" ")) {
                columns = new ArrayList<>();
                types.put(line, columns);
                continue;
            }
            String[] parts = line.strip().split(" ");
            columns.add(new Column(parts[0], parts[1], parts[2], parts[3]));
        }
        return Map.copyOf(types);
    }

    private static String text() {
        try (@Nullable InputStream in = InternalForm.class.getResourceAsStream("internal.txt")) {
            return new String(Objects.requireNonNull(in, "internal.txt").readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
