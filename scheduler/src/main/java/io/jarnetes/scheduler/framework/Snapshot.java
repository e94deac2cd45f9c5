package io.jarnetes.scheduler.framework;

import java.util.List;
import java.util.Map;

/**
 * The cluster at one moment.
 *
 * @param nodes all nodes, in a stable order
 * @param namespaceLabels labels of all namespaces, for pod affinity across them
 */
public record Snapshot(List<NodeInfo> nodes, Map<String, Map<String, String>> namespaceLabels) {

    public Snapshot {
        nodes = List.copyOf(nodes);
    }
}
