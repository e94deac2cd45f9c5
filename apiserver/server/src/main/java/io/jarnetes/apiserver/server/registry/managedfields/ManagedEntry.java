package io.jarnetes.apiserver.server.registry.managedfields;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One entry of managedFields.
 *
 * @param operation {@code Apply} or {@code Update}
 * @param time RFC 3339, empty when not given
 * @param subresource empty for the object itself
 */
record ManagedEntry(
        String manager,
        String operation,
        String apiVersion,
        String time,
        String subresource,
        FieldSet fields) {

    private static final Comparator<ManagedEntry> ORDER =
            Comparator.comparing(ManagedEntry::operation)
                    .thenComparing(ManagedEntry::time)
                    .thenComparing(ManagedEntry::manager)
                    .thenComparing(ManagedEntry::apiVersion)
                    .thenComparing(ManagedEntry::subresource);

    static List<ManagedEntry> read(ObjectNode object) {
        List<ManagedEntry> entries = new ArrayList<>();
        for (JsonNode each : object.path("metadata").path("managedFields")) {
            entries.add(
                    new ManagedEntry(
                            each.path("manager").asString(""),
                            each.path("operation").asString(""),
                            each.path("apiVersion").asString(""),
                            each.path("time").asString(""),
                            each.path("subresource").asString(""),
                            FieldSet.parse(each.path("fieldsV1"))));
        }
        return entries;
    }

    /** In upstream's order; takes the field away for none. */
    static void write(ObjectNode object, List<ManagedEntry> entries) {
        ObjectNode metadata =
                object.get("metadata") instanceof ObjectNode present
                        ? present
                        : object.putObject("metadata");
        List<ManagedEntry> sorted = entries.stream().sorted(ORDER).toList();
        if (sorted.isEmpty()) {
            metadata.remove("managedFields");
            return;
        }
        ArrayNode array = metadata.putArray("managedFields");
        sorted.forEach(each -> array.add(each.toTree()));
    }

    private ObjectNode toTree() {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        tree.put("manager", manager);
        tree.put("operation", operation);
        tree.put("apiVersion", apiVersion);
        if (!time.isEmpty()) {
            tree.put("time", time);
        }
        tree.put("fieldsType", "FieldsV1");
        tree.set("fieldsV1", fields.toTree());
        if (!subresource.isEmpty()) {
            tree.put("subresource", subresource);
        }
        return tree;
    }

    boolean isSame(String otherManager, String otherOperation, String version, String sub) {
        return manager.equals(otherManager)
                && operation.equals(otherOperation)
                && apiVersion.equals(version)
                && subresource.equals(sub);
    }

    /** Upstream loses the time of a write on the way from a Scale to what it scales. */
    static String stamp(String subresource, String now) {
        return subresource.equals("scale") ? "" : now;
    }

    ManagedEntry with(FieldSet other, String when) {
        return new ManagedEntry(manager, operation, apiVersion, when, subresource, other);
    }
}
