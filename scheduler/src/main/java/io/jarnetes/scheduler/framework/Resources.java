package io.jarnetes.scheduler.framework;

import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.Quantity;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Amounts of resources: cpu in thousandths of a core, everything else in its own unit (bytes,
 * pieces). Absent means 0.
 */
public record Resources(Map<String, Long> amounts) {

    public static final String CPU = "cpu";
    public static final String MEMORY = "memory";
    public static final String EPHEMERAL_STORAGE = "ephemeral-storage";
    public static final String PODS = "pods";

    public static final Resources NONE = new Resources(Map.of());

    public Resources {
        amounts = Map.copyOf(amounts);
    }

    /** A ResourceList, such as a container's requests or a node's allocatable. */
    public static Resources of(JsonNode list) {
        if (list.isEmpty()) {
            return NONE;
        }
        Map<String, Long> amounts = new HashMap<>();
        list.properties()
                .forEach(entry ->
                        amounts.put(entry.getKey(), amount(entry.getKey(), entry.getValue())));
        return new Resources(amounts);
    }

    private static long amount(String name, JsonNode quantity) {
        return name.equals(CPU) ? Quantity.milli(quantity) : Quantity.value(quantity);
    }

    public long get(String name) {
        return amounts.getOrDefault(name, 0L);
    }

    public Resources plus(Resources other) {
        return combine(other, Long::sum);
    }

    public Resources minus(Resources other) {
        Map<String, Long> left = new HashMap<>(amounts);
        other.amounts.forEach((name, amount) -> left.merge(name, -amount, Long::sum));
        return new Resources(left);
    }

    /** The greater of each. */
    public Resources max(Resources other) {
        return combine(other, Math::max);
    }

    private Resources combine(
            Resources other, java.util.function.BiFunction<Long, Long, Long> how) {
        if (other.amounts.isEmpty()) {
            return this;
        }
        if (amounts.isEmpty()) {
            return other;
        }
        Map<String, Long> all = new HashMap<>(amounts);
        other.amounts.forEach((name, amount) -> all.merge(name, amount, how));
        return new Resources(all);
    }

    /** The same with one amount set. */
    public Resources with(String name, long amount) {
        Map<String, Long> all = new HashMap<>(amounts);
        all.put(name, amount);
        return new Resources(all);
    }

    /**
     * What a pod asks for: its containers together, or the most that an init container needs with
     * the sidecars that run by then, whichever is more; and the overhead. Requests of the pod as a
     * whole replace those of its containers.
     */
    public static Resources requested(JsonNode podSpec) {
        Resources containers = NONE;
        for (JsonNode container : podSpec.path("containers")) {
            containers = containers.plus(requests(container));
        }
        Resources sidecars = NONE;
        Resources init = NONE;
        for (JsonNode container : podSpec.path("initContainers")) {
            Resources own = requests(container);
            if (Json.text(container, "restartPolicy").equals("Always")) {
                sidecars = sidecars.plus(own);
                init = init.max(sidecars);
            } else {
                init = init.max(own.plus(sidecars));
            }
        }
        Resources all = containers.plus(sidecars).max(init);
        Resources pod = Resources.of(Json.at(podSpec, "resources", "requests"));
        for (Map.Entry<String, Long> entry : pod.amounts().entrySet()) {
            all = all.with(entry.getKey(), entry.getValue());
        }
        return all.plus(Resources.of(podSpec.path("overhead")));
    }

    private static Resources requests(JsonNode container) {
        return of(Json.at(container, "resources", "requests"));
    }
}
