package io.jarnetes.apiserver.server.patch;

import io.jarnetes.apiserver.server.patch.PatchException.Kind;
import io.jarnetes.apiserver.server.tree.GoText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** In which order a merged list comes out. */
final class ListOrder {
    private ListOrder() {}

    /** The index of the item with the same key (or the same value, without a key), or -1. */
    static int indexOf(ArrayNode list, JsonNode item, @Nullable String key) throws PatchException {
        JsonNode wanted = key == null ? item : StrategicMergePatch.keyOf(item, key);
        for (int i = 0; i < list.size(); i++) {
            JsonNode there = key == null ? list.get(i) : list.get(i).get(key);
            if (there != null && Same.equal(wanted, there)) {
                return i;
            }
        }
        return -1;
    }

    static ArrayNode distinct(ArrayNode first, ArrayNode second) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        for (ArrayNode list : List.of(first, second)) {
            for (JsonNode item : list) {
                if (!StrategicMergePatch.contains(all, item)) {
                    all.add(item);
                }
            }
        }
        return all;
    }

    /**
     * The items that the patch names in the patch's order, the others in the server's order; where
     * both orders say nothing about two items, the patch's comes first.
     */
    static ArrayNode arrange(
            ArrayNode merged, ArrayNode patchOrder, ArrayNode serverOrder, @Nullable String key)
            throws PatchException {
        List<JsonNode> named = new ArrayList<>();
        List<JsonNode> others = new ArrayList<>();
        for (JsonNode item : merged) {
            (indexOf(patchOrder, item, key) >= 0 ? named : others).add(item);
        }
        sort(named, patchOrder, key);
        sort(others, serverOrder, key);
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        int next = 0;
        for (JsonNode item : named) {
            int at = indexOf(serverOrder, item, key);
            while (next < others.size() && at >= 0) {
                int other = indexOf(serverOrder, others.get(next), key);
                if (other < 0 || other >= at) {
                    break;
                }
                all.add(others.get(next++));
            }
            all.add(item);
        }
        all.addAll(others.subList(next, others.size()));
        return all;
    }

    private static void sort(List<JsonNode> items, ArrayNode order, @Nullable String key)
            throws PatchException {
        List<Placed> placed = new ArrayList<>();
        for (JsonNode item : items) {
            placed.add(new Placed(item, indexOf(order, item, key)));
        }
        placed.sort(Comparator.comparingInt(Placed::place));
        items.clear();
        placed.forEach(p -> items.add(p.item()));
    }

    private record Placed(JsonNode item, int place) {}

    /** A patch's items must come in the order that the patch asks for. */
    static void check(ArrayNode patch, ArrayNode order, @Nullable String key)
            throws PatchException {
        if (patch.isEmpty() || order.isEmpty()) {
            return;
        }
        int next = 0;
        for (JsonNode item : patch) {
            if (item.has(StrategicMergePatch.DIRECTIVE)) {
                continue;
            }
            while (next < order.size() && indexOf(order, item, key) != next) {
                next++;
            }
            if (next == order.size()) {
                throw new PatchException(
                        Kind.INTERNAL,
                        "The order in patch list:\n"
                                + GoText.of(patch)
                                + "\n doesn't match $setElementOrder list:\n"
                                + GoText.of(order)
                                + "\n");
            }
            next++;
        }
    }

    /** Puts an object's fields into the order of their names, as Go writes a map. */
    static void sortFields(JsonNode node) {
        if (node instanceof ObjectNode object) {
            TreeMap<String, JsonNode> fields = new TreeMap<>();
            object.properties().forEach(each -> fields.put(each.getKey(), each.getValue()));
            object.removeAll();
            object.setAll(fields);
        }
    }
}
