package io.jarnetes.apiserver.server.registry.kinds;

import io.jarnetes.apiserver.server.registry.FieldError;
import io.jarnetes.apiserver.server.registry.FieldErrors;
import io.jarnetes.apiserver.server.registry.Meta;
import io.jarnetes.apiserver.server.registry.pods.PodRules;
import io.jarnetes.apiserver.server.registry.validation.InternalForm;
import io.jarnetes.apiserver.server.registry.validation.NameRules;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a Job's spec may say, in a Job and in a CronJob's template; in upstream's order. */
final class JobRules {

    private static final String INDEXED = "Indexed";
    private static final List<String> MODES = List.of("NonIndexed", INDEXED);
    private static final List<String> REPLACEMENTS = List.of("Failed", "TerminatingOrFailed");

    private static final int MAX_PARALLELISM_OF_INDEXED = 100_000;
    private static final int MAX_FAILED_INDEXES = 100_000;
    private static final int MANY_COMPLETIONS = 100_000;
    private static final int MAX_AT_MANY_COMPLETIONS = 10_000;
    private static final int MAX_MANAGED_BY_BYTES = 63;

    private final PodRules pods = new PodRules();

    void validateSpec(JsonNode spec, String path, FieldErrors errors) {
        numbers(spec, path, errors);
        managedBy(spec, path, errors);
        String mode = spec.path("completionMode").asString("");
        if (!mode.isEmpty() && !MODES.contains(mode)) {
            errors.notSupported(path + ".completionMode", mode, MODES);
        }
        if (mode.equals(INDEXED)) {
            indexed(spec, path, errors);
        } else if (mode.isEmpty() || mode.equals(MODES.getFirst())) {
            for (String field : List.of("backoffLimitPerIndex", "maxFailedIndexes")) {
                if (spec.hasNonNull(field)) {
                    errors.invalid(
                            path + "." + field,
                            spec.path(field),
                            "requires indexed completion mode");
                }
            }
        }
        policies(spec, path, mode, errors);
        JsonNode template = spec.path("template");
        pods.validateTemplate(template, path + ".template", errors);
        restartPolicy(spec, template.path("spec").path("restartPolicy").asString(""), path, errors);
    }

    /**
     * As {@link #validateSpec}, of what Jobs are made from: their selectors are always generated.
     */
    void validateTemplate(JsonNode spec, String path, FieldErrors errors) {
        validateSpec(spec, path, errors);
        if (spec.hasNonNull("selector")) {
            errors.invalid(
                    path + ".selector", spec.path("selector"), "`selector` will be auto-generated");
        }
        if (spec.path("manualSelector").asBoolean(false)) {
            errors.notSupported(path + ".manualSelector", true, List.of("nil", "false"));
        }
    }

    /** What an update may change; an indexed Job may grow and shrink. */
    void validateUpdate(JsonNode spec, JsonNode old, String path, FieldErrors errors) {
        validateSpec(spec, path, errors);
        if (!spec.path("completionMode").asString("").equals(INDEXED)) {
            immutable(spec, old, path, "completions", errors);
        } else if (!same(spec, old, "completions")
                && spec.path("completions").asLong(-1) != spec.path("parallelism").asLong(-1)) {
            errors.invalid(
                    path + ".completions",
                    spec.path("completions"),
                    "can only be modified in tandem with " + path + ".parallelism");
        }
        immutable(spec, old, path, "selector", errors);
        if (!old.path("suspend").asBoolean(false)) {
            immutable(spec, old, path, "template", errors);
        }
        for (String field :
                List.of(
                        "completionMode",
                        "podFailurePolicy",
                        "backoffLimitPerIndex",
                        "managedBy",
                        "successPolicy")) {
            immutable(spec, old, path, field, errors);
        }
    }

    private static void immutable(
            JsonNode spec, JsonNode old, String path, String field, FieldErrors errors) {
        if (!same(spec, old, field)) {
            errors.invalid(path + "." + field, printed(spec, field), "field is immutable");
        }
    }

    private static @Nullable JsonNode printed(JsonNode spec, String field) {
        if (!spec.hasNonNull(field)) {
            return null;
        }
        return switch (field) {
            case "successPolicy" -> InternalForm.of("SuccessPolicy", spec.path(field));
            case "podFailurePolicy" -> InternalForm.of("PodFailurePolicy", spec.path(field));
            case "template" -> InternalForm.of("PodTemplateSpec", spec.path(field));
            default -> spec.get(field);
        };
    }

    private static boolean same(JsonNode spec, JsonNode old, String field) {
        return Meta.semanticallyEqual(spec.path(field), old.path(field));
    }

