package io.jarnetes.scheduler.framework;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A scheduler by one name: its plugins in order, and how a pod is placed with them.
 *
 * @param schedulerName which pods it serves
 * @param filters asked in order; the first that refuses a node decides for it
 * @param scores with their weights
 * @param percentageOfNodes how many nodes are enough to choose from; 0 lets the cluster's size
 *     decide
 */
public record Profile(
        String schedulerName,
        List<FilterPlugin> filters,
        List<Weighted> scores,
        int percentageOfNodes) {

    private static final int ENOUGH_NODES = 100;
    private static final int LEAST_PERCENTAGE = 5;

    /** A plugin and how much it counts. */
    public record Weighted(ScorePlugin plugin, int weight) {}

    public Profile {
        filters = List.copyOf(filters);
        scores = List.copyOf(scores);
    }

    /**
     * Where a pod goes.
     *
     * @param node null if none fits
     * @param diagnosis of the nodes that don't fit
     * @param looked how many nodes were looked at
     */
    public record Placement(@Nullable NodeInfo node, Diagnosis diagnosis, int looked) {}

    /**
     * @param start the node to begin with, so that in large clusters all get their turn
     */
    public Placement place(PodInfo pod, Snapshot cluster, int start, RandomGenerator random) {
        Diagnosis diagnosis = new Diagnosis();
        for (FilterPlugin plugin : filters) {
            String refusal = plugin.refuse(pod, cluster);
            if (refusal != null) {
                diagnosis.refuse(plugin.name(), refusal);
                return new Placement(null, diagnosis, 0);
            }
        }
        List<Prepared> prepared = prepare(pod, cluster);
        List<NodeInfo> nodes = cluster.nodes();
        for (NodeInfo node : nodes) {
            // Room was made there, or somebody knows better: no other is asked.
            if (node.name().equals(pod.nominatedNode())
                    && verdict(pod, node, cluster, prepared) == null) {
                return new Placement(node, diagnosis, 0);
            }
        }
        int enough = enough(nodes.size());
        List<NodeInfo> feasible = new ArrayList<>();
        int looked = 0;
        while (looked < nodes.size() && feasible.size() < enough) {
            NodeInfo node = nodes.get((start + looked) % nodes.size());
            Refusal refusal = verdict(pod, node, cluster, prepared);
            if (refusal == null) {
                feasible.add(node);
            } else {
                diagnosis.add(node.name(), refusal.plugin(), refusal.verdict());
            }
            looked++;
        }
        return new Placement(choose(pod, feasible, cluster, random), diagnosis, looked);
    }

    /** A plugin's answer for one pod. */
    private record Prepared(String plugin, FilterPlugin.NodeFilter filter) {}

    private List<Prepared> prepare(PodInfo pod, Snapshot cluster) {
        List<Prepared> prepared = new ArrayList<>();
        for (FilterPlugin plugin : filters) {
            FilterPlugin.NodeFilter filter = plugin.prepare(pod, cluster);
            if (filter != null) {
                prepared.add(new Prepared(plugin.name(), filter));
            }
        }
        return prepared;
    }

    /** Why a node doesn't fit. */
    private record Refusal(String plugin, Verdict verdict) {}

    /**
     * A pod must fit both beside those that the node is kept for and without them: they aren't
     * there yet, and may never be.
     *
     * @return null if it fits
     */
    private @Nullable Refusal verdict(
            PodInfo pod, NodeInfo node, Snapshot cluster, List<Prepared> prepared) {
        List<PodInfo> before = cluster.before(pod, node.name());
        if (!before.isEmpty()) {
            NodeInfo full = node;
            for (PodInfo other : before) {
                full = full.with(other);
            }
            Refusal refusal = verdict(prepare(pod, cluster.with(full)), full);
            if (refusal != null) {
                return refusal;
            }
        }
        return verdict(prepared, node);
    }

    private static @Nullable Refusal verdict(List<Prepared> filters, NodeInfo node) {
        for (Prepared one : filters) {
            Verdict verdict = one.filter().test(node);
            if (!verdict.fits()) {
                return new Refusal(one.plugin(), verdict);
            }
        }
        return null;
    }

    /** Whether a pod would fit a node as given, in a cluster where only that node differs. */
    public Verdict fits(PodInfo pod, NodeInfo node, Snapshot cluster) {
        Snapshot changed = cluster.with(node);
        Refusal refusal = verdict(pod, node, changed, prepare(pod, changed));
        return refusal == null ? Verdict.FITS : refusal.verdict();
    }

    /** All up to 100 nodes; of more a share that shrinks with their number. */
    int enough(int nodes) {
        if (nodes < ENOUGH_NODES || percentageOfNodes >= 100) {
            return nodes;
        }
        int percentage =
                percentageOfNodes > 0
                        ? percentageOfNodes
                        : Math.max(LEAST_PERCENTAGE, 50 - nodes / 125);
        return Math.max(ENOUGH_NODES, nodes * percentage / 100);
    }

    private @Nullable NodeInfo choose(
            PodInfo pod, List<NodeInfo> feasible, Snapshot cluster, RandomGenerator random) {
        if (feasible.size() <= 1) {
            return feasible.isEmpty() ? null : feasible.getFirst();
        }
        long[] totals = new long[feasible.size()];
        for (Weighted weighted : scores) {
            long[] own = weighted.plugin().score(pod, feasible, cluster);
            for (int i = 0; own != null && i < totals.length; i++) {
                totals[i] += own[i] * weighted.weight();
            }
        }
        int best = 0;
        int equal = 1;
        for (int i = 1; i < totals.length; i++) {
            if (totals[i] > totals[best]) {
                best = i;
                equal = 1;
            } else if (totals[i] == totals[best] && random.nextInt(++equal) == 0) {
                best = i;
            }
        }
        return feasible.get(best);
    }
}
