package io.jarnetes.scheduler.plugins;

import static io.jarnetes.kubeclient.TestObjects.object;
import static io.jarnetes.kubeclient.TestObjects.with;

import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.scheduler.framework.NodeInfo;
import io.jarnetes.scheduler.framework.PodInfo;
import io.jarnetes.scheduler.framework.Profile;
import io.jarnetes.scheduler.framework.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;

/** A few nodes to place pods on. */
final class Cluster {

    private final List<NodeInfo> nodes = new ArrayList<>();

    /** A node of 4 cores and 8 GiB, with more on top. */
    Cluster node(String name, String more) {
        KubeObject node =
                object(
                        ("{'kind': 'Node', 'metadata': {'name': '%s', 'labels':"
                                        + " {'kubernetes.io/hostname': '%s'}}, 'status':"
                                        + " {'allocatable': {'cpu': '4', 'memory': '8Gi', 'pods':"
                                        + " '10'}}}")
                                .formatted(name, name));
        nodes.add(NodeInfo.of(with(node, more), List.of()));
        return this;
    }

    Cluster pod(String name, String node, String more) {
        nodes.replaceAll(info -> info.name().equals(node) ? info.with(waiting(name, more)) : info);
        return this;
    }

    /** A pod without a node. */
    static PodInfo waiting(String name, String more) {
        return PodInfo.of(
                with(
                        with(
                                io.jarnetes.kubeclient.TestObjects.pod(name),
                                "{'spec': {'nodeName': null}}"),
                        more));
    }

    Snapshot snapshot() {
        return new Snapshot(nodes, Map.of("ns", Map.of()));
    }

    Profile.Placement place(PodInfo pod) {
        return DefaultPlugins.profile().place(pod, snapshot(), 0, new SplittableRandom(1));
    }

    /** The name of the node that is chosen; or why there is none. */
    String placed(String more) {
        Profile.Placement placement = place(waiting("new", more));
        NodeInfo node = placement.node();
        return node == null ? placement.diagnosis().message(nodes.size()) : node.name();
    }

    /** Nodes that fit, whatever their scores. */
    TreeSet<String> fitting(String more) {
        TreeSet<String> names = new TreeSet<>();
        PodInfo pod = waiting("new", more);
        for (NodeInfo node : nodes) {
            if (DefaultPlugins.profile().fits(pod, node, snapshot()).fits()) {
                names.add(node.name());
            }
        }
        return names;
    }
}
