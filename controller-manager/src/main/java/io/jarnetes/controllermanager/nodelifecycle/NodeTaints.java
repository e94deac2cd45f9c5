package io.jarnetes.controllermanager.nodelifecycle;

import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The taints that follow from a node's conditions and from spec.unschedulable. */
final class NodeTaints {

    static final String NOT_READY = "node.kubernetes.io/not-ready";
    static final String UNREACHABLE = "node.kubernetes.io/unreachable";
    private static final String UNSCHEDULABLE = "node.kubernetes.io/unschedulable";
    private static final String NO_SCHEDULE = "NoSchedule";
    private static final String NO_EXECUTE = "NoExecute";

    /** Taint by condition type, for conditions that are bad when True. */
    private static final Map<String, String> PRESSURES =
            Map.of(
                    "MemoryPressure", "node.kubernetes.io/memory-pressure",
                    "DiskPressure", "node.kubernetes.io/disk-pressure",
                    "PIDPressure", "node.kubernetes.io/pid-pressure",
                    "NetworkUnavailable", "node.kubernetes.io/network-unavailable");

    private record Taint(String key, String effect) {}

    private NodeTaints() {}

    private static Set<Taint> wanted(KubeObject node) {
        Set<Taint> wanted = new LinkedHashSet<>();
        if (node.flag("spec", "unschedulable")) {
            wanted.add(new Taint(UNSCHEDULABLE, NO_SCHEDULE));
        }
        for (JsonNode condition : node.at("status", "conditions")) {
            String type = Json.text(condition, "type");
            String status = Json.text(condition, "status");
            String pressure = PRESSURES.get(type);
            if (pressure != null && status.equals("True")) {
                wanted.add(new Taint(pressure, NO_SCHEDULE));
            }
            if (type.equals("Ready") && !status.equals("True")) {
                String key = status.equals("False") ? NOT_READY : UNREACHABLE;
                wanted.add(new Taint(key, NO_SCHEDULE));
                wanted.add(new Taint(key, NO_EXECUTE));
            }
        }
        return wanted;
    }

    private static boolean ours(Taint taint) {
        if (taint.key().equals(NOT_READY) || taint.key().equals(UNREACHABLE)) {
            return taint.effect().equals(NO_SCHEDULE) || taint.effect().equals(NO_EXECUTE);
        }
        return taint.effect().equals(NO_SCHEDULE)
                && (taint.key().equals(UNSCHEDULABLE) || PRESSURES.containsValue(taint.key()));
    }

    /** Whether the node lacks the taint that evicts the pods of one that is not ready. */
    static boolean evictionMissing(KubeObject node) {
        Set<Taint> wanted = wanted(node);
        for (JsonNode there : node.at("spec", "taints")) {
            String key = Json.text(there, "key");
            // One of the two gives way to the other at once.
            if (Json.text(there, "effect").equals(NO_EXECUTE)
                    && (key.equals(NOT_READY) || key.equals(UNREACHABLE))) {
                return false;
            }
        }
        return wanted.stream().anyMatch(taint -> taint.effect().equals(NO_EXECUTE));
    }

    /**
     * The whole list as it should be; taints of others stay.
     *
     * @param evict whether a taint that evicts pods may be there
     * @return null if the node has it so
     */
    static @Nullable ArrayNode corrected(KubeObject node, boolean evict, Instant now) {
        Set<Taint> missing = wanted(node);
        if (!evict) {
            missing.removeIf(taint -> taint.effect().equals(NO_EXECUTE));
        }
        ArrayNode taints = Json.array();
        boolean changed = false;
        for (JsonNode there : node.at("spec", "taints")) {
            Taint taint = new Taint(Json.text(there, "key"), Json.text(there, "effect"));
            if (!ours(taint) || missing.remove(taint)) {
                taints.add(there);
            } else {
                changed = true;
            }
        }
        for (Taint taint : missing) {
            ObjectNode tree = Json.of("key", taint.key(), "effect", taint.effect());
            tree.put("timeAdded", KubeObject.time(now));
            taints.add(tree);
            changed = true;
        }
        return changed ? taints : null;
    }
}
