package io.jarnetes.apiserver.server.registry.pods;

import io.jarnetes.apiserver.server.registry.FieldErrors;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Probes and lifecycle hooks. */
final class ProbeRules {

    private static final List<String> SCHEMES = List.of("HTTP", "HTTPS");
    private static final List<String> PROBES =
            List.of("livenessProbe", "readinessProbe", "startupProbe");
    private static final Pattern HEADER = Pattern.compile("[-A-Za-z0-9]+");
    private static final String INIT_ONLY =
            "may not be set for init containers without restartPolicy=Always";
    private static final List<String> COUNTS =
            List.of(
                    "initialDelaySeconds",
                    "timeoutSeconds",
                    "periodSeconds",
                    "successThreshold",
                    "failureThreshold");

    /** Of the pod: how long a hook may take. */
    private final long gracePeriodSeconds;

    ProbeRules(long gracePeriodSeconds) {
        this.gracePeriodSeconds = gracePeriodSeconds;
    }

    /** Of a container that goes on running. */
    void validate(JsonNode container, String at, FieldErrors errors) {
        JsonNode lifecycle = container.path("lifecycle");
        for (String hook : List.of("postStart", "preStop")) {
            if (Checks.set(lifecycle, hook)) {
                handler(
                        lifecycle.path(hook),
                        at + ".lifecycle." + hook,
                        List.of("exec", "httpGet", "tcpSocket", "sleep"),
                        errors);
            }
        }
        for (String probe : PROBES) {
            if (Checks.set(container, probe)) {
                probe(container.path(probe), probe, at + "." + probe, errors);
            }
        }
    }

    /** An init container that ends has neither. */
    static void forbid(JsonNode container, String at, FieldErrors errors) {
        for (String field :
                List.of("lifecycle", "livenessProbe", "readinessProbe", "startupProbe")) {
            if (Checks.set(container, field)) {
                errors.forbidden(at + "." + field, INIT_ONLY);
            }
        }
    }

    private void probe(JsonNode probe, String kind, String at, FieldErrors errors) {
        handler(probe, at, List.of("exec", "httpGet", "tcpSocket", "grpc"), errors);
        COUNTS.forEach(field -> Checks.nonNegative(probe, at, field, errors));
        JsonNode grace = probe.path("terminationGracePeriodSeconds");
        if (grace.isNumber() && grace.asLong() <= 0) {
            errors.invalid(at + ".terminationGracePeriodSeconds", grace, "must be greater than 0");
        }
        if (kind.equals("readinessProbe")) {
            if (grace.isNumber()) {
                errors.invalid(
                        at + ".terminationGracePeriodSeconds",
                        grace,
                        "must not be set for readinessProbes");
            }
        } else if (probe.path("successThreshold").asLong(0) != 1) {
            errors.invalid(
                    at + ".successThreshold",
                    probe.path("successThreshold").asLong(0),
                    "must be 1");
        }
    }

    private void handler(JsonNode owner, String at, List<String> kinds, FieldErrors errors) {
        int handlers = 0;
        for (String kind : kinds) {
            if (!Checks.set(owner, kind)) {
                continue;
            }
            if (handlers++ > 0) {
                errors.forbidden(at + "." + kind, "may not specify more than 1 handler type");
            } else {
                action(kind, owner.path(kind), at + "." + kind, errors);
            }
        }
        if (handlers == 0) {
            errors.required(at, "must specify a handler type");
        }
    }

    private void action(String kind, JsonNode action, String at, FieldErrors errors) {
        switch (kind) {
            case "exec" -> {
                if (action.path("command").isEmpty()) {
                    errors.required(at + ".command", "");
                }
            }
            case "httpGet" -> httpGet(action, at, errors);
            case "sleep" -> {
                long seconds = action.path("seconds").asLong(0);
                if (seconds < 0 || seconds > gracePeriodSeconds) {
                    errors.invalid(
                            at,
                            seconds,
                            "must be non-negative and less than terminationGracePeriodSeconds ("
                                    + gracePeriodSeconds
                                    + ")");
                }
            }
            default -> Checks.port(action.path("port"), at + ".port", errors);
        }
    }

    private static void httpGet(JsonNode action, String at, FieldErrors errors) {
        Checks.required(action, at, "path", errors);
        Checks.port(action.path("port"), at + ".port", errors);
        String scheme = Checks.text(action, "scheme");
        if (!SCHEMES.contains(scheme)) {
            errors.notSupported(at + ".scheme", scheme, SCHEMES);
        }
        for (JsonNode header : action.path("httpHeaders")) {
            String name = Checks.text(header, "name");
            if (!HEADER.matcher(name).matches()) {
                errors.invalid(
                        at + ".httpHeaders",
                        name,
                        "a valid HTTP header must consist of alphanumeric characters or '-' (e.g."
                                + " 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')");
            }
        }
    }
}
