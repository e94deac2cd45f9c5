package io.jarnetes.kubeclient;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** A label selector (metav1.LabelSelector, or a plain map of labels). */
public record Selector(List<Requirement> requirements, boolean nothing) {

    /** In, NotIn, Exists, DoesNotExist, and Gt and Lt of node selectors. */
    public record Requirement(String key, String operator, List<String> values) {

        public boolean matches(Map<String, String> labels) {
            String value = labels.get(key);
            return switch (operator) {
                case "In" -> value != null && values.contains(value);
                case "NotIn" -> value == null || !values.contains(value);
                case "Exists" -> value != null;
                case "DoesNotExist" -> value == null;
                case "Gt" -> compare(value) > 0;
                case "Lt" -> compare(value) < 0;
                default -> false;
            };
        }

        /** 0 where one of the two is no whole number, so that neither Gt nor Lt holds. */
        private int compare(@org.jspecify.annotations.Nullable String value) {
            if (value == null || values.size() != 1) {
                return 0;
            }
            try {
                return Long.compare(Long.parseLong(value), Long.parseLong(values.getFirst()));
            } catch (NumberFormatException e) {
                return 0;
            }
        }
    }

    public Selector {
        requirements = List.copyOf(requirements);
    }

    /** Matches no object: what a missing selector means. */
    public static Selector none() {
        return new Selector(List.of(), true);
    }

    /** A LabelSelector: a missing one matches nothing, an empty one everything. */
    public static Selector of(JsonNode selector) {
        if (!selector.isObject()) {
            return none();
        }
        List<Requirement> all = new ArrayList<>();
        labels(selector.path("matchLabels"), all);
        for (JsonNode expression : selector.path("matchExpressions")) {
            all.add(requirement(expression));
        }
        return new Selector(all, false);
    }

    /**
     * A map of labels, as Services and ReplicationControllers have it; an empty one matches all.
     */
    public static Selector ofLabels(JsonNode labels) {
        List<Requirement> all = new ArrayList<>();
        labels(labels, all);
        return new Selector(all, false);
    }

    /** One {@code {key, operator, values}}. */
    public static Requirement requirement(JsonNode expression) {
        return new Requirement(
                Json.text(expression, "key"),
                Json.text(expression, "operator"),
                Json.list(expression, "values"));
    }

    private static void labels(JsonNode labels, List<Requirement> to) {
        Json.strings(labels)
                .forEach((key, value) -> to.add(new Requirement(key, "In", List.of(value))));
    }

    public boolean isEmpty() {
        return !nothing && requirements.isEmpty();
    }

    public boolean matches(Map<String, String> labels) {
        if (nothing) {
            return false;
        }
        for (Requirement requirement : requirements) {
            if (!requirement.matches(labels)) {
                return false;
            }
        }
        return true;
    }

    public boolean matches(KubeObject object) {
        return matches(object.labels());
    }

    /** A LabelSelector as Go prints it into messages. */
    public static String goText(JsonNode selector) {
        StringBuilder text = new StringBuilder("&LabelSelector{MatchLabels:map[string]string{");
        new TreeMap<>(Json.strings(selector.path("matchLabels")))
                .forEach((key, value) -> text.append(key).append(": ").append(value).append(','));
        text.append("},MatchExpressions:[]LabelSelectorRequirement{");
        for (JsonNode each : selector.path("matchExpressions")) {
            Requirement requirement = requirement(each);
            text.append("LabelSelectorRequirement{Key:")
                    .append(requirement.key())
                    .append(",Operator:")
                    .append(requirement.operator())
                    .append(",Values:[")
                    .append(String.join(" ", requirement.values()))
                    .append("],},");
        }
        return text.append("},}").toString();
    }
}
