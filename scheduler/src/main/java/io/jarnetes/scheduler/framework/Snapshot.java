package io.jarnetes.scheduler.framework;

import io.jarnetes.kubeclient.KubeObject;
import java.util.List;
import java.util.Map;

/**
 * The cluster at one moment.
 *
 * @param nodes all nodes, in a stable order
 * @param namespaceLabels labels of all namespaces, for pod affinity across them
 */
public record Snapshot(
        List<NodeInfo> nodes, Map<String, Map<String, String>> namespaceLabels, Volumes volumes) {

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
    }

    /** A cluster without volumes. */
    public Snapshot(List<NodeInfo> nodes, Map<String, Map<String, String>> namespaceLabels) {
        this(nodes, namespaceLabels, Volumes.NONE);
    }
}