    private static void numbers(JsonNode spec, String path, FieldErrors errors) {
        for (String field :
                List.of(
                        "parallelism",
                        "completions",
                        "activeDeadlineSeconds",
                        "backoffLimit",
                        "ttlSecondsAfterFinished",
                        "backoffLimitPerIndex",
                        "maxFailedIndexes")) {
            WorkloadStrategy.nonNegative(spec, path, field, errors);
        }
        if (spec.hasNonNull("maxFailedIndexes") && !spec.hasNonNull("backoffLimitPerIndex")) {
            errors.required(path + ".backoffLimitPerIndex", "when maxFailedIndexes is specified");
        }
    }

    private static void managedBy(JsonNode spec, String path, FieldErrors errors) {
        if (!spec.hasNonNull("managedBy")) {
            return;
        }
        String name = spec.path("managedBy").asString("");
        String field = path + ".managedBy";
        int slash = name.indexOf('/');
        if (name.isEmpty()) {
            errors.required(field, "");
        } else if (slash <= 0 || slash == name.length() - 1) {
            errors.invalid(field, name, "must be a domain-prefixed path (such as \"acme.io/foo\")");
        } else {
            String host = name.substring(0, slash);
            errors.invalid(field, host, NameRules.dns1123Subdomain(host));
            String rest = name.substring(slash + 1);
            errors.invalid(field, rest, NameRules.httpPath(rest));
        }
        if (name.length() > MAX_MANAGED_BY_BYTES) {
            errors.add(FieldError.tooLong(field, MAX_MANAGED_BY_BYTES));
        }
    }

    private static void indexed(JsonNode spec, String path, FieldErrors errors) {
        long completions = spec.path("completions").asLong(-1);
        long failed = spec.path("maxFailedIndexes").asLong(-1);
        if (!spec.hasNonNull("completions")) {
            errors.required(path + ".completions", "when completion mode is Indexed");
        }
        atMost(
                spec,
                path,
                "parallelism",
                MAX_PARALLELISM_OF_INDEXED,
                " when completion mode is Indexed",
                errors);
        if (spec.hasNonNull("completions") && failed > completions) {
            errors.invalid(
                    path + ".maxFailedIndexes",
                    spec.path("maxFailedIndexes"),
                    "must be less than or equal to completions");
        }
        atMost(spec, path, "maxFailedIndexes", MAX_FAILED_INDEXES, "", errors);
        if (completions > MANY_COMPLETIONS && spec.hasNonNull("backoffLimitPerIndex")) {
            if (!spec.hasNonNull("maxFailedIndexes")) {
                errors.required(
                        path + ".maxFailedIndexes",
                        "must be specified when completions is above " + MANY_COMPLETIONS);
            }
            String when =
                    " when completions are above "
                            + MANY_COMPLETIONS
                            + " and used with backoff limit per index";
            atMost(spec, path, "parallelism", MAX_AT_MANY_COMPLETIONS, when, errors);
            atMost(spec, path, "maxFailedIndexes", MAX_AT_MANY_COMPLETIONS, when, errors);
        }
    }

    private static void atMost(
            JsonNode spec, String path, String field, int max, String when, FieldErrors errors) {
        JsonNode value = spec.path(field);
        if (value.asLong(0) > max) {
            errors.invalid(
                    path + "." + field, value, "must be less than or equal to " + max + when);
        }
    }

    private static void policies(JsonNode spec, String path, String mode, FieldErrors errors) {
        boolean failurePolicy = spec.hasNonNull("podFailurePolicy");
        if (failurePolicy) {
            JobPolicies.failure(spec, path + ".podFailurePolicy", errors);
        }
        if (spec.hasNonNull("successPolicy")) {
            if (mode.equals(INDEXED)) {
                JobPolicies.success(spec, path + ".successPolicy", errors);
            } else {
                errors.invalid(
                        path + ".successPolicy",
                        InternalForm.of("SuccessPolicy", spec.path("successPolicy")),
                        "requires indexed completion mode");
            }
        }
        String replacement = spec.path("podReplacementPolicy").asString("");
        List<String> allowed = failurePolicy ? REPLACEMENTS.subList(0, 1) : REPLACEMENTS;
        if (spec.hasNonNull("podReplacementPolicy") && !allowed.contains(replacement)) {
            errors.notSupported(path + ".podReplacementPolicy", replacement, allowed);
        }
    }

    private static void restartPolicy(
            JsonNode spec, String policy, String path, FieldErrors errors) {
        String field = path + ".template.spec.restartPolicy";
        switch (policy) {
            case "", "Always" -> errors.required(field, "valid values: \"OnFailure\", \"Never\"");
            case "Never" -> {}
            case "OnFailure" -> {
                if (spec.hasNonNull("podFailurePolicy")) {
                    errors.invalid(
                            field,
                            policy,
                            "only \"Never\" is supported when podFailurePolicy is specified");
                }
            }
            default -> errors.notSupported(field, policy, List.of("OnFailure", "Never"));
        }
    }
}
