package io.jarnetes.apiserver.server.registry.selectors;

import java.util.List;
import java.util.Map;

/** All requirements hold. */
public record LabelSelector(List<LabelRequirement> requirements) {

    public static final LabelSelector EVERYTHING = new LabelSelector(List.of());

    public LabelSelector {
        requirements = List.copyOf(requirements);
    }

    /**
     * @throws SelectorException with upstream's words
     */
    public static LabelSelector parse(String text) throws SelectorException {
        return text.isBlank() ? EVERYTHING : new LabelSelectorParser(text).parse();
    }

    public boolean isEverything() {
        return requirements.isEmpty();
    }

    public boolean matches(Map<String, String> labels) {
        for (LabelRequirement each : requirements) {
            if (!each.matches(labels)) {
                return false;
            }
        }
        return true;
    }
}
