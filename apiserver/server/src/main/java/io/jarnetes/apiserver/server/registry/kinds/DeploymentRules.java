package io.jarnetes.apiserver.server.registry.kinds;

import io.jarnetes.apiserver.server.registry.FieldErrors;
import io.jarnetes.apiserver.server.registry.validation.InternalForm;
import io.jarnetes.apiserver.server.registry.validation.NameRules;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** How workloads may roll out ({@code pkg/apis/apps/validation}). */
final class DeploymentRules {

    private static final String PERCENT_ERROR =
            NameRules.regex(
                    "a valid percent string must be a numeric string followed by an ending '%'",
                    "[0-9]+%", "1%", "93%");

    private DeploymentRules() {}

    static void strategy(JsonNode strategy, FieldErrors errors) {
        String path = "spec.strategy";
        JsonNode rolling = strategy.path("rollingUpdate");
        switch (strategy.path("type").asString("")) {
            case "Recreate" -> {
                if (rolling.isObject()) {
                    errors.forbidden(
                            path + ".rollingUpdate",
                            "may not be specified when strategy `type` is 'Recreate'");
                }
            }
            case "RollingUpdate" -> {
                if (!rolling.isObject()) {
                    errors.required(path + ".rollingUpdate", "");
                } else {
                    rolling(rolling, path + ".rollingUpdate", errors);
                }
            }
            default ->
                    notSupported(
                            "DeploymentStrategy",
                            strategy,
                            path,
                            List.of("Recreate", "RollingUpdate"),
                            errors);
        }
    }

    private static void rolling(JsonNode rolling, String path, FieldErrors errors) {
        JsonNode unavailable = rolling.path("maxUnavailable");
        JsonNode surge = rolling.path("maxSurge");
        positive(unavailable, path + ".maxUnavailable", errors);
        positive(surge, path + ".maxSurge", errors);
        if (isZero(unavailable) && isZero(surge)) {
            errors.invalid(
                    path + ".maxUnavailable", unavailable, "may not be 0 when `maxSurge` is 0");
        }
        atMostAll(unavailable, path + ".maxUnavailable", errors);
    }

    private static void atMostAll(JsonNode share, String path, FieldErrors errors) {
        if (share.isString() && share.asString().matches("[0-9]{1,9}%") && number(share) > 100) {
            errors.invalid(path, share, "must not be greater than 100%");
        }
    }

    private static void notSupported(
            String type,
            JsonNode strategy,
            String path,
            List<String> supported,
            FieldErrors errors) {
        errors.notSupported(path, InternalForm.of(type, strategy), supported);
    }

    /** How a StatefulSet replaces its pods. */
    static void statefulUpdate(JsonNode strategy, FieldErrors errors) {
        String path = "spec.updateStrategy";
        JsonNode rolling = strategy.path("rollingUpdate");
        switch (strategy.path("type").asString("")) {
            case "" -> errors.required(path, "");
            case "OnDelete" -> {
                if (rolling.isObject()) {
                    errors.invalid(
                            path + ".rollingUpdate",
                            InternalForm.of("RollingUpdateStatefulSetStrategy", rolling),
                            "only allowed for updateStrategy 'RollingUpdate'");
                }
            }
            case "RollingUpdate" -> {
                String at = path + ".rollingUpdate";
                WorkloadStrategy.nonNegative(rolling, at, "partition", errors);
                JsonNode unavailable = rolling.path("maxUnavailable");
                if (rolling.hasNonNull("maxUnavailable")) {
                    positive(unavailable, at + ".maxUnavailable", errors);
                    if (isZero(unavailable)) {
                        errors.invalid(at + ".maxUnavailable", unavailable, "cannot be 0");
                    }
                    atMostAll(unavailable, at + ".maxUnavailable", errors);
                }
            }
            default ->
                    errors.invalid(
                            path,
                            InternalForm.of("StatefulSetUpdateStrategy", strategy),
                            "must be 'RollingUpdate' or 'OnDelete'");
        }
    }

    private static long number(JsonNode percent) {
        return Long.parseLong(percent.asString().replace("%", ""));
    }

    private static void positive(JsonNode value, String path, FieldErrors errors) {
        if (value.isNumber() && value.asLong() < 0) {
            errors.invalid(path, value, "must be greater than or equal to 0");
        } else if (value.isString() && !value.asString().matches("[0-9]+%")) {
            errors.invalid(path, value, PERCENT_ERROR);
        }
    }

    private static boolean isZero(JsonNode value) {
        return value.isMissingNode()
                || (value.isNumber() && value.asLong() == 0)
                || (value.isString() && value.asString().matches("0+%"));
    }

    static void progressDeadline(JsonNode spec, FieldErrors errors) {
        WorkloadStrategy.nonNegative(spec, "progressDeadlineSeconds", errors);
        JsonNode deadline = spec.path("progressDeadlineSeconds");
        long ready = spec.path("minReadySeconds").asLong(0);
        if (deadline.isNumber() && deadline.asLong() >= 0 && deadline.asLong() <= ready) {
            errors.invalid(
                    "spec.progressDeadlineSeconds",
                    deadline,
                    "must be greater than minReadySeconds");
        }
    }

    static void daemonUpdate(JsonNode strategy, FieldErrors errors) {
        String path = "spec.updateStrategy";
        switch (strategy.path("type").asString("")) {
            case "OnDelete" -> {}
            case "RollingUpdate" -> {
                JsonNode rolling = strategy.path("rollingUpdate");
                if (!rolling.isObject()) {
                    errors.required(path + ".rollingUpdate", "");
                    return;
                }
                JsonNode unavailable = rolling.path("maxUnavailable");
                JsonNode surge = rolling.path("maxSurge");
                positive(unavailable, path + ".rollingUpdate.maxUnavailable", errors);
                positive(surge, path + ".rollingUpdate.maxSurge", errors);
                atMostAll(unavailable, path + ".rollingUpdate.maxUnavailable", errors);
                atMostAll(surge, path + ".rollingUpdate.maxSurge", errors);
                if (!isZero(unavailable) && !isZero(surge)) {
                    errors.invalid(
                            path + ".rollingUpdate.maxSurge",
                            surge,
                            "may not be set when maxUnavailable is non-zero");
                } else if (isZero(unavailable) && isZero(surge)) {
                    errors.required(
                            path + ".rollingUpdate.maxUnavailable",
                            "cannot be 0 when maxSurge is 0");
                }
            }
            default ->
                    notSupported(
                            "DaemonSetUpdateStrategy",
                            strategy,
                            path,
                            List.of("RollingUpdate", "OnDelete"),
                            errors);
        }
    }
}
