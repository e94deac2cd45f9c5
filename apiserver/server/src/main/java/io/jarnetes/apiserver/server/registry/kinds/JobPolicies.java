package io.jarnetes.apiserver.server.registry.kinds;

import io.jarnetes.apiserver.server.registry.FieldError;
import io.jarnetes.apiserver.server.registry.FieldErrors;
import io.jarnetes.apiserver.server.registry.Quote;
import io.jarnetes.apiserver.server.registry.validation.NameRules;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** When a Job fails for what its pods did, and when some of its indexes are enough. */
final class JobPolicies {

    private static final List<String> ACTIONS = List.of("Count", "FailIndex", "FailJob", "Ignore");
    private static final List<String> OPERATORS = List.of("In", "NotIn");
    private static final List<String> STATUSES = List.of("False", "True", "Unknown");

    private static final int MAX_RULES = 20;
    private static final int MAX_CONDITIONS = 20;
    private static final int MAX_EXIT_CODES = 255;
    private static final int MAX_INDEXES_BYTES = 64 * 1024;

    private JobPolicies() {}

    static void failure(JsonNode spec, String path, FieldErrors errors) {
        JsonNode rules = spec.path("podFailurePolicy").path("rules");
        atMost(rules, MAX_RULES, path + ".rules", errors);
        JsonNode pod = spec.path("template").path("spec");
        Set<String> containers = new HashSet<>();
        for (String field : List.of("containers", "initContainers")) {
            pod.path(field).forEach(each -> containers.add(each.path("name").asString("")));
        }
        for (int i = 0; i < rules.size(); i++) {
            String rule = path + ".rules[" + i + "]";
            action(spec, rules.get(i).path("action").asString(""), rule + ".action", errors);
            failureRule(rules.get(i), rule, containers, errors);
        }
    }

    private static void action(JsonNode spec, String action, String path, FieldErrors errors) {
        if (action.equals("FailIndex")) {
            if (!spec.hasNonNull("backoffLimitPerIndex")) {
                errors.invalid(path, action, "requires the backoffLimitPerIndex to be set");
            }
        } else {
            oneOf(ACTIONS, action, path, errors);
        }
    }

    private static void failureRule(
            JsonNode rule, String path, Set<String> containers, FieldErrors errors) {
        boolean byCode = rule.hasNonNull("onExitCodes");
        boolean byCondition = !rule.path("onPodConditions").isEmpty();
        if (byCode) {
            exitCodes(rule.path("onExitCodes"), path + ".onExitCodes", containers, errors);
        }
        if (byCondition) {
            conditions(rule.path("onPodConditions"), path + ".onPodConditions", errors);
        }
        if (byCode == byCondition) {
            String complaint = byCode ? "specifying both" : "specifying one of";
            String rest = byCode ? " is not supported" : " is required";
            errors.add(
                    new FieldError(
                            FieldError.Type.INVALID,
                            path,
                            null,
                            complaint + " OnExitCodes and OnPodConditions" + rest));
        }
    }

    private static void exitCodes(
            JsonNode codes, String path, Set<String> containers, FieldErrors errors) {
        String operator = codes.path("operator").asString("");
        oneOf(OPERATORS, operator, path + ".operator", errors);
        if (codes.hasNonNull("containerName")
                && !containers.contains(codes.path("containerName").asString(""))) {
            errors.invalid(
                    path + ".containerName",
                    codes.path("containerName"),
                    "must be one of the container or initContainer names in the pod template");
        }
        JsonNode values = codes.path("values");
        String field = path + ".values";
        if (values.isEmpty()) {
            errors.invalid(
                    field, values.isArray() ? values : null, "at least one value is required");
        }
        atMost(values, MAX_EXIT_CODES, field, errors);
        Set<Integer> seen = new HashSet<>();
        boolean ordered = true;
        for (int i = 0; i < values.size(); i++) {
            int value = values.get(i).asInt(0);
            if (operator.equals("In") && value == 0) {
                errors.invalid(field + "[" + i + "]", value, "must not be 0 for the In operator");
            }
            if (!seen.add(value)) {
                errors.duplicate(field + "[" + i + "]", value);
            }
            ordered &= i == 0 || values.get(i - 1).asInt(0) <= value;
        }
        if (!ordered) {
            errors.invalid(field, values, "must be ordered");
        }
    }

    private static void conditions(JsonNode conditions, String path, FieldErrors errors) {
        atMost(conditions, MAX_CONDITIONS, path, errors);
        for (int i = 0; i < conditions.size(); i++) {
            String field = path + "[" + i + "]";
            String type = conditions.get(i).path("type").asString("");
            errors.invalid(field + ".type", type, NameRules.qualifiedName(type));
            String status = conditions.get(i).path("status").asString("");
            oneOf(STATUSES, status, field + ".status", errors);
        }
    }

    private static void oneOf(List<String> allowed, String value, String path, FieldErrors errors) {
        if (value.isEmpty()) {
            // Upstream prints the list as Go does: quoted, without commas.
            errors.required(
                    path,
                    allowed.stream()
                            .map(Quote::go)
                            .collect(Collectors.joining(" ", "valid values: [", "]")));
        } else if (!allowed.contains(value)) {
            errors.notSupported(path, value, allowed);
        }
    }

    private static void atMost(JsonNode list, int max, String path, FieldErrors errors) {
        if (list.size() > max) {
            errors.add(FieldError.tooMany(path, list.size(), max));
        }
    }

    /** Of an indexed Job; one without completions is refused elsewhere. */
    static void success(JsonNode spec, String path, FieldErrors errors) {
        JsonNode rules = spec.path("successPolicy").path("rules");
        if (rules.isEmpty()) {
            errors.required(
                    path + ".rules",
                    "at least one rules must be specified when the successPolicy is specified");
        }
        atMost(rules, MAX_RULES, path + ".rules", errors);
        for (int i = 0; i < rules.size(); i++) {
            successRule(
                    rules.get(i),
                    spec.path("completions").asLong(0),
                    path + ".rules[" + i + "]",
                    errors);
        }
    }

    private static void successRule(
            JsonNode rule, long completions, String path, FieldErrors errors) {
        JsonNode count = rule.path("succeededCount");
        boolean counted = rule.hasNonNull("succeededCount");
        boolean listed = rule.hasNonNull("succeededIndexes");
        if (!counted && !listed) {
            errors.required(
                    path, "at least one of succeededCount or succeededIndexes must be specified");
        }
        long total = listed ? indexes(rule, completions, path + ".succeededIndexes", errors) : 0;
        if (!counted) {
            return;
        }
        WorkloadStrategy.nonNegative(rule, path, "succeededCount", errors);
        String most = "must be less than or equal to ";
        if (count.asLong(0) > completions) {
            errors.invalid(
                    path + ".succeededCount",
                    count,
                    most + completions + " (the number of specified completions)");
        }
        if (listed && count.asLong(0) > total) {
            errors.invalid(
                    path + ".succeededCount",
                    count,
                    most
                            + total
                            + " (the number of indexes in the specified succeededIndexes field)");
        }
    }

    private static long indexes(JsonNode rule, long completions, String path, FieldErrors errors) {
        String text = rule.path("succeededIndexes").asString("");
        if (text.length() > MAX_INDEXES_BYTES) {
            errors.add(FieldError.tooLong(path, MAX_INDEXES_BYTES));
        }
        IndexList list = IndexList.parse(text, completions);
        if (list.complaint() != null) {
            errors.invalid(path, text, "error parsing succeededIndexes: " + list.complaint());
        }
        return list.total();
    }
}
