package io.jarnetes.scheduler.framework;

import io.jarnetes.kubeclient.KubeObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The cluster at one moment.
 *
 * @param nodes all nodes, in a stable order
 * @param namespaceLabels labels of all namespaces, for pod affinity across them
 * @param budgets all PodDisruptionBudgets, for preemption
 * @param nominated pods without a node that one is kept for, by its name
 */
public record Snapshot(
        List<NodeInfo> nodes,
        Map<String, Map<String, String>> namespaceLabels,
        Volumes volumes,
        List<KubeObject> budgets,
        Map<String, List<PodInfo>> nominated) {

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
        nominated = Map.copyOf(nominated);
    }

    /** A cluster without volumes, budgets and nominations. */
    public Snapshot(List<NodeInfo> nodes, Map<String, Map<String, String>> namespaceLabels) {
        this(nodes, namespaceLabels, Volumes.NONE, List.of(), Map.of());
    }

    /** The same cluster with one node as given. */
    public Snapshot with(NodeInfo changed) {
        List<NodeInfo> now = new ArrayList<>(nodes);
        now.replaceAll(node -> node.name().equals(changed.name()) ? changed : node);
        return new Snapshot(now, namespaceLabels, volumes, budgets, nominated);
    }

    /** The same cluster with these nominations. */
    public Snapshot withNominated(Map<String, List<PodInfo>> now) {
        return new Snapshot(nodes, namespaceLabels, volumes, budgets, now);
    }

    /** The pods that a node is kept for and that a pod must not take the room of. */
    List<PodInfo> before(PodInfo pod, String node) {
        return nominated.getOrDefault(node, List.of()).stream()
                .filter(other -> other.priority() >= pod.priority())
                .filter(other -> !other.uid().equals(pod.uid()))
                .toList();
    }
}
