package io.jarnetes.apiserver.server;

import io.jarnetes.apiserver.schema.ResourceDefinition;
import io.jarnetes.apiserver.server.endpoints.TablePrinter;
import io.jarnetes.apiserver.server.tree.Trees;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Upstream's default table, of resources that have no columns of their own: name and time. */
final class CreatedAtTables implements TablePrinter {

    @Override
    public ObjectNode table(
            ResourceDefinition definition, List<ObjectNode> objects, IncludeObject include) {
        ObjectNode table = Trees.object();
        table.put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
        ArrayNode columns = table.putArray("columnDefinitions");
        column(columns, "Name", "string", "name");
        column(columns, "Created At", "date", "");
        ArrayNode rows = table.putArray("rows");
        for (ObjectNode object : objects) {
            ObjectNode row = rows.addObject();
            row.putArray("cells")
                    .add(Trees.name(object))
                    .add(Trees.text(object, "metadata", "creationTimestamp"));
            switch (include) {
                case NONE -> row.putNull("object");
                case METADATA -> {
                    ObjectNode partial = row.putObject("object");
                    partial.put("kind", "PartialObjectMetadata");
                    partial.put("apiVersion", "meta.k8s.io/v1");
                    partial.set("metadata", object.path("metadata"));
                }
                case OBJECT -> row.set("object", object);
            }
        }
        return table;
    }

    private static void column(ArrayNode columns, String name, String type, String format) {
        columns.addObject()
                .put("name", name)
                .put("type", type)
                .put("format", format)
                .put("description", "")
                .put("priority", 0);
    }
}
