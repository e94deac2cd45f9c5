package io.jarnetes.apiserver.server;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Answers as text that is the same whenever the same is asked: without times, UIDs, versions. */
final class ServedText {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final Pattern UID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final List<Map.Entry<Pattern, String>> RULES =
            List.of(
                    rule("eyJ[\\w-]+\\.[\\w-]+\\.[\\w-]+", "<jwt>"),
                    rule("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z", "<time>"),
                    rule("(\"resourceVersion\\\\*\":\\\\*\")\\d+", "$1<rv>"),
                    rule("(resourceVersion: \")\\d+", "$1<rv>"),
                    // A volume of a fork's.
                    rule(",\\{\"configMap\":\\{\"name\":\"openshift[^}]*\\}\\]\\}\\}", ""),
                    // Where a fork's sources lie is no matter of the API's.
                    rule("deps/github.com/\\w+/kubernetes/", ""),
                    rule("(192\\.0\\.2\\.10:)\\d+", "$1<port>"),
                    rule("(\"continue\":\")[\\w=%-]{20,}", "$1<continue>"),
                    rule(
                            "(\"name\":\"[\\w-]+[-_])[bcdfghjklmnpqrstvwxz2456789]{5}\"",
                            "$1<rand>\""),
                    rule("(record \\()\\d+\\)", "$1<rv>)"),
                    rule("(Gen_)\\w{5}\\b", "$1<rand>"),
                    rule("(kube-api-access-)\\w{5}", "$1<rand>"));

    private final Map<String, String> uids = new HashMap<>();

    private static Map.Entry<Pattern, String> rule(String pattern, String replacement) {
        return Map.entry(Pattern.compile(pattern), replacement);
    }

    private String plain(String text) {
        String plain = text;
        for (Map.Entry<Pattern, String> rule : RULES) {
            plain = rule.getKey().matcher(plain).replaceAll(rule.getValue());
        }
        return UID.matcher(plain)
                .replaceAll(uid ->
                        uids.computeIfAbsent(uid.group(), it -> "<uid-" + (uids.size() + 1) + ">"));
    }

    /** All of an answer, or what {@code show} names. */
    List<String> show(ServedClient.Reply reply, List<String> show) {
        List<String> lines = new ArrayList<>();
        boolean json = reply.body().startsWith("{") && reply.type().contains("json");
        for (String each : show) {
            if (each.startsWith("@")) {
                String header = reply.headers().getOrDefault(each.substring(1), "(none)");
                lines.add(each + " " + plain(header));
            } else if (json && each.startsWith("/")) {
                lines.add(each + " " + plain(MAPPER.readTree(reply.body()).at(each).toString()));
            }
        }
        if (show.isEmpty() && json) {
            fields(MAPPER.readTree(reply.body()), lines);
        } else if (!json && !show.contains("nothing")) {
            plain(reply.body()).lines().map(String::stripTrailing).forEach(lines::add);
        }
        return lines;
    }

    private void fields(JsonNode answer, List<String> lines) {
        boolean status = answer.path("kind").asString("").equals("Status");
        for (Map.Entry<String, JsonNode> field : answer.properties()) {
            boolean usual = List.of("kind", "apiVersion", "metadata").contains(field.getKey());
            if (!(status && usual)) {
                lines.add(field.getKey() + ": " + plain(bare(field.getValue()).toString()));
            }
        }
    }

    /** Who set which field is another test's matter. */
    private static JsonNode bare(JsonNode node) {
        if (node instanceof ObjectNode object) {
            ObjectNode copy = MAPPER.createObjectNode();
            object.properties()
                    .forEach(field -> {
                        if (!field.getKey().equals("managedFields")) {
                            copy.set(field.getKey(), bare(field.getValue()));
                        }
                    });
            return copy;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode copy = MAPPER.createArrayNode();
            array.forEach(each -> copy.add(bare(each)));
            return copy;
        }
        return node;
    }

    /** One event of a watch: its type, and the object. */
    String event(JsonNode event) {
        return event.path("type").asString("?")
                + " "
                + plain(bare(event.path("object")).toString());
    }
}
