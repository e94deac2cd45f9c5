package io.jarnetes.apiserver.server.registry.pods;

import io.jarnetes.apiserver.server.registry.FieldErrors;
import io.jarnetes.apiserver.server.registry.Meta;
import io.jarnetes.apiserver.server.registry.validation.NameRules;
import io.jarnetes.apiserver.server.registry.validation.SelectorRules;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Affinity, tolerations, topology spread, gates: where a pod may run. */
final class SchedulingRules {

    private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
    private static final String PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";
    private static final List<String> EFFECTS =
            List.of("NoSchedule", "PreferNoSchedule", "NoExecute");
    private static final List<String> WHEN_UNSATISFIABLE =
            List.of("DoNotSchedule", "ScheduleAnyway");
    private static final List<String> INCLUSION = List.of("Honor", "Ignore");

    private SchedulingRules() {}

    static void affinity(JsonNode affinity, String at, FieldErrors errors) {
        JsonNode node = affinity.path("nodeAffinity");
        if (Checks.set(node, REQUIRED)) {
            nodeSelector(node.path(REQUIRED), at + ".nodeAffinity." + REQUIRED, errors);
        }
        int i = 0;
        for (JsonNode term : node.path(PREFERRED)) {
            String place = at + ".nodeAffinity." + PREFERRED + "[" + i++ + "]";
            weight(term, place, errors);
            nodeTerm(term.path("preference"), place + ".preference", false, errors);
        }
        for (String kind : List.of("podAffinity", "podAntiAffinity")) {
            pods(affinity.path(kind), at + "." + kind, errors);
        }
    }

    private static void weight(JsonNode term, String at, FieldErrors errors) {
        long weight = term.path("weight").asLong(0);
        if (weight <= 0 || weight > 100) {
            errors.invalid(at + ".weight", weight, "must be in the range 1-100");
        }
    }

    static void nodeSelector(JsonNode selector, String at, FieldErrors errors) {
        String path = at + ".nodeSelectorTerms";
        JsonNode terms = selector.path("nodeSelectorTerms");
        if (terms.isEmpty()) {
            errors.required(path, "must have at least one node selector term");
        }
        for (int i = 0; i < terms.size(); i++) {
            nodeTerm(terms.path(i), path + "[" + i + "]", true, errors);
        }
    }

    /**
     * @param labelValues whether values must be label values
     */
    private static void nodeTerm(
            JsonNode term, String at, boolean labelValues, FieldErrors errors) {
        JsonNode expressions = term.path("matchExpressions");
        for (int i = 0; i < expressions.size(); i++) {
            nodeRequirement(
                    expressions.path(i), at + ".matchExpressions[" + i + "]", labelValues, errors);
        }
        JsonNode fields = term.path("matchFields");
        for (int i = 0; i < fields.size(); i++) {
            nodeField(fields.path(i), at + ".matchFields[" + i + "]", errors);
        }
    }

