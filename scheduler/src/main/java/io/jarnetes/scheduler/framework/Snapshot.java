package io.jarnetes.scheduler.framework;

import io.jarnetes.kubeclient.KubeObject;
import java.util.List;
import java.util.Map;

/**
 * The cluster at one moment.
 *
 * @param nodes all nodes, in a stable order
 * @param namespaceLabels labels of all namespaces, for pod affinity across them
 * @param budgets all PodDisruptionBudgets, for preemption
 */
public record Snapshot(
        List<NodeInfo> nodes,
        Map<String, Map<String, String>> namespaceLabels,
        Volumes volumes,
        List<KubeObject> budgets) {

    /**
     * What pods may mount.
     *
     * @param claims by {@code namespace/name}
     * @param volumes by name
     * @param classes by name
     */
    public record Volumes(
            Map<String, KubeObject> claims,
            Map<String, KubeObject> volumes,
            Map<String, KubeObject> classes) {

        public static final Volumes NONE = new Volumes(Map.of(), Map.of(), Map.of());
    }

    public Snapshot {
        nodes = List.copyOf(nodes);
        budgets = List.copyOf(budgets);
    }

    /** A cluster without volumes and budgets. */
    public Snapshot(List<NodeInfo> nodes, Map<String, Map<String, String>> namespaceLabels) {
        this(nodes, namespaceLabels, Volumes.NONE, List.of());
    }
}
