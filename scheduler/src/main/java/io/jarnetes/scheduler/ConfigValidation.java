package io.jarnetes.scheduler;

import io.jarnetes.base.flags.GoValues;
import io.jarnetes.kubeclient.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Whether a KubeSchedulerConfiguration makes sense; all that doesn't is told at once. */
final class ConfigValidation {

    /** Volume limits of clouds that upstream has no more. */
    private static final Set<String> REMOVED =
            Set.of("AzureDiskLimits", "CinderLimits", "EBSLimits", "GCEPDLimits");

    private final List<String> errors = new ArrayList<>();

    private ConfigValidation() {}

    static void check(JsonNode tree) throws IOException {
        ConfigValidation validation = new ConfigValidation();
        validation.all(tree);
        List<String> errors = validation.errors;
        if (!errors.isEmpty()) {
            throw new IOException(
                    errors.size() == 1 ? errors.getFirst() : "[" + String.join(", ", errors) + "]");
        }
    }

    private void all(JsonNode tree) {
        long burst = number(tree.path("clientConnection"), "burst", 0);
        if (burst < 0) {
            invalid("clientConnection.burst", burst, "must be non-negative");
        }
        leaderElection(tree.path("leaderElection"));
        long parallelism = number(tree, "parallelism", 16);
        if (parallelism <= 0) {
            invalid("parallelism", parallelism, "should be an integer value greater than zero");
        }
        profiles(tree.path("profiles"));
        percentage("percentageOfNodesToScore", tree);
        long first = number(tree, "podInitialBackoffSeconds", 1);
        long last = number(tree, "podMaxBackoffSeconds", 10);
        if (first <= 0) {
            invalid("podInitialBackoffSeconds", first, "must be greater than 0");
        }
        if (last < first) {
            invalid(
                    "podMaxBackoffSeconds",
                    last,
                    "must be greater than or equal to PodInitialBackoffSeconds");
        }
    }

    private void invalid(String field, Object value, String why) {
        errors.add(field + ": Invalid value: " + value + ": " + why);
    }

    private static long number(JsonNode tree, String field, long otherwise) {
        JsonNode value = tree.path(field);
        return value.isNumber() ? value.asLong() : otherwise;
    }

    private void leaderElection(JsonNode tree) {
        JsonNode on = tree.path("leaderElect");
        if (on.isBoolean() && !on.asBoolean()) {
            return;
        }
        Duration lease = duration(tree, "leaseDuration", 15);
        Duration renew = duration(tree, "renewDeadline", 10);
        Duration retry = duration(tree, "retryPeriod", 2);
        positive("leaseDuration", lease);
        positive("renewDeadline", renew);
        positive("retryPeriod", retry);
        if (lease.compareTo(renew) <= 0) {
            // Upstream shows the other one's value here.
            invalid(
                    "leaderElection.leaseDuration",
                    quoted(GoValues.text(renew)),
                    "must be greater than `RenewDeadline`");
        }
        String lock = Json.text(tree, "resourceLock");
        if (!lock.isEmpty() && !lock.equals("leases")) {
            invalid(
                    "leaderElection.resourceLock",
                    quoted(lock),
                    "resourceLock value must be \"leases\"");
        }
    }

    /** Upstream puts its default where a duration is zero or missing. */
    private static Duration duration(JsonNode tree, String field, int seconds) {
        String text = Json.text(tree, field);
        Duration given = text.isEmpty() ? Duration.ZERO : GoValues.duration(text);
        return given.isZero() ? Duration.ofSeconds(seconds) : given;
    }

    private void positive(String field, Duration value) {
        if (value.isNegative()) {
            invalid(
                    "leaderElection." + field,
                    quoted(GoValues.text(value)),
                    "must be greater than zero");
        }
    }

    private static String quoted(String text) {
        return '"' + text + '"';
    }

    private void profiles(JsonNode profiles) {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < profiles.size(); i++) {
            JsonNode profile = profiles.path(i);
            String path = "profiles[" + i + "]";
            String name = Json.text(profile, "schedulerName");
            // The only profile may leave its name to the default.
            if (name.isEmpty() && (profiles.size() > 1 || profile.has("schedulerName"))) {
                errors.add(path + ".schedulerName: Required value");
            }
            percentage(path + ".percentageOfNodesToScore", profile);
            plugins(path, profile);
            arguments(path, profile.path("pluginConfig"));
            if (!names.add(name)) {
                errors.add(path + ".schedulerName: Duplicate value: {}");
            }
        }
    }

    private void percentage(String field, JsonNode tree) {
        long value = number(tree, "percentageOfNodesToScore", 0);
        if (value < 0 || value > 100) {
            invalid(field, value, "not in valid range [0-100]");
        }
    }

    private void plugins(String path, JsonNode profile) {
        for (var point : profile.path("plugins").properties()) {
            JsonNode enabled = point.getValue().path("enabled");
            for (int i = 0; i < enabled.size(); i++) {
                String name = Json.text(enabled.path(i), "name");
                if (REMOVED.contains(name)) {
                    invalid(
                            "%s.plugins.%s.enabled[%d]".formatted(path, point.getKey(), i),
                            quoted(name),
                            "was invalid in version \"v1\" (KubeSchedulerConfiguration is version"
                                    + " \"kubescheduler.config.k8s.io/v1\")");
                }
            }
        }
    }

    private void arguments(String path, JsonNode configs) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < configs.size(); i++) {
            String name = Json.text(configs.path(i), "name");
            String where = "%s.pluginConfig[%d]".formatted(path, i);
            if (!seen.add(name)) {
                errors.add("%s: Duplicate value: \"%s\"".formatted(where, name));
            }
            long hard = number(configs.path(i).path("args"), "hardPodAffinityWeight", 0);
            if (name.equals("InterPodAffinity") && (hard < 0 || hard > 100)) {
                invalid(where + ".args.hardPodAffinityWeight", hard, "not in valid range [0, 100]");
            }
        }
    }
}
