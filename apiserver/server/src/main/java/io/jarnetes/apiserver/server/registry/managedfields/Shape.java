package io.jarnetes.apiserver.server.registry.managedfields;

import io.jarnetes.apiserver.schema.FieldSchema;
import io.jarnetes.apiserver.schema.FieldSchema.ListType;
import io.jarnetes.apiserver.schema.ScalarType;
import io.jarnetes.apiserver.schema.Schema;
import io.jarnetes.apiserver.schema.TypeSchema;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How server-side apply sees a node: as one field, as a map, or as an associative list.
 *
 * @param field that declares it, null for the root and for what no schema knows
 * @param item the node is an item or a value of the field, not the field itself
 * @param struct the type of a map's fields, null for maps with free keys
 */
record Shape(@Nullable FieldSchema field, boolean item, @Nullable TypeSchema struct) {

    /** The three ways to go on. */
    enum Kind {
        LEAF,
        MAP,
        LIST
    }

    static Shape root(@Nullable TypeSchema type) {
        return new Shape(null, false, type);
    }

    /** Of a map's value. */
    Shape child(Schema schema, String name) {
        if (struct != null) {
            return of(schema, struct.field(name), false);
        }
        return of(schema, field, true);
    }

    /** Of a list's item. */
    Shape element(Schema schema) {
        return of(schema, field, true);
    }

    private static Shape of(Schema schema, @Nullable FieldSchema field, boolean item) {
        TypeSchema struct = null;
        if (field != null
                && field.type() == ScalarType.OBJECT
                && (item || field.shape() == FieldSchema.Shape.SINGLE)) {
            struct = schema.type(field.ref()).orElse(null);
        }
        return new Shape(field, item, struct);
    }

    Kind kind(JsonNode node) {
        if (node instanceof ObjectNode) {
            return atomicMap() ? Kind.LEAF : Kind.MAP;
        }
        boolean list =
                node instanceof ArrayNode
                        && field != null
                        && !item
                        && (field.listType() == ListType.SET || field.listType() == ListType.MAP);
        return list ? Kind.LIST : Kind.LEAF;
    }

    private boolean atomicMap() {
        if (struct != null) {
            return struct.atomic() || (field != null && field.atomic() && !item);
        }
        if (field == null) {
            return false;
        }
        return item || field.shape() != FieldSchema.Shape.MAP || field.atomic();
    }
}
