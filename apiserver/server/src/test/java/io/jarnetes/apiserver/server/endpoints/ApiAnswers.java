package io.jarnetes.apiserver.server.endpoints;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Answers as an {@link ApiTranscript} has them: {@code < CODE REASON}, warnings ({@code !}), then
 * for a refusal its message or causes, for a list the names, for a Table columns and rows, and for
 * an object what differs: after POST and PUT from what was sent, otherwise from what the object was
 * when it was told of last. {@code =} says that nothing was written.
 */
final class ApiAnswers {

    private static final Pattern TIME =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?Z");
    private static final Pattern UID =
            Pattern.compile(
                    "(?!0{8})[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}");

    /** Messages that name a source have it as it lay where the program was built. */
    private static final String SOURCES = "deps/github.com/openshift/kubernetes/";

    private static final Pattern REVISION =
            Pattern.compile("(resourceVersion\\W+|in record \\()\\d+");
    private static final Pattern OBJECT =
            Pattern.compile(
                    "(/api/v1|/apis/[^/]+/[^/]+)(/namespaces/[^/]+)?/([^/?]+)(?:/([^/?]+))?(?:/([^?]+))?(?:\\?.*)?");

    private final boolean fields;
    private final Map<String, Map<String, String>> known = new HashMap<>();
    private final Map<String, String> versions = new HashMap<>();

    ApiAnswers(boolean fields) {
        this.fields = fields;
    }

    String tell(ApiTranscript.Request request, ApiTranscript.Answer answer) {
        JsonNode body = answer.body();
        List<String> lines = new ArrayList<>();
        String reason = body.path("reason").isString() ? " " + body.path("reason").asString() : "";
        lines.add("< " + answer.code() + (answer.code() < 400 ? "" : reason));
        answer.warnings().forEach(each -> lines.add("! " + each));
        if (body.path("kind").asString("").equals("Status")) {
            lines.addAll(status(body));
        } else if (body.has("rows")) {
            lines.addAll(table(body));
        } else if (body.has("items")) {
            lines.addAll(list(body));
        } else {
            lines.addAll(object(request, body));
        }
        return String.join("\n", lines) + "\n";
    }

    private static List<String> status(JsonNode status) {
        List<String> lines = new ArrayList<>();
        String message = status.path("message").asString("");
        JsonNode causes = status.path("details").path("causes");
        if (!causes.isEmpty()) {
            int end = message.indexOf(" is invalid: ");
            message = end < 0 ? message : message.substring(0, end) + " is invalid:";
        }
        if (!message.isEmpty()) {
            lines.add(message);
        }
        for (JsonNode cause : causes) {
            lines.add(
                    "- "
                            + cause.path("reason").asString("")
                            + " "
                            + cause.path("field").asString("")
                            + ": "
                            + cause.path("message").asString(""));
        }
        return lines.stream().map(line -> volatiles(line).replace("\n", "\n  ")).toList();
    }

    private static List<String> table(JsonNode table) {
        List<String> lines = new ArrayList<>();
        lines.add("| " + joined(table.path("columnDefinitions"), each -> each.path("name")));
        for (JsonNode row : table.path("rows")) {
            lines.add("| " + joined(row.path("cells"), each -> each));
        }
        return lines;
    }

    private static String joined(
            JsonNode nodes, java.util.function.Function<JsonNode, JsonNode> part) {
        return StreamSupport.stream(nodes.spliterator(), false)
                .map(each -> part.apply(each).asString(""))
                // What was made a moment ago is as old as the machine is slow.
                .map(text -> text.matches("\\d{1,2}s") ? "<age>" : volatiles(text))
                .collect(Collectors.joining(" | "));
    }

    private static List<String> list(JsonNode list) {
        List<String> lines = new ArrayList<>();
        for (JsonNode item : list.path("items")) {
            lines.add("* " + item.path("metadata").path("name").asString(""));
        }
        JsonNode more = list.path("metadata").path("remainingItemCount");
        if (!more.isMissingNode()) {
            lines.add("remainingItemCount: " + more);
        }
        return lines;
    }

