package io.jarnetes.apiserver.server.registry.managedfields;

import io.jarnetes.apiserver.schema.GroupVersionKind;
import io.jarnetes.apiserver.schema.Schema;
import io.jarnetes.apiserver.schema.TypeSchema;
import io.jarnetes.apiserver.schema.codec.TreeCodec;
import io.jarnetes.apiserver.server.registry.FieldManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Keeps managedFields by the schema's list and map types. */
public final class SchemaFieldManager implements FieldManager {

    private static final String UPDATE = "Update";

    private final Schema schema;
    private final TreeCodec codec;
    private final Map<GroupVersionKind, ObjectNode> blanks = new ConcurrentHashMap<>();

    public SchemaFieldManager(Schema schema, TreeCodec codec) {
        this.schema = schema;
        this.codec = codec;
    }

    @Override
    public void noteUpdate(
            ObjectNode object,
            @Nullable ObjectNode old,
            String manager,
            String subresource,
            String at) {
        String now = ManagedEntry.stamp(subresource, at);
        GroupVersionKind kind = GroupVersionKind.of(object);
        List<ManagedEntry> present = entries(object, old);
        if (old != null && present.isEmpty()) {
            // Of what nobody has noted so far, only an apply starts to.
            ManagedEntry.write(object, present);
            return;
        }
        TypeSchema type = schema.type(kind).orElse(null);
        ObjectNode before = without(old == null ? blank(kind) : old);
        Comparison comparison = Comparison.of(schema, type, before, without(object));
        FieldSet taken = comparison.added().union(comparison.modified()).withoutSystemFields();
        FieldSet removed = comparison.removed();
        restrict(taken, subresource, type);
        List<ManagedEntry> entries = new ArrayList<>();
        boolean found = false;
        for (ManagedEntry each : present) {
            boolean own = each.isSame(manager, UPDATE, kind.apiVersion(), subresource);
            FieldSet left = each.fields().minus(removed);
            left = own ? left.union(taken) : left.minus(taken);
            found |= own;
            if (!left.isEmpty()) {
                entries.add(each.with(left, own && !taken.isEmpty() ? now : each.time()));
            }
        }
        if (!found && !taken.isEmpty()) {
            entries.add(
                    new ManagedEntry(manager, UPDATE, kind.apiVersion(), now, subresource, taken));
        }
        ManagedEntry.write(object, entries);
    }

    /** What the writer sent, if it sent any; an empty list resets it. */
    private static List<ManagedEntry> entries(ObjectNode object, @Nullable ObjectNode old) {
        JsonNode sent = object.path("metadata").path("managedFields");
        boolean reset = sent.isArray() && (sent.isEmpty() || sent.get(0).isEmpty());
        if (reset) {
            return List.of();
        }
        return sent.isArray() || old == null ? ManagedEntry.read(object) : ManagedEntry.read(old);
    }

    /** The object as Go makes it before anything is set: structs by value are there already. */
    private ObjectNode blank(GroupVersionKind kind) {
        return blanks.computeIfAbsent(
                kind,
                k -> {
                    ObjectNode empty = JsonNodeFactory.instance.objectNode();
                    empty.put("kind", k.kind());
                    empty.put("apiVersion", k.apiVersion());
                    return codec.canonical(empty);
                });
    }

    private static ObjectNode without(ObjectNode object) {
        if (!object.path("metadata").has("managedFields")) {
            return object;
        }
        ObjectNode copy = JsonNodeFactory.instance.objectNode();
        object.properties()
                .forEach(each ->
                        copy.set(
                                each.getKey(),
                                each.getKey().equals("metadata")
                                        ? each.getValue().deepCopy()
                                        : each.getValue()));
        ((ObjectNode) copy.get("metadata")).remove("managedFields");
        return copy;
    }

    /** A write to the object takes nothing of status, and a write to status nothing else. */
    private static void restrict(FieldSet taken, String subresource, @Nullable TypeSchema type) {
        boolean node = type != null && type.name().equals("io.k8s.api.core.v1.Node");
        if (subresource.isEmpty() && type != null && type.field("status") != null && !node) {
            taken.removeTree("f:status");
        } else if (subresource.equals("status")) {
            taken.removeTree("f:spec");
        }
    }
}
