package io.jarnetes.scheduler;

import io.jarnetes.scheduler.framework.Diagnosis;
import io.jarnetes.scheduler.framework.NodeInfo;
import io.jarnetes.scheduler.framework.PodInfo;
import io.jarnetes.scheduler.framework.Profile;
import io.jarnetes.scheduler.framework.Snapshot;
import io.jarnetes.scheduler.framework.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which pods of lower priority would have to go so that a pod fits; pure. The node whose most
 * important victim matters least wins, then the least sum of priorities, then the fewest victims.
 */
final class Preemption {

    private static final String NOT_HELPFUL = "Preemption is not helpful for scheduling";
    private static final String NO_VICTIMS = "No preemption victims found for incoming pod";

    /**
     * @param node null if evicting does not help
     * @param victims to evict from it
     * @param message why it does not help; empty if it does
     */
    record Result(@Nullable NodeInfo node, List<PodInfo> victims, String message) {}

    private record Candidate(NodeInfo node, List<PodInfo> victims) {

        long highest() {
            return victims.stream().mapToLong(PodInfo::priority).max().orElse(Long.MIN_VALUE);
        }

        long sum() {
            return victims.stream().mapToLong(pod -> pod.priority() + (1L << 31)).sum();
        }
    }

    private Preemption() {}

    static Result find(PodInfo pod, Profile profile, Snapshot cluster, Diagnosis diagnosis) {
        if (pod.pod().text("spec", "preemptionPolicy").equals("Never")) {
            return none("preemption: not eligible due to preemptionPolicy=Never.");
        }
        List<Candidate> candidates = new ArrayList<>();
        List<String> reasons = new ArrayList<>();
        for (NodeInfo node : cluster.nodes()) {
            Verdict verdict = diagnosis.nodes().get(node.name());
            if (verdict == null || !verdict.resolvable()) {
                reasons.add(NOT_HELPFUL);
                continue;
            }
            List<PodInfo> victims = victims(pod, node, profile, cluster);
            if (victims == null) {
                reasons.add(NO_VICTIMS);
            } else {
                candidates.add(new Candidate(node, victims));
            }
        }
        return candidates.stream()
                .min(
                        Comparator.comparingLong(Candidate::highest)
                                .thenComparingLong(Candidate::sum)
                                .thenComparingInt(candidate -> candidate.victims().size()))
                .map(best -> new Result(best.node(), best.victims(), ""))
                .orElseGet(() -> none(message(cluster.nodes().size(), reasons)));
    }

    private static Result none(String message) {
        return new Result(null, List.of(), message);
    }

    private static String message(int nodes, List<String> reasons) {
        return "preemption: 0/" + nodes + " nodes are available:" + Diagnosis.histogram(reasons);
    }

    /** The fewest pods that must go, the important ones kept first; null if it does not help. */
    private static @Nullable List<PodInfo> victims(
            PodInfo pod, NodeInfo node, Profile profile, Snapshot cluster) {
        List<PodInfo> lower =
                node.pods().stream()
                        .filter(other -> other.priority() < pod.priority())
                        .sorted(
                                Comparator.comparingInt((PodInfo other) -> -other.priority())
                                        .thenComparing(other -> other.pod().creationTimestamp()))
                        .toList();
        if (lower.isEmpty()) {
            return null;
        }
        NodeInfo left = node;
        for (PodInfo other : lower) {
            left = left.without(other.uid());
        }
        if (!profile.fits(pod, left, with(cluster, left))) {
            return null;
        }
        List<PodInfo> victims = new ArrayList<>();
        for (PodInfo other : lower) {
            NodeInfo kept = left.with(other);
            if (profile.fits(pod, kept, with(cluster, kept))) {
                left = kept;
            } else {
                victims.add(other);
            }
        }
        return victims.isEmpty() ? null : victims;
    }

    private static Snapshot with(Snapshot cluster, NodeInfo changed) {
        List<NodeInfo> nodes = new ArrayList<>(cluster.nodes());
        nodes.replaceAll(node -> node.name().equals(changed.name()) ? changed : node);
        return new Snapshot(nodes, cluster.namespaceLabels(), cluster.volumes());
    }
}
