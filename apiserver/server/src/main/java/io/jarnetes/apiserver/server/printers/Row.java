package io.jarnetes.apiserver.server.printers;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The cells of one object while they are collected. */
final class Row {
    static final String NONE = "<none>";
    static final String UNSET = "<unset>";

    private final JsonNode object;
    private final Instant now;
    private final ArrayNode cells = JsonNodeFactory.instance.arrayNode();
    private final ArrayNode conditions = JsonNodeFactory.instance.arrayNode();

    Row(ObjectNode object, Instant now) {
        this.object = object;
        this.now = now;
    }

    ArrayNode cells() {
        return cells;
    }

    ArrayNode conditions() {
        return conditions;
    }

    void condition(String reason, String message) {
        conditions
                .addObject()
                .put("type", "Completed")
                .put("status", "True")
                .put("reason", reason)
                .put("message", message);
    }

    /** The node at a JSON pointer; a missing node if there is none. */
    JsonNode at(String pointer) {
        return object.at(pointer);
    }

    /** The text at a JSON pointer; empty if there is none. */
    String str(String pointer) {
        return at(pointer).asString("");
    }

    String str(String pointer, String otherwise) {
        String text = str(pointer);
        return text.isEmpty() ? otherwise : text;
    }

    /** The whole number at a JSON pointer; 0 if there is none. */
    long num(String pointer) {
        return at(pointer).asLong(0);
    }

    Row name() {
        return text(str("/metadata/name"));
    }

    Row text(String value) {
        cells.add(value);
        return this;
    }

    Row number(long value) {
        cells.add(value);
        return this;
    }

    Row flag(boolean value) {
        cells.add(value);
        return this;
    }

    Row cell(JsonNode value) {
        cells.add(value);
        return this;
    }

    Row age() {
        return text(since(str("/metadata/creationTimestamp")));
    }

    String since(String timestamp) {
        return HumanDuration.since(timestamp, now);
    }

    boolean deleted() {
        return at("/metadata").has("deletionTimestamp");
    }

    /** Names and images of a pod template's containers, in two cells. */
    Row containers(String template) {
        List<JsonNode> containers = items(template + "/spec/containers");
        text(containers.stream().map(c -> c.path("name").asString("")).collect(joined()));
        return text(containers.stream().map(c -> c.path("image").asString("")).collect(joined()));
    }

    private static Collector<CharSequence, ?, String> joined() {
        return Collectors.joining(",");
    }

    List<JsonNode> items(String pointer) {
        return at(pointer).valueStream().toList();
    }

    /** A condition's status by its type; empty if there is none. */
    String conditionStatus(String type) {
        return items("/status/conditions").stream()
                .filter(c -> c.path("type").asString("").equals(type))
                .map(c -> c.path("status").asString(""))
                .findFirst()
                .orElse("");
    }

    boolean isTrue(String conditionType) {
        return conditionStatus(conditionType).equals("True");
    }

    /** The strings of a list, joined. */
    String strings(String pointer, String separator) {
        return items(pointer).stream()
                .map(n -> n.asString(""))
                .collect(Collectors.joining(separator));
    }

    /** At most {@code max} of a list, then how many more. */
    static String some(List<String> all, int max, String separator, String none) {
        if (all.isEmpty()) {
            return none;
        }
        List<String> shown = new ArrayList<>(all.subList(0, Math.min(max, all.size())));
        String text = String.join(separator, shown);
        return all.size() > max ? text + " + " + (all.size() - max) + " more..." : text;
    }

    static String firstNonEmpty(String... texts) {
        return Arrays.stream(texts).filter(t -> !t.isEmpty()).findFirst().orElse("");
    }
}
