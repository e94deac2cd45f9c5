package io.jarnetes.apiserver.server.registry;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Who owns a workload's replicas, as the managedFields of its Scale have it, and back: a Scale has
 * no owners of its own.
 */
final class ScaleOwners {

    private static final String FIELDS = "fieldsV1";
    private static final String SPEC = "f:spec";
    private static final String REPLICAS = "f:replicas";

    private ScaleOwners() {}

    /** Gives the Scale those of the workload's owners that have its replicas. */
    static void show(ObjectNode parent, ObjectNode scale) {
        ArrayNode owners = JsonNodeFactory.instance.arrayNode();
        for (JsonNode entry : Meta.of(parent).path("managedFields")) {
            if (entry.path(FIELDS).path(SPEC).has(REPLICAS)) {
                owners.add(owner((ObjectNode) entry, scale.path("apiVersion").asString("")));
            }
        }
        if (!owners.isEmpty()) {
            Meta.of(scale).set("managedFields", owners);
        }
    }

    /** Takes the replicas from those who lost them in the Scale, and gives them to the new ones. */
    static void settle(ObjectNode parent, ObjectNode scale) {
        Map<List<String>, ObjectNode> now = new HashMap<>();
        for (JsonNode entry : Meta.of(scale).path("managedFields")) {
            if (entry.path(FIELDS).path(SPEC).has(REPLICAS)) {
                now.put(identity(entry), (ObjectNode) entry);
            }
        }
        ArrayNode owners = JsonNodeFactory.instance.arrayNode();
        for (JsonNode entry : Meta.of(parent).path("managedFields")) {
            boolean owned = entry.path(FIELDS).path(SPEC).has(REPLICAS);
            if (!owned || now.remove(identity(entry)) != null) {
                owners.add(entry);
            } else if (entry.path(FIELDS).path(SPEC) instanceof ObjectNode spec) {
                spec.remove(REPLICAS);
                if (spec.isEmpty()) {
                    ((ObjectNode) entry.path(FIELDS)).remove(SPEC);
                }
                if (!entry.path(FIELDS).isEmpty()) {
                    owners.add(entry);
                }
            }
        }
        String version = parent.path("apiVersion").asString("");
        int applied = 0;
        while (applied < owners.size() && isApply(owners.get(applied))) {
            applied++;
        }
        for (ObjectNode entry : now.values()) {
            // Those who apply stand before those who update.
            owners.insert(isApply(entry) ? applied : owners.size(), owner(entry, version));
        }
        Meta.of(parent).set("managedFields", owners);
    }

    private static boolean isApply(JsonNode entry) {
        return entry.path("operation").asString("").equals("Apply");
    }

    private static ObjectNode owner(ObjectNode entry, String apiVersion) {
        ObjectNode copy = entry.deepCopy();
        copy.put("apiVersion", apiVersion);
        copy.putObject(FIELDS).putObject(SPEC).putObject(REPLICAS);
        return copy;
    }

    private static List<String> identity(JsonNode entry) {
        return List.of(
                entry.path("manager").asString(""),
                entry.path("operation").asString(""),
                entry.path("subresource").asString(""));
    }
}
