package io.jarnetes.controllermanager.disruption;

import io.jarnetes.controllermanager.framework.Conditions;
import io.jarnetes.controllermanager.framework.Pods;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The arithmetic of budgets, pure. */
final class BudgetStatus {

    private static final String ALLOWED = "DisruptionAllowed";

    /** An eviction that did not delete its pod counts for so long. */
    private static final Duration DISRUPTION_TIMEOUT = Duration.ofMinutes(2);

    /**
     * @param disrupted pods that are being evicted, with the time
     * @param recheck when a pending eviction is over
     */
    record Counts(
            int healthy,
            int desired,
            int expected,
            ObjectNode disrupted,
            Optional<Duration> recheck) {}

    private BudgetStatus() {}

    /**
     * @param scale the replicas of all controllers together; null to count pods only
     */
    static Counts count(
            KubeObject budget, List<KubeObject> pods, @Nullable Integer scale, Instant now) {
        JsonNode minAvailable = budget.at("spec", "minAvailable");
        JsonNode maxUnavailable = budget.at("spec", "maxUnavailable");
        int expected = scale == null ? pods.size() : scale;
        int desired;
        if (Json.present(maxUnavailable)) {
            desired = Math.max(0, expected - scaled(maxUnavailable, expected));
        } else {
            desired = scaled(minAvailable, expected);
        }
        ObjectNode disrupted = Json.object();
        Optional<Duration> recheck = Optional.empty();
        int healthy = 0;
        for (KubeObject pod : pods) {
            Instant evicted =
                    KubeObject.time(budget.at("status", "disruptedPods", pod.name())).orElse(null);
            if (pod.deleting()) {
                continue;
            }
            if (evicted != null && evicted.plus(DISRUPTION_TIMEOUT).isAfter(now)) {
                disrupted.put(pod.name(), KubeObject.time(evicted));
                Duration left = Duration.between(now, evicted.plus(DISRUPTION_TIMEOUT));
                recheck = Optional.of(recheck.filter(r -> r.compareTo(left) < 0).orElse(left));
                continue;
            }
            if (Pods.ready(pod)) {
                healthy++;
            }
        }
        return new Counts(healthy, desired, expected, disrupted, recheck);
    }

    /** Rounded up, as upstream does for both fields. */
    private static int scaled(JsonNode value, int total) {
        String text = Json.text(value);
        if (!text.endsWith("%")) {
            return value.asInt(0);
        }
        int percent = Integer.parseInt(text.substring(0, text.length() - 1));
        return (int) Math.ceil(percent * total / 100.0);
    }

    static ObjectNode of(KubeObject budget, Counts counts, Instant now) {
        int allowed = Math.max(0, counts.healthy() - counts.desired());
        if (counts.expected() <= 0) {
            allowed = 0;
        }
        ObjectNode status = base(budget);
        status.put("currentHealthy", counts.healthy());
        status.put("desiredHealthy", counts.desired());
        status.put("expectedPods", counts.expected());
        status.put("disruptionsAllowed", allowed);
        if (counts.disrupted().isEmpty()) {
            status.remove("disruptedPods");
        } else {
            status.set("disruptedPods", counts.disrupted());
        }
        condition(
                status,
                budget,
                allowed > 0,
                allowed > 0 ? "SufficientPods" : "InsufficientPods",
                "",
                now);
        return status;
    }

    /** Nothing may be disrupted while it is unknown how many pods there should be. */
    static ObjectNode failed(KubeObject budget, String message, Instant now) {
        ObjectNode status = base(budget);
        status.put("disruptionsAllowed", 0);
        condition(status, budget, false, "SyncFailed", message, now);
        return status;
    }

    private static ObjectNode base(KubeObject budget) {
        ObjectNode status =
                budget.at("status") instanceof ObjectNode there ? there.deepCopy() : Json.object();
        status.put("observedGeneration", budget.generation());
        for (String field :
                List.of("currentHealthy", "desiredHealthy", "expectedPods", "disruptionsAllowed")) {
            status.putIfAbsent(field, Json.tree(0));
        }
        return status;
    }

    /** A metav1.Condition: message and observedGeneration are always there. */
    private static void condition(
            ObjectNode status,
            KubeObject budget,
            boolean value,
            String reason,
            String message,
            Instant now) {
        Conditions.set(status, ALLOWED, value ? "True" : "False", reason, message, now);
        ObjectNode condition = (ObjectNode) Conditions.find(status, ALLOWED);
        condition.put("message", message);
        condition.put("observedGeneration", budget.generation());
    }
}
