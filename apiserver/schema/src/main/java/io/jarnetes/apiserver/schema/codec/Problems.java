package io.jarnetes.apiserver.schema.codec;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Where a conversion stands, and the unknown fields it met. */
final class Problems {
    /** Upstream stops counting there. */
    private static final int LIMIT = 100;

    private final List<String> path = new ArrayList<>();
    private final Set<String> unknown = new LinkedHashSet<>();

    void enter(String step) {
        path.add(step);
    }

    /** A key of a map, which Go's type errors leave out. */
    void enterKey(String key) {
        path.add("." + key);
    }

    void leave() {
        path.removeLast();
    }

    void unknown(String field) {
        if (unknown.size() < LIMIT) {
            enter(field);
            unknown.add("unknown field \"" + strictPath() + "\"");
            leave();
        }
    }

    List<String> strictErrors() {
        return List.copyOf(unknown);
    }

    /** {@code spec.containers[0].name}. */
    private String strictPath() {
        StringBuilder text = new StringBuilder();
        for (String step : path) {
            text.append(isField(step) && !text.isEmpty() ? "." : "").append(step);
        }
        return text.toString();
    }

    /** {@code spec.containers.name}, as Go's type errors say it. */
    String fieldPath() {
        return String.join(".", path.stream().filter(Problems::isField).toList());
    }

    private static boolean isField(String step) {
        return !step.startsWith("[") && !step.startsWith(".");
    }
}
