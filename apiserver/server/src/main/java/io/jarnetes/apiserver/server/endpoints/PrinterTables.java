package io.jarnetes.apiserver.server.endpoints;

import io.jarnetes.apiserver.schema.ResourceDefinition;
import io.jarnetes.apiserver.server.printers.Tables;
import java.time.InstantSource;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Tables by {@code printers}. */
public final class PrinterTables implements TablePrinter {

    private final Tables tables;
    private final InstantSource clock;

    public PrinterTables(Tables tables, InstantSource clock) {
        this.tables = tables;
        this.clock = clock;
    }

    @Override
    public ObjectNode table(
            ResourceDefinition definition, List<ObjectNode> objects, IncludeObject include) {
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        ArrayNode items = list.putArray("items");
        objects.forEach(items::add);
        var what =
                switch (include) {
                    case NONE -> io.jarnetes.apiserver.server.printers.IncludeObject.NONE;
                    case METADATA -> io.jarnetes.apiserver.server.printers.IncludeObject.METADATA;
                    case OBJECT -> io.jarnetes.apiserver.server.printers.IncludeObject.OBJECT;
                };
        Tables.Form form = new Tables.Form("v1", what, true);
        return tables.table(definition.kind(), list, form, clock.instant());
    }
}