    private List<String> object(ApiTranscript.Request request, JsonNode body) {
        String key = key(request.path(), body);
        Map<String, String> before = known.getOrDefault(key, Map.of());
        boolean sent = request.method().equals("POST") || request.method().equals("PUT");
        if (sent) {
            before = filled(request.tree(), body);
        }
        Map<String, String> after = leaves(body);
        List<String> lines = new ArrayList<>();
        before.forEach((path, value) -> {
            if (!after.containsKey(path)) {
                lines.add("- " + path + ": " + value);
            }
        });
        Map<String, String> from = before;
        after.forEach((path, value) -> {
            if (!value.equals(from.get(path))) {
                lines.add((from.containsKey(path) ? "~ " : "+ ") + path + ": " + value);
            }
        });
        String version = body.path("metadata").path("resourceVersion").asString("");
        if (version.equals(versions.put(key, version)) && !request.method().equals("GET")) {
            lines.add("=");
        }
        known.put(key, after);
        return lines;
    }

    /** What was sent, with what every object is given. */
    private Map<String, String> filled(JsonNode sent, JsonNode answered) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        ObjectNode metadata = JsonNodeFactory.instance.objectNode();
        for (String name : List.of("namespace", "uid", "creationTimestamp")) {
            JsonNode value = answered.path("metadata").path(name);
            if (!value.isMissingNode()) {
                metadata.set(name, value);
            }
        }
        sent.path("metadata").properties().forEach(e -> metadata.set(e.getKey(), e.getValue()));
        sent.properties().forEach(each -> object.set(each.getKey(), each.getValue()));
        if (answered.has("metadata")) {
            object.set("metadata", metadata);
        }
        return leaves(object);
    }

    /** The path of the object that a path speaks of, with its subresource unless it is status. */
    private static String key(String path, JsonNode body) {
        Matcher parts = OBJECT.matcher(path);
        if (!parts.matches()) {
            return path;
        }
        String sub =
                parts.group(5) == null || parts.group(5).equals("status") ? "" : parts.group(5);
        String name = body.path("metadata").path("name").asString("");
        return parts.group(1).replaceFirst("/v[0-9a-z]+$", "")
                + parts.group(2)
                + "/"
                + parts.group(3)
                + "/"
                + name
                + "/"
                + sub;
    }

    private Map<String, String> leaves(JsonNode body) {
        Map<String, String> leaves = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> each : body.properties()) {
            if (!each.getKey().equals("apiVersion") && !each.getKey().equals("kind")) {
                add(each.getKey(), each.getValue(), leaves);
            }
        }
        leaves.remove("metadata.resourceVersion");
        // Which certificate somebody came with.
        leaves.keySet()
                .removeIf(path -> path.contains("authentication.kubernetes.io/credential-id"));
        return leaves;
    }

    private void add(String path, JsonNode node, Map<String, String> leaves) {
        if (path.equals("metadata.managedFields")) {
            managed(node, leaves);
        } else if (node.isObject() && !node.isEmpty()) {
            node.properties().forEach(e -> add(path + "." + e.getKey(), e.getValue(), leaves));
        } else if (node.isArray() && !node.isEmpty()) {
            for (int i = 0; i < node.size(); i++) {
                add(path + "[" + i + "]", node.get(i), leaves);
            }
        } else {
            leaves.put(path, volatiles(node.toString()));
        }
    }

    private void managed(JsonNode entries, Map<String, String> leaves) {
        if (!fields) {
            return;
        }
        // Upstream orders them by the second in which they wrote, which nobody can tell beforehand.
        Map<String, String> sorted = new TreeMap<>();
        for (JsonNode entry : entries) {
            String sub = entry.path("subresource").asString("");
            sorted.put(
                    "by "
                            + entry.path("manager").asString("")
                            + " "
                            + entry.path("operation").asString("")
                            + " "
                            + entry.path("apiVersion").asString("")
                            + (sub.isEmpty() ? "" : " " + sub)
                            + (entry.has("time") ? "" : " timeless"),
                    entry.path("fieldsV1").toString());
        }
        leaves.putAll(sorted);
    }

    /** What no transcript can tell beforehand: identities, revisions, times of this hour. */
    private static String volatiles(String text) {
        String told = UID.matcher(text).replaceAll("<uid>");
        told = told.replace(SOURCES, "");
        told = REVISION.matcher(told).replaceAll("$1<revision>");
        return TIME.matcher(told)
                .replaceAll(found -> {
                    Duration ago = Duration.between(Instant.parse(found.group()), Instant.now());
                    return ago.abs().toHours() < 2 ? "<now>" : found.group();
                });
    }
}
