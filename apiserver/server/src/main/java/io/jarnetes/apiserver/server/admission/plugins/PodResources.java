package io.jarnetes.apiserver.server.admission.plugins;

import io.jarnetes.apiserver.schema.codec.DecodeException;
import io.jarnetes.apiserver.schema.codec.Quantity;
import io.jarnetes.apiserver.server.tree.Trees;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Requests and limits of containers and pods. */
final class PodResources {

    private PodResources() {}

    /** The quantities of a map of texts, by name; malformed ones are left to validation. */
    static Map<String, Quantity> quantities(@Nullable JsonNode tree, String... path) {
        Map<String, Quantity> quantities = new TreeMap<>();
        Trees.map(tree, path)
                .forEach((name, text) -> {
                    try {
                        quantities.put(name, Quantity.parse(text));
                    } catch (DecodeException e) {
                        // The object's own validation says what is wrong with it.
                    }
                });
        return quantities;
    }

    /**
     * What a pod needs in all: the sum of its containers, or the largest init container where that
     * is more; containers that restart count with the others.
     *
     * @param kind {@code requests} or {@code limits}
     */
    static Map<String, Quantity> ofPod(JsonNode pod, String kind) {
        Map<String, Quantity> sum = new TreeMap<>();
        for (JsonNode container : Trees.items(pod, "spec", "containers")) {
            quantities(container, "resources", kind).forEach((n, q) -> add(sum, n, q));
        }
        Map<String, Quantity> largest = new TreeMap<>();
        for (JsonNode container : Trees.items(pod, "spec", "initContainers")) {
            boolean sidecar = Trees.text(container, "restartPolicy").equals("Always");
            Map<String, Quantity> own = quantities(container, "resources", kind);
            if (sidecar) {
                own.forEach((n, q) -> add(sum, n, q));
            } else {
                own.forEach((n, q) -> largest.merge(n, q, PodResources::larger));
            }
        }
        largest.forEach((n, q) -> sum.merge(n, q, PodResources::larger));
        quantities(pod, "spec", "overhead").forEach((n, q) -> add(sum, n, q));
        return sum;
    }

    private static void add(Map<String, Quantity> sum, String name, Quantity more) {
        sum.merge(name, more, PodResources::plus);
    }

    static Quantity plus(Quantity a, Quantity b) {
        BigDecimal value = a.value().add(b.value());
        return Quantity.of(value, a.value().signum() == 0 ? b.format() : a.format());
    }

    static Quantity larger(Quantity a, Quantity b) {
        return a.value().compareTo(b.value()) >= 0 ? a : b;
    }
}
