package io.jarnetes.node;

import io.jarnetes.kubeclient.ComponentFlags;
import io.jarnetes.kubeclient.KubeConfig;
import java.util.List;

/**
 * Which nodes to simulate.
 *
 * @param nodes each with its name and credentials
 * @param kubeletVersion what they say they run, such as {@code v1.36.2}
 */
public record SimulatedNodesConfig(List<SimulatedNode> nodes, String kubeletVersion) {

    /** What a node reports without being told otherwise. */
    public static final String KUBELET_VERSION = ComponentFlags.VERSION;

    public SimulatedNodesConfig {
        nodes = List.copyOf(nodes);
    }

    public SimulatedNodesConfig(List<SimulatedNode> nodes) {
        this(nodes, KUBELET_VERSION);
    }

    /**
     * One node.
     *
     * @param name such as {@code node-0}
     * @param index decides its addresses: pods get 10.200.index.x, the node itself 192.168.49.x
     * @param kubeconfig the apiserver, and credentials of {@code system:node:<name>}
     */
    public record SimulatedNode(String name, int index, KubeConfig kubeconfig) {}
}