    private static void nodeRequirement(
            JsonNode requirement, String at, boolean labelValues, FieldErrors errors) {
        JsonNode values = requirement.path("values");
        String operator = Checks.text(requirement, "operator");
        switch (operator) {
            case "In", "NotIn" -> {
                if (values.isEmpty()) {
                    errors.required(
                            at + ".values", "must be specified when `operator` is 'In' or 'NotIn'");
                }
            }
            case "Exists", "DoesNotExist" -> {
                if (!values.isEmpty()) {
                    errors.forbidden(
                            at + ".values",
                            "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                }
            }
            case "Gt", "Lt" -> {
                if (values.size() != 1) {
                    errors.required(
                            at + ".values",
                            "must be specified single value when `operator` is 'Lt' or 'Gt'");
                }
            }
            default -> errors.invalid(at + ".operator", operator, "not a valid selector operator");
        }
        String key = Checks.text(requirement, "key");
        errors.invalid(at + ".key", key, NameRules.qualifiedName(key));
        for (int i = 0; labelValues && i < values.size(); i++) {
            String value = values.path(i).asString("");
            errors.invalid(at + ".values[" + i + "]", value, NameRules.labelValue(value));
        }
    }

    private static void nodeField(JsonNode requirement, String at, FieldErrors errors) {
        String operator = Checks.text(requirement, "operator");
        JsonNode values = requirement.path("values");
        if (!operator.equals("In") && !operator.equals("NotIn")) {
            errors.invalid(at + ".operator", operator, "not a valid selector operator");
        } else if (values.size() != 1) {
            errors.required(
                    at + ".values",
                    "must be only one value when `operator` is 'In' or 'NotIn' for node field"
                            + " selector");
        }
        String key = Checks.text(requirement, "key");
        if (!key.equals("metadata.name")) {
            errors.invalid(at + ".key", key, "not a valid field selector key");
            return;
        }
        for (int i = 0; i < values.size(); i++) {
            String value = values.path(i).asString("");
            errors.invalid(at + ".values[" + i + "]", value, NameRules.dns1123Subdomain(value));
        }
    }

    private static void pods(JsonNode affinity, String at, FieldErrors errors) {
        JsonNode required = affinity.path(REQUIRED);
        for (int i = 0; i < required.size(); i++) {
            podTerm(required.path(i), at + "." + REQUIRED + "[" + i + "]", errors);
        }
        JsonNode preferred = affinity.path(PREFERRED);
        for (int i = 0; i < preferred.size(); i++) {
            String place = at + "." + PREFERRED + "[" + i + "]";
            weight(preferred.path(i), place, errors);
            podTerm(preferred.path(i).path("podAffinityTerm"), place + ".podAffinityTerm", errors);
        }
    }

    private static void podTerm(JsonNode term, String at, FieldErrors errors) {
        SelectorRules.validate(term.path("labelSelector"), at + ".labelSelector", errors);
        SelectorRules.validate(term.path("namespaceSelector"), at + ".namespaceSelector", errors);
        for (JsonNode namespace : term.path("namespaces")) {
            String name = namespace.asString("");
            errors.invalid(at + ".namespace", name, NameRules.dns1123Label(name));
        }
        labelKeys(term, at, errors);
        String key = Checks.text(term, "topologyKey");
        if (key.isEmpty()) {
            errors.required(at + ".topologyKey", "can not be empty");
        }
        errors.invalid(at + ".topologyKey", key, NameRules.qualifiedName(key));
    }

    private static void labelKeys(JsonNode term, String at, FieldErrors errors) {
        List<String> mismatched = Meta.strings(term.path("mismatchLabelKeys"));
        for (String list : List.of("matchLabelKeys", "mismatchLabelKeys")) {
            JsonNode keys = term.path(list);
            if (!keys.isEmpty() && !Checks.set(term, "labelSelector")) {
                errors.forbidden(
                        at + "." + list, "must not be specified when labelSelector is not set");
            }
            for (int i = 0; i < keys.size(); i++) {
                String key = keys.path(i).asString("");
                errors.invalid(at + "." + list + "[" + i + "]", key, NameRules.qualifiedName(key));
            }
        }
        List<String> matched = Meta.strings(term.path("matchLabelKeys"));
        for (int i = 0; i < matched.size(); i++) {
            if (mismatched.contains(matched.get(i))) {
                errors.invalid(
                        at + ".matchLabelKeys[" + i + "]",
                        matched.get(i),
                        "exists in both matchLabelKeys and mismatchLabelKeys");
            }
        }
    }

    static void tolerations(JsonNode list, String path, FieldErrors errors) {
        for (int i = 0; i < list.size(); i++) {
            toleration(list.path(i), path + "[" + i + "]", errors);
        }
    }

    private static void toleration(JsonNode toleration, String at, FieldErrors errors) {
        String key = Checks.text(toleration, "key");
        String operator = Checks.text(toleration, "operator");
        String value = Checks.text(toleration, "value");
        String effect = Checks.text(toleration, "effect");
        if (!key.isEmpty()) {
            errors.invalid(at + ".key", key, NameRules.qualifiedName(key));
        } else if (!operator.equals("Exists")) {
            errors.invalid(
                    at + ".operator",
                    operator,
                    "operator must be Exists when `key` is empty, which means \"match all values"
                            + " and all keys\"");
        }
        if (Checks.set(toleration, "tolerationSeconds") && !effect.equals("NoExecute")) {
            errors.invalid(
                    at + ".effect",
                    effect,
                    "effect must be 'NoExecute' when `tolerationSeconds` is set");
        }
        switch (operator) {
            case "", "Equal" -> {
                List<String> complaints = NameRules.labelValue(value);
                if (!complaints.isEmpty()) {
                    errors.invalid(at + ".operator", value, String.join(";", complaints));
                }
            }
            case "Exists" -> {
                if (!value.isEmpty()) {
                    errors.invalid(
                            at + ".operator",
                            value,
                            "value must be empty when `operator` is 'Exists'");
                }
            }
            // The feature gate of the comparisons is off by default.
            case "Lt", "Gt" ->
                    errors.notSupported(
                            at + ".operator", operator, List.of("Equal", "Exists", "Lt", "Gt"));
            default -> errors.notSupported(at + ".operator", operator, List.of("Equal", "Exists"));
        }
        if (!effect.isEmpty() && !EFFECTS.contains(effect)) {
            errors.notSupported(at + ".effect", effect, EFFECTS);
        }
    }

    static void topology(JsonNode list, String path, FieldErrors errors) {
        for (int i = 0; i < list.size(); i++) {
            JsonNode each = list.path(i);
            String at = path + "[" + i + "]";
            positive(each.path("maxSkew"), at + ".maxSkew", errors);
            String key = Checks.text(each, "topologyKey");
            String when = Checks.text(each, "whenUnsatisfiable");
            if (key.isEmpty()) {
                errors.required(at + ".topologyKey", "can not be empty");
            }
            if (!WHEN_UNSATISFIABLE.contains(when)) {
                errors.notSupported(at + ".whenUnsatisfiable", when, WHEN_UNSATISFIABLE);
            }
            for (int j = i + 1; j < list.size(); j++) {
                if (key.equals(Checks.text(list.path(j), "topologyKey"))
                        && when.equals(Checks.text(list.path(j), "whenUnsatisfiable"))) {
                    errors.duplicate(
                            at + ".{topologyKey, whenUnsatisfiable}",
                            "{" + key + ", " + when + "}");
                    break;
                }
            }
            minDomains(each, when, at + ".minDomains", errors);
            Checks.supported(each, at, "nodeAffinityPolicy", INCLUSION, errors);
            Checks.supported(each, at, "nodeTaintsPolicy", INCLUSION, errors);
            labelKeys(each, at, errors);
            SelectorRules.validate(each.path("labelSelector"), at + ".labelSelector", errors);
        }
    }

    private static void minDomains(
            JsonNode constraint, String when, String at, FieldErrors errors) {
        JsonNode domains = constraint.path("minDomains");
        if (!domains.isNumber()) {
            return;
        }
        positive(domains, at, errors);
        if (!when.equals("DoNotSchedule")) {
            errors.invalid(
                    at,
                    domains,
                    "can only use minDomains if whenUnsatisfiable=DoNotSchedule, not " + when);
        }
    }

    private static void positive(JsonNode value, String at, FieldErrors errors) {
        if (value.asLong(0) <= 0) {
            errors.invalid(at, value.asLong(0), "must be greater than zero");
        }
    }

    static void gates(JsonNode list, String path, FieldErrors errors) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < list.size(); i++) {
            String at = path + "[" + i + "]";
            String name = Checks.text(list.path(i), "name");
            errors.invalid(at, name, NameRules.qualifiedName(name));
            if (!seen.add(name)) {
                errors.duplicate(at, name);
            }
        }
    }
}
