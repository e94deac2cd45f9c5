package io.jarnetes.apiserver.server.patch;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Trees as Go's {@code %v} prints them: {@code map[a:1 b:[x y]]}. */
final class GoText {
    private GoText() {}

    static String of(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> {
                Map<String, String> sorted = new TreeMap<>();
                node.properties().forEach(e -> sorted.put(e.getKey(), of(e.getValue())));
                yield sorted.entrySet().stream()
                        .map(e -> e.getKey() + ":" + e.getValue())
                        .collect(Collectors.joining(" ", "map[", "]"));
            }
            case ARRAY ->
                    node.valueStream().map(GoText::of).collect(Collectors.joining(" ", "[", "]"));
            case STRING -> node.stringValue();
            case NULL -> "<nil>";
            default -> node.toString();
        };
    }
}
