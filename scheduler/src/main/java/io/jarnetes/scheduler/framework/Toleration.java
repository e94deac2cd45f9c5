package io.jarnetes.scheduler.framework;

import io.jarnetes.kubeclient.Json;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A pod's toleration; an empty key with Exists tolerates everything, an empty effect every effect.
 */
public record Toleration(String key, String operator, String value, String effect) {

    /** A node's taint. */
    public record Taint(String key, String value, String effect) {

        static List<Taint> of(JsonNode taints) {
            List<Taint> all = new ArrayList<>();
            for (JsonNode taint : taints) {
                all.add(
                        new Taint(
                                Json.text(taint, "key"),
                                Json.text(taint, "value"),
                                Json.text(taint, "effect")));
            }
            return List.copyOf(all);
        }

        /** Whether it keeps pods from being scheduled. */
        public boolean hard() {
            return effect.equals("NoSchedule") || effect.equals("NoExecute");
        }
    }

    static List<Toleration> of(JsonNode tolerations) {
        List<Toleration> all = new ArrayList<>();
        for (JsonNode toleration : tolerations) {
            all.add(
                    new Toleration(
                            Json.text(toleration, "key"),
                            Json.text(toleration, "operator"),
                            Json.text(toleration, "value"),
                            Json.text(toleration, "effect")));
        }
        return List.copyOf(all);
    }

    public boolean tolerates(Taint taint) {
        if (!effect.isEmpty() && !effect.equals(taint.effect())) {
            return false;
        }
        if (!key.isEmpty() && !key.equals(taint.key())) {
            return false;
        }
        return switch (operator) {
            case "Exists" -> true;
            case "", "Equal" -> value.equals(taint.value());
            default -> false;
        };
    }

    public static boolean anyTolerates(List<Toleration> tolerations, Taint taint) {
        for (Toleration toleration : tolerations) {
            if (toleration.tolerates(taint)) {
                return true;
            }
        }
        return false;
    }
}
