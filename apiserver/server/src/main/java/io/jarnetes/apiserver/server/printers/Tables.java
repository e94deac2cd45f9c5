package io.jarnetes.apiserver.server.printers;

import io.jarnetes.apiserver.schema.Schema;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Makes meta.k8s.io Tables of objects and lists. */
public final class Tables {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Schema schema;
    private volatile @Nullable Map<String, List<Column>> columns;
    private final Map<String, Consumer<Row>> printers = new HashMap<>();

    /**
     * How a Table is wanted.
     *
     * @param version of meta.k8s.io, {@code v1} or {@code v1beta1}
     * @param include what the rows say of their objects
     * @param headers whether the columns are described; a watch does it in its first event only
     */
    public record Form(String version, IncludeObject include, boolean headers) {}

    public Tables(Schema schema) {
        this.schema = schema;
        WorkloadPrinters.addTo(printers);
        NetworkPrinters.addTo(printers);
        CorePrinters.addTo(printers);
        StoragePrinters.addTo(printers);
        PolicyPrinters.addTo(printers);
    }

    /**
     * The Table of one object, or of the items of a list (an object with {@code items}).
     *
     * @param kind of the object or the items, such as {@code Pod}; kinds without columns of their
     *     own get Name and Created At
     * @param now ages are counted to there
     */
    public ObjectNode table(String kind, ObjectNode objectOrList, Form form, Instant now) {
        List<Column> described = form.headers() ? columns(kind) : List.of();
        ObjectNode table = head(objectOrList, described, form);
        ArrayNode rows = table.putArray("rows");
        if (objectOrList.get("items") instanceof ArrayNode items) {
            for (JsonNode item : ordered(kind, items)) {
                rows.add(row(kind, (ObjectNode) item, form, now));
            }
        } else {
            rows.add(row(kind, objectOrList, form, now));
        }
        return table;
    }

    /** Only FlowSchemas are shown in an order of their own: by precedence, then name. */
    private static Iterable<JsonNode> ordered(String kind, ArrayNode items) {
        if (!kind.equals("FlowSchema")) {
            return items;
        }
        return items.valueStream()
                .sorted(
                        Comparator.comparingLong(
                                        (JsonNode n) -> n.at("/spec/matchingPrecedence").asLong(0))
                                .thenComparing(n -> n.at("/metadata/name").asString("")))
                .toList();
    }

    /** The columns of a kind. */
    public List<Column> columns(String kind) {
        Map<String, List<Column>> all = columns;
        if (all == null) {
            // Their descriptions are large, and a server that nobody looks at needs none.
            all = Columns.read(schema);
            columns = all;
        }
        List<Column> own = all.get(kind);
        return own == null ? all.getOrDefault("", List.of()) : own;
    }

    private static ObjectNode head(ObjectNode of, List<Column> columns, Form form) {
        ObjectNode table =
                NODES.objectNode()
                        .put("kind", "Table")
                        .put("apiVersion", "meta.k8s.io/" + form.version());
        ObjectNode metadata = table.putObject("metadata");
        for (String field : List.of("resourceVersion", "continue", "remainingItemCount")) {
            JsonNode value = of.path("metadata").get(field);
            if (value != null) {
                metadata.set(field, value);
            }
        }
        if (!form.headers()) {
            table.putNull("columnDefinitions");
            return table;
        }
        ArrayNode definitions = table.putArray("columnDefinitions");
        for (Column column : columns) {
            definitions
                    .addObject()
                    .put("name", column.name())
                    .put("type", column.type())
                    .put("format", column.format())
                    .put("description", column.description())
                    .put("priority", column.priority());
        }
        return table;
    }

    private ObjectNode row(String kind, ObjectNode object, Form form, Instant now) {
        Row row = new Row(object, now);
        Consumer<Row> printer = printers.get(kind);
        if (printer == null) {
            row.name().text(row.str("/metadata/creationTimestamp"));
        } else {
            printer.accept(row);
        }
        return row(row, object, form);
    }

    private static ObjectNode row(Row row, ObjectNode object, Form form) {
        ObjectNode made = NODES.objectNode();
        made.set("cells", row.cells());
        if (!row.conditions().isEmpty()) {
            made.set("conditions", row.conditions());
        }
        switch (form.include()) {
            case NONE -> made.putNull("object");
            case METADATA -> made.set("object", PartialMetadata.of(object, form.version()));
            case OBJECT -> made.set("object", object);
        }
        return made;
    }
}
