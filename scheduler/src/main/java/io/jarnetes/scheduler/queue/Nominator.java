package io.jarnetes.scheduler.queue;

import io.jarnetes.scheduler.framework.PodInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which waiting pods have a node in view, because victims make room for them there or because
 * somebody wrote status.nominatedNodeName. Others of no higher priority leave that room alone.
 * Thread-safe; it asks nobody under its lock, for informers call it under theirs.
 */
public final class Nominator {

    private record Nomination(PodInfo pod, String node) {}

    private final Map<String, Nomination> byUid = new LinkedHashMap<>();

    /** The pods without a node, as the informer has shown them. */
    private final Set<String> waiting = new HashSet<>();

    /**
     * The scheduler decides, before the apiserver knows. A pod that is told gone meanwhile isn't
     * nominated.
     *
     * @param node empty takes the nomination back
     */
    public synchronized void nominate(PodInfo pod, String node) {
        byUid.remove(pod.uid());
        if (!node.isEmpty() && waiting.contains(pod.uid())) {
            byUid.put(pod.uid(), new Nomination(pod, node));
        }
    }

    /** A waiting pod as the informer shows it first. */
    public synchronized void seen(PodInfo pod) {
        waiting.add(pod.uid());
        nominate(pod, pod.nominatedNode());
    }

    /**
     * A waiting pod as the informer shows it now. What was decided here and isn't written yet
     * stays: such a pod has no nomination before nor now.
     */
    public synchronized void seen(PodInfo before, PodInfo now) {
        waiting.add(now.uid());
        Nomination decided = byUid.get(now.uid());
        boolean unwritten = before.nominatedNode().isEmpty() && now.nominatedNode().isEmpty();
        nominate(now, unwritten && decided != null ? decided.node() : now.nominatedNode());
    }

    /**
     * The scheduler has chosen a node for the pod.
     *
     * @return the node that was kept for it; empty for none
     */
    public synchronized String assumed(String uid) {
        Nomination nomination = byUid.remove(uid);
        return nomination == null ? "" : nomination.node();
    }

    /**
     * The informer says that the pod has a node, or is no more.
     *
     * @return whether one was kept for it
     */
    public synchronized boolean gone(String uid) {
        waiting.remove(uid);
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
