package io.jarnetes.scheduler;

import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.scheduler.framework.NodeInfo;
import io.jarnetes.scheduler.framework.PodInfo;
import io.jarnetes.scheduler.framework.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Nodes and the pods on them, including pods that are only assumed there until the informer shows
 * that they are bound. Thread-safe.
 */
final class Cache {

    private record Placed(PodInfo pod, String node, boolean assumed) {}

    private final Map<String, NodeInfo> nodes = new LinkedHashMap<>();
    private final Map<String, Placed> pods = new HashMap<>();
    private final Map<String, Map<String, String>> namespaces = new HashMap<>();
    private final Map<String, KubeObject> claims = new HashMap<>();
    private final Map<String, KubeObject> volumes = new HashMap<>();
    private final Map<String, KubeObject> classes = new HashMap<>();
    private final Map<String, KubeObject> budgets = new LinkedHashMap<>();
    private @Nullable Snapshot snapshot;

    /** A node as it is now; pods that were shown before it are counted on it. */
    synchronized void node(KubeObject node) {
        snapshot = null;
        NodeInfo before = nodes.get(node.name());
        if (before != null) {
            nodes.put(node.name(), before.withNode(node));
            return;
        }
        List<PodInfo> there = new ArrayList<>();
        for (Placed placed : pods.values()) {
            if (placed.node().equals(node.name())) {
                there.add(placed.pod());
            }
        }
        nodes.put(node.name(), NodeInfo.of(node, there));
    }

    synchronized void nodeGone(String name) {
        snapshot = null;
        nodes.remove(name);
    }

    /** A pod that is bound. */
    synchronized void pod(PodInfo pod) {
        place(pod, pod.nodeName(), false);
    }

    /** A pod that is about to be bound. */
    synchronized void assume(PodInfo pod, String node) {
        place(pod, node, true);
    }

    /** Somebody else bound a pod that was assumed elsewhere; what the informer has shown stays. */
    synchronized void moved(PodInfo pod, String node) {
        Placed placed = pods.get(pod.uid());
        if (placed != null && placed.assumed()) {
            place(pod, node, true);
        }
    }

    private void place(PodInfo pod, String node, boolean assumed) {
        snapshot = null;
        unplace(pod.uid());
        pods.put(pod.uid(), new Placed(pod, node, assumed));
        NodeInfo info = nodes.get(node);
        if (info != null) {
            nodes.put(node, info.with(pod));
        }
    }

    private void unplace(String uid) {
        Placed before = pods.remove(uid);
        NodeInfo info = before == null ? null : nodes.get(before.node());
        if (before != null && info != null) {
            nodes.put(before.node(), info.without(uid));
        }
    }

    /** A pod that is gone or finished. */
    synchronized void podGone(String uid) {
        snapshot = null;
        unplace(uid);
    }

    /** The binding failed. What the informer has shown meanwhile stays. */
    synchronized void forget(String uid) {
        Placed placed = pods.get(uid);
        if (placed != null && placed.assumed()) {
            podGone(uid);
        }
    }

    synchronized boolean has(String uid) {
        return pods.containsKey(uid);
    }

    synchronized void namespace(KubeObject namespace) {
        snapshot = null;
        namespaces.put(namespace.name(), namespace.labels());
    }

    synchronized void namespaceGone(String name) {
        snapshot = null;
        namespaces.remove(name);
    }

    /** A claim, a volume, a storage class or a disruption budget as it is now. */
    synchronized void storage(KubeObject object) {
        snapshot = null;
        storageOf(object).put(object.key(), object);
    }

    synchronized void storageGone(KubeObject object) {
        snapshot = null;
        storageOf(object).remove(object.key());
    }

    private Map<String, KubeObject> storageOf(KubeObject object) {
        return switch (object.kind()) {
            case "PersistentVolumeClaim" -> claims;
            case "PersistentVolume" -> volumes;
            case "PodDisruptionBudget" -> budgets;
            default -> classes;
        };
    }

    synchronized Snapshot snapshot() {
        Snapshot current = snapshot;
        if (current == null) {
            current =
                    new Snapshot(
                            List.copyOf(nodes.values()),
                            Map.copyOf(namespaces),
                            new Snapshot.Volumes(
                                    Map.copyOf(claims), Map.copyOf(volumes), Map.copyOf(classes)),
                            List.copyOf(budgets.values()),
                            Map.of());
            snapshot = current;
        }
        return current;
    }
}
