package io.jarnetes.kubeclient;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Merge patches (RFC 7386), and of strategic ones what controllers send: lists that are merged by a
 * key, {@code $patch: delete} in them, and {@code $deleteFromPrimitiveList}.
 */
final class FakePatch {

    private static final String DELETE_FROM = "$deleteFromPrimitiveList/";
    private static final Map<String, String> MERGE_KEYS =
            Map.of("conditions", "type", "ownerReferences", "uid");

    private FakePatch() {}

    static void apply(ObjectNode tree, JsonNode patch, boolean strategic) {
        for (Map.Entry<String, JsonNode> entry : patch.properties()) {
            String field = entry.getKey();
            JsonNode value = entry.getValue();
            if (strategic && field.startsWith(DELETE_FROM)) {
                withdraw(tree, field.substring(DELETE_FROM.length()), Json.list(value));
            } else if (value.isNull()) {
                tree.remove(field);
            } else if (value instanceof ObjectNode object) {
                if (!tree.path(field).isObject()) {
                    tree.set(field, Json.object());
                }
                apply((ObjectNode) tree.path(field), object, strategic);
            } else if (strategic && MERGE_KEYS.containsKey(field)) {
                merge(tree.withArrayProperty(field), value, MERGE_KEYS.get(field));
            } else if (strategic && field.equals("finalizers")) {
                unite(tree.withArrayProperty(field), Json.list(value));
            } else {
                tree.set(field, value.deepCopy());
            }
        }
    }

    private static void withdraw(ObjectNode tree, String field, List<String> values) {
        List<String> left = new ArrayList<>(Json.list(tree, field));
        left.removeAll(values);
        tree.set(field, Json.tree(left));
    }

    private static void unite(ArrayNode list, List<String> values) {
        values.stream().filter(value -> !Json.list(list).contains(value)).forEach(list::add);
    }

    private static void merge(ArrayNode list, JsonNode patch, String key) {
        for (JsonNode item : patch) {
            int at = 0;
            while (at < list.size()
                    && !Json.text(list.path(at), key).equals(Json.text(item, key))) {
                at++;
            }
            if (Json.text(item, "$patch").equals("delete")) {
                if (at < list.size()) {
                    list.remove(at);
                }
            } else if (at < list.size()) {
                apply((ObjectNode) list.path(at), item, true);
            } else {
                list.add(item.deepCopy());
            }
        }
    }
}
