package io.jarnetes.apiserver.schema.defaults;

import io.jarnetes.apiserver.schema.codec.DecodeException;
import io.jarnetes.apiserver.schema.codec.Quantity;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Defaults of pods that are not those of pod templates. */
final class PodRules {
    private PodRules() {}

    static void pod(ObjectNode pod) {
        ObjectNode spec = Trees.child(pod, "spec");
        for (String list : new String[] {"containers", "initContainers"}) {
            for (ObjectNode container : Trees.objects(spec, list)) {
                requestsFromLimits(container);
                if (spec.path("hostNetwork").asBoolean(false)) {
                    hostPorts(container);
                }
            }
        }
        podRequests(spec);
        if (!spec.has("enableServiceLinks")) {
            spec.put("enableServiceLinks", true);
        }
    }

    private static void requestsFromLimits(ObjectNode container) {
        if (!container.at("/resources/limits").isEmpty()) {
            ObjectNode resources = Trees.child(container, "resources");
            Trees.fill(resources.get("limits"), Trees.child(resources, "requests"));
        }
    }

    private static void hostPorts(ObjectNode container) {
        for (ObjectNode port : Trees.objects(container, "ports")) {
            if (Trees.unset(port.get("hostPort"))) {
                port.set("hostPort", port.path("containerPort").deepCopy());
            }
        }
    }

    /** Pod-level limits without requests: what the containers ask for, otherwise the limit. */
    private static void podRequests(ObjectNode spec) {
        if (spec.at("/resources/limits").isEmpty()) {
            return;
        }
        ObjectNode resources = Trees.child(spec, "resources");
        ObjectNode requests = Trees.child(resources, "requests");
        totals(spec)
                .forEach((name, total) -> {
                    if (!requests.has(name) && (name.equals("cpu") || name.equals("memory"))) {
                        requests.put(name, total.text());
                    }
                });
        for (Map.Entry<String, JsonNode> limit : resources.path("limits").properties()) {
            String name = limit.getKey();
            boolean supported =
                    name.equals("cpu") || name.equals("memory") || name.startsWith("hugepages-");
            if (supported && !requests.has(name)) {
                requests.set(name, limit.getValue().deepCopy());
            }
        }
    }

    /**
     * What a pod asks for: its containers and sidecars together, but at least what an init
     * container needs beside the sidecars that started before it.
     */
    private static Map<String, Quantity> totals(ObjectNode spec) {
        Map<String, Quantity> sum = new TreeMap<>();
        for (ObjectNode container : Trees.objects(spec, "containers")) {
            add(sum, container);
        }
        Map<String, Quantity> sidecars = new TreeMap<>();
        Map<String, Quantity> peak = new TreeMap<>();
        for (ObjectNode init : Trees.objects(spec, "initContainers")) {
            Map<String, Quantity> now = new TreeMap<>(sidecars);
            add(now, init);
            if (Trees.text(init, "restartPolicy").equals("Always")) {
                add(sum, init);
                sidecars = now;
            }
            now.forEach((k, v) -> peak.merge(k, v, (a, b) -> a.compareTo(b) >= 0 ? a : b));
        }
        peak.forEach((k, v) -> sum.merge(k, v, (a, b) -> a.compareTo(b) >= 0 ? a : b));
        return sum;
    }

    private static void add(Map<String, Quantity> sum, ObjectNode container) {
        for (Map.Entry<String, JsonNode> request :
                container.at("/resources/requests").properties()) {
            try {
                Quantity amount = Quantity.parse(request.getValue().asString(""));
                sum.merge(request.getKey(), amount, Quantity::plus);
            } catch (DecodeException e) {
                throw new IllegalArgumentException("not from the codec: " + request, e);
            }
        }
    }
}
