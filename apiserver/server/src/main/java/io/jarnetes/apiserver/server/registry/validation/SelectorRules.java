package io.jarnetes.apiserver.server.registry.validation;

import io.jarnetes.apiserver.server.registry.FieldErrors;
import io.jarnetes.apiserver.server.registry.Meta;
import io.jarnetes.apiserver.server.registry.selectors.LabelRequirement;
import io.jarnetes.apiserver.server.registry.selectors.LabelRequirement.Operator;
import io.jarnetes.apiserver.server.registry.selectors.LabelSelector;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The rules of {@code metav1.LabelSelector}. */
public final class SelectorRules {

    private SelectorRules() {}

    public static void validate(JsonNode selector, String path, FieldErrors errors) {
        MetaValidation.labels(
                Meta.stringMap(selector.path("matchLabels")), path + ".matchLabels", errors);
        int i = 0;
        for (JsonNode each : selector.path("matchExpressions")) {
            String at = path + ".matchExpressions[" + i++ + "]";
            JsonNode values = each.path("values");
            switch (each.path("operator").asString("")) {
                case "In", "NotIn" -> {
                    if (values.isEmpty()) {
                        errors.required(
                                at + ".values",
                                "must be specified when `operator` is 'In' or 'NotIn'");
                    }
                }
                case "Exists", "DoesNotExist" -> {
                    if (!values.isEmpty()) {
                        errors.forbidden(
                                at + ".values",
                                "may not be specified when `operator` is 'Exists' or"
                                        + " 'DoesNotExist'");
                    }
                }
                default ->
                        errors.invalid(
                                at + ".operator",
                                each.path("operator").asString(""),
                                "not a valid selector operator");
            }
            String key = each.path("key").asString("");
            errors.invalid(at + ".key", key, NameRules.qualifiedName(key));
            int j = 0;
            for (JsonNode value : values) {
                errors.invalid(
                        at + ".values[" + j++ + "]",
                        value,
                        NameRules.labelValue(value.asString("")));
            }
        }
    }

    /** Whether {@link #validate} has nothing to say. */
    public static boolean isValid(JsonNode selector) {
        FieldErrors errors = new FieldErrors();
        validate(selector, "", errors);
        return errors.isEmpty();
    }

    /** A template's pods must be the workload's own. */
    public static void matchesTemplate(JsonNode selector, JsonNode labels, FieldErrors errors) {
        LabelSelector parsed = parse(selector);
        if (parsed == null) {
            errors.invalid("spec.selector", selector, "invalid label selector");
        } else if (!selector.isObject() || !parsed.matches(Meta.stringMap(labels))) {
            errors.invalid(
                    "spec.template.metadata.labels",
                    labels.isMissingNode() ? null : labels,
                    "`selector` does not match template `labels`");
        }
    }

    /** Selectors have no text in the API; null for one that none is. Empty ones take everything. */
    public static @Nullable LabelSelector parse(JsonNode selector) {
        List<LabelRequirement> requirements = new ArrayList<>();
        for (Map.Entry<String, String> each :
                Meta.stringMap(selector.path("matchLabels")).entrySet()) {
            requirements.add(
                    new LabelRequirement(each.getKey(), Operator.EQUALS, Set.of(each.getValue())));
        }
        for (JsonNode each : selector.path("matchExpressions")) {
            Set<String> values = new HashSet<>(Meta.strings(each.path("values")));
            Operator operator =
                    switch (each.path("operator").asString("")) {
                        case "In" -> Operator.IN;
                        case "NotIn" -> Operator.NOT_IN;
                        case "DoesNotExist" -> Operator.DOES_NOT_EXIST;
                        default -> Operator.EXISTS;
                    };
            boolean set = operator == Operator.IN || operator == Operator.NOT_IN;
            if (set && values.isEmpty()) {
                return null;
            }
            requirements.add(new LabelRequirement(each.path("key").asString(""), operator, values));
        }
        return new LabelSelector(requirements);
    }
}
