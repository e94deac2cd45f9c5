package io.jarnetes.scheduler.queue;

import io.jarnetes.scheduler.framework.PodInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Which waiting pods have a node in view, because victims make room for them there or because
 * somebody wrote status.nominatedNodeName. Others of no higher priority leave that room alone.
 * Thread-safe.
 */
public final class Nominator {

    private record Nomination(PodInfo pod, String node) {}

    private final Map<String, Nomination> byUid = new LinkedHashMap<>();

    /**
     * The scheduler decides, before the apiserver knows.
     *
     * @param node empty takes the nomination back
     * @param waits whether the pod is still without a node; asked under the lock that {@link #gone}
     *     needs, so that a pod that is told gone meanwhile isn't nominated afterwards
     */
    public synchronized void nominate(PodInfo pod, String node, BooleanSupplier waits) {
        byUid.remove(pod.uid());
        if (!node.isEmpty() && waits.getAsBoolean()) {
            byUid.put(pod.uid(), new Nomination(pod, node));
        }
    }

    /** A waiting pod as the informer shows it first. */
    public synchronized void seen(PodInfo pod) {
        nominate(pod, pod.nominatedNode(), () -> true);
    }

    /**
     * A waiting pod as the informer shows it now. What was decided here and isn't written yet
     * stays: such a pod has no nomination before nor now.
     */
    public synchronized void seen(PodInfo before, PodInfo now) {
        Nomination decided = byUid.get(now.uid());
        boolean unwritten = before.nominatedNode().isEmpty() && now.nominatedNode().isEmpty();
        String node = unwritten && decided != null ? decided.node() : now.nominatedNode();
        nominate(now, node, () -> true);
    }

    /**
     * The pod has a node, or is no more.
     *
     * @return whether one was kept for it
     */
    public synchronized boolean gone(String uid) {
        return byUid.remove(uid) != null;
    }

    /** All nominations by node. */
    public synchronized Map<String, List<PodInfo>> byNode() {
        Map<String, List<PodInfo>> nodes = new HashMap<>();
        for (Nomination nomination : byUid.values()) {
            nodes.computeIfAbsent(nomination.node(), node -> new ArrayList<>())
                    .add(nomination.pod());
        }
        return nodes;
    }
}
