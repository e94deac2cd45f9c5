package io.jarnetes.apiserver.server.registry.selectors;

import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One term of a label selector.
 *
 * @param values one for the binary operators, none for EXISTS and DOES_NOT_EXIST
 */
public record LabelRequirement(String key, Operator operator, Set<String> values) {

    /** As in the grammar; {@code =} and {@code ==} are the same. */
    public enum Operator {
        IN,
        NOT_IN,
        EQUALS,
        NOT_EQUALS,
        EXISTS,
        DOES_NOT_EXIST,
        GREATER_THAN,
        LESS_THAN
    }

    private static final Pattern INTEGER = Pattern.compile("[-+]?[0-9]{1,18}");

    public LabelRequirement {
        values = Set.copyOf(values);
    }

    boolean matches(Map<String, String> labels) {
        String value = labels.get(key);
        return switch (operator) {
            case IN, EQUALS -> value != null && values.contains(value);
            case NOT_IN, NOT_EQUALS -> value == null || !values.contains(value);
            case EXISTS -> value != null;
            case DOES_NOT_EXIST -> value == null;
            case GREATER_THAN -> value != null && compare(value) > 0;
            case LESS_THAN -> value != null && compare(value) < 0;
        };
    }

    /** 0, which neither operator wants, for what is no number. */
    private int compare(String value) {
        String bound = values.iterator().next();
        return INTEGER.matcher(value).matches() && INTEGER.matcher(bound).matches()
                ? Long.compare(Long.parseLong(value), Long.parseLong(bound))
                : 0;
    }
}
