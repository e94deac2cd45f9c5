package io.jarnetes.scheduler;

import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.Selector;
import io.jarnetes.scheduler.framework.Diagnosis;
import io.jarnetes.scheduler.framework.NodeInfo;
import io.jarnetes.scheduler.framework.PodInfo;
import io.jarnetes.scheduler.framework.Profile;
import io.jarnetes.scheduler.framework.Snapshot;
import io.jarnetes.scheduler.framework.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which pods of lower priority would have to go so that a pod fits; pure. The node where the fewest
 * disruption budgets are violated wins, then the one whose most important victim matters least,
 * then the least sum of priorities, then the fewest victims, then the youngest.
 */
final class Preemption {

    private static final String NOT_HELPFUL = "Preemption is not helpful for scheduling";
    private static final String NO_VICTIMS = "No preemption victims found for incoming pod";

    /**
     * @param node null if evicting does not help
     * @param victims to evict from it
     * @param message why it does not help; empty if it does
     * @param tried whether the pod may preempt at all, or again
     */
    record Result(@Nullable NodeInfo node, List<PodInfo> victims, String message, boolean tried) {}

    /**
     * @param violations how many victims a disruption budget would keep
     */
    private record Candidate(NodeInfo node, List<PodInfo> victims, int violations) {

        long highest() {
            return victims.stream().mapToLong(PodInfo::priority).max().orElse(Long.MIN_VALUE);
        }

        /** When the oldest of its most important victims began. */
        Instant oldest() {
            return victims.stream()
                    .filter(pod -> pod.priority() == highest())
                    .map(Preemption::started)
                    .min(Comparator.naturalOrder())
                    .orElse(Instant.MIN);
        }

        long sum() {
            return victims.stream().mapToLong(pod -> pod.priority() + (1L << 31)).sum();
        }
    }

    private Preemption() {}

    static Result find(PodInfo pod, Profile profile, Snapshot cluster, Diagnosis diagnosis) {
        if (pod.pod().text("spec", "preemptionPolicy").equals("Never")) {
            return none("preemption: not eligible due to preemptionPolicy=Never.", false);
        }
        if (waits(pod, cluster, diagnosis)) {
            return none(
                    "preemption: not eligible due to a terminating pod on the nominated node.",
                    false);
        }
        List<Candidate> candidates = new ArrayList<>();
        List<String> reasons = new ArrayList<>();
        for (NodeInfo node : cluster.nodes()) {
            Verdict verdict = diagnosis.nodes().get(node.name());
            if (verdict == null || !verdict.resolvable()) {
                reasons.add(NOT_HELPFUL);
                continue;
            }
            candidate(pod, node, profile, cluster, reasons).ifPresent(candidates::add);
        }
        return candidates.stream()
                .min(
                        Comparator.comparingInt(Candidate::violations)
                                .thenComparingLong(Candidate::highest)
                                .thenComparingLong(Candidate::sum)
                                .thenComparingInt(candidate -> candidate.victims().size())
                                .thenComparing(Candidate::oldest, Comparator.reverseOrder()))
                .map(best -> new Result(best.node(), best.victims(), "", true))
                .orElseGet(() -> none(message(cluster.nodes().size(), reasons), true));
    }

    private static Result none(String message, boolean tried) {
        return new Result(null, List.of(), message, tried);
    }

    private static String message(int nodes, List<String> reasons) {
        return "preemption: 0/" + nodes + " nodes are available:" + Diagnosis.histogram(reasons);
    }

    /** Whether victims of an earlier preemption are still on their way out. */
    private static boolean waits(PodInfo pod, Snapshot cluster, Diagnosis diagnosis) {
        String nominated = pod.nominatedNode();
        Verdict verdict = diagnosis.nodes().get(nominated);
        if (nominated.isEmpty() || verdict != null && !verdict.resolvable()) {
            return false;
        }
        return cluster.nodes().stream()
                .filter(node -> node.name().equals(nominated))
                .flatMap(node -> node.pods().stream())
                .anyMatch(other -> other.priority() < pod.priority() && preempted(other.pod()));
    }

    private static boolean preempted(KubeObject pod) {
        return pod.deleting()
                && pod.conditionTrue("DisruptionTarget")
                && Json.text(pod.condition("DisruptionTarget"), "reason")
                        .equals("PreemptionByScheduler");
    }

    private static Instant started(PodInfo pod) {
        return KubeObject.time(pod.pod().at("status", "startTime")).orElse(Instant.MAX);
    }

    /** The important first; of equals those that have run longer. */
    private static final Comparator<PodInfo> IMPORTANCE =
            Comparator.comparingInt((PodInfo other) -> -other.priority())
                    .thenComparing(Preemption::started);

    /**
     * The fewest pods that must go; those that a budget keeps, and the important, are spared first.
     *
     * @param reasons gets why it does not help, if it does not
     */
    private static Optional<Candidate> candidate(
            PodInfo pod, NodeInfo node, Profile profile, Snapshot cluster, List<String> reasons) {
        List<PodInfo> lower =
                node.pods().stream()
                        .filter(other -> other.priority() < pod.priority())
                        .sorted(IMPORTANCE)
                        .toList();
        if (lower.isEmpty()) {
            reasons.add(NO_VICTIMS);
            return Optional.empty();
        }
        NodeInfo left = node;
        for (PodInfo other : lower) {
            left = left.without(other.uid());
        }
        Verdict without = profile.fits(pod, left, cluster);
        if (!without.fits()) {
            reasons.addAll(without.reasons());
            return Optional.empty();
        }
        Set<String> kept = keptByBudgets(lower, cluster.budgets());
        List<PodInfo> order = new ArrayList<>();
        lower.stream().filter(other -> kept.contains(other.uid())).forEach(order::add);
        lower.stream().filter(other -> !kept.contains(other.uid())).forEach(order::add);
        List<PodInfo> victims = new ArrayList<>();
        for (PodInfo other : order) {
            NodeInfo spared = left.with(other);
            if (profile.fits(pod, spared, cluster).fits()) {
                left = spared;
            } else {
                victims.add(other);
            }
        }
        victims.sort(IMPORTANCE);
        int violations = (int) victims.stream().filter(other -> kept.contains(other.uid())).count();
        return victims.isEmpty()
                ? Optional.empty()
                : Optional.of(new Candidate(node, victims, violations));
    }

    /** UIDs of the pods for whose eviction a budget has nothing left, after those before them. */
    private static Set<String> keptByBudgets(List<PodInfo> pods, List<KubeObject> budgets) {
        Set<String> kept = new HashSet<>();
        Map<String, Integer> allowed = new HashMap<>();
        for (PodInfo pod : pods) {
            if (pod.labels().isEmpty()) {
                // No budget means it, whatever its selector.
                continue;
            }
            for (KubeObject budget : budgets) {
                Selector selector = Selector.of(budget.at("spec", "selector"));
                if (!budget.namespace().equals(pod.namespace())
                        || selector.isEmpty()
                        || !selector.matches(pod.labels())
                        || budget.present("status", "disruptedPods", pod.pod().name())) {
                    continue;
                }
                int left =
                        allowed.getOrDefault(
                                        budget.key(),
                                        budget.number(0, "status", "disruptionsAllowed"))
                                - 1;
                allowed.put(budget.key(), left);
                if (left < 0) {
                    kept.add(pod.uid());
                }
            }
        }
        return kept;
    }
}
