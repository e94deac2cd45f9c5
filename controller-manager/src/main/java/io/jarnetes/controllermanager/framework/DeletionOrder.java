package io.jarnetes.controllermanager.framework;

import io.jarnetes.kubeclient.KubeObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * Which of a controller's pods go first when there are too many: unassigned before assigned,
 * pending before running, not ready before ready, cheap before dear (the annotation {@value
 * #COST}), doubled up on a node before alone, lately ready before long ready, often restarted
 * before stable, young before old. Times count by order of magnitude, so that equal age is decided
 * by UID, that is at random.
 */
public final class DeletionOrder {

    private static final String COST = "controller.kubernetes.io/pod-deletion-cost";

    private DeletionOrder() {}

    /**
     * The pods to delete.
     *
     * @param candidates active pods of the controller
     * @param related active pods that count for doubling up on a node; includes the candidates
     * @param count how many
     */
    public static List<KubeObject> choose(
            List<KubeObject> candidates, List<KubeObject> related, int count, Instant now) {
        if (count >= candidates.size()) {
            return candidates;
        }
        Map<String, Integer> onNode = new HashMap<>();
        for (KubeObject pod : related) {
            onNode.merge(pod.text("spec", "nodeName"), 1, Integer::sum);
        }
        return candidates.stream().sorted(order(onNode, now)).limit(count).toList();
    }

    private static Comparator<KubeObject> order(Map<String, Integer> onNode, Instant now) {
        ToLongFunction<KubeObject> readyFor =
                pod -> magnitude(Pods.readySince(pod).orElse(now), now);
        return Comparator.<KubeObject, Boolean>comparing(
                        pod -> !pod.text("spec", "nodeName").isEmpty())
                .thenComparingInt(DeletionOrder::phase)
                .thenComparing(Pods::ready)
                .thenComparingLong(DeletionOrder::cost)
                .thenComparingInt(pod -> -onNode.getOrDefault(pod.text("spec", "nodeName"), 0))
                .thenComparingLong(readyFor)
                .thenComparingInt(pod -> -Pods.restarts(pod))
                .thenComparingLong(pod -> magnitude(pod.creationTimestamp(), now))
                .thenComparing(KubeObject::uid);
    }

    private static int phase(KubeObject pod) {
        return switch (Pods.phase(pod)) {
            case "Pending" -> 0;
            case "Running" -> 2;
            default -> 1;
        };
    }

    private static long cost(KubeObject pod) {
        try {
            String cost = pod.annotation(COST);
            return cost.isEmpty() ? 0 : Integer.parseInt(cost);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** log2 of an age in nanoseconds; 0 for none. */
    private static long magnitude(Instant since, Instant now) {
        long nanos = Math.max(0, Duration.between(since, now).toNanos());
        return nanos == 0 ? 0 : 64 - Long.numberOfLeadingZeros(nanos);
    }
}
