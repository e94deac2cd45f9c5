package io.jarnetes.apiserver.server.printers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Labels and label selectors as text. */
final class Labels {
    private Labels() {}

    /** {@code a=b,c=d}, sorted; {@code <none>} for none. */
    static String of(JsonNode labels) {
        Map<String, String> sorted = new TreeMap<>();
        labels.properties().forEach(e -> sorted.put(e.getKey(), e.getValue().asString("")));
        String text =
                sorted.entrySet().stream()
                        .map(e -> e.getKey() + "=" + e.getValue())
                        .collect(Collectors.joining(","));
        return text.isEmpty() ? Row.NONE : text;
    }

    /** A LabelSelector's requirements by key; empty if it selects everything or nothing. */
    static String selector(JsonNode selector) {
        List<Map.Entry<String, String>> requirements = new ArrayList<>();
        for (Map.Entry<String, JsonNode> label : selector.path("matchLabels").properties()) {
            String text = label.getKey() + "=" + label.getValue().asString("");
            requirements.add(Map.entry(label.getKey(), text));
        }
        for (JsonNode expression : selector.path("matchExpressions")) {
            requirements.add(
                    Map.entry(expression.path("key").asString(""), requirement(expression)));
        }
        requirements.sort(Map.Entry.comparingByKey());
        return requirements.stream().map(Map.Entry::getValue).collect(Collectors.joining(","));
    }

    static String selectorOrNone(JsonNode selector) {
        String text = selector(selector);
        return text.isEmpty() ? Row.NONE : text;
    }

    private static String requirement(JsonNode expression) {
        String key = expression.path("key").asString("");
        String values =
                expression
                        .path("values")
                        .valueStream()
                        .map(v -> v.asString(""))
                        .sorted()
                        .collect(Collectors.joining(",", "(", ")"));
        return switch (expression.path("operator").asString("")) {
            case "In" -> key + " in " + values;
            case "NotIn" -> key + " notin " + values;
            case "DoesNotExist" -> "!" + key;
            default -> key;
        };
    }
}
