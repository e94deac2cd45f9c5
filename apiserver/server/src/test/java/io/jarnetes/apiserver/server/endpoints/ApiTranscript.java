package io.jarnetes.apiserver.server.endpoints;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jarnetes.apiserver.schema.codec.DecodeException;
import io.jarnetes.apiserver.schema.codec.MediaType;
import io.jarnetes.apiserver.schema.codec.RawTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A conversation with an API server that admits everything: {@code src/test/testdata/api}. Upstream
 * writes the answers; ours must give the same.
 *
 * <p>{@code > VERB PATH} starts a request; lines {@code NAME: VALUE} with a capital are headers;
 * what follows is the body in YAML, which is sent as JSON. The verbs are those of HTTP and those of
 * a patch: MERGE, STRATEGIC, JSON, APPLY. {@link ApiAnswers} says what an answer looks like. A line
 * {@code @fields} before the first request has managed fields told too.
 */
record ApiTranscript(String head, List<Request> requests) {

    private static final Path FOLDER = Path.of("src/test/testdata/api");

    private static final Map<String, String> PATCHES =
            Map.of(
                    "MERGE", "application/merge-patch+json",
                    "STRATEGIC", "application/strategic-merge-patch+json",
                    "JSON", "application/json-patch+json",
                    "APPLY", "application/apply-patch+yaml");

    /** Whoever is talked to. */
    interface Server {
        Answer call(String method, String path, String body, List<String> headers);
    }

    /** What came back: the body, empty if it isn't an object, and the texts of Warning headers. */
    record Answer(int code, ObjectNode body, List<String> warnings) {}

    /** One request as it is written, and the answer as it was written. */
    record Request(String text, String verb, String path, List<String> headers, String body) {

        String method() {
            return PATCHES.containsKey(verb) ? "PATCH" : verb;
        }

        /** The body as a tree; a JSON patch is an array. */
        JsonNode tree() {
            try {
                return RawTree.read(body.getBytes(UTF_8), MediaType.YAML).tree();
            } catch (DecodeException e) {
                throw new IllegalArgumentException("a body that can't be read: " + text, e);
            }
        }

        Answer send(Server server) {
            List<String> all = new ArrayList<>(headers);
            boolean raw = headers.contains("Content-Type");
            if (!raw && !body.isEmpty()) {
                all.addAll(List.of("Content-Type", PATCHES.getOrDefault(verb, "application/json")));
            }
            String sent = raw || body.isEmpty() ? body : tree().toString();
            return server.call(method(), path, sent, all);
        }
    }

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.sorted().toList();
        }
    }

    static ApiTranscript read(Path file) throws IOException {
        List<String> parts = List.of(Files.readString(file).split("(?m)^(?=> )"));
        return new ApiTranscript(
                parts.getFirst(), parts.stream().skip(1).map(ApiTranscript::request).toList());
    }

    private static Request request(String part) {
        List<String> lines = part.lines().takeWhile(line -> !line.startsWith("< ")).toList();
        String[] first = lines.getFirst().split(" ", 3);
        List<String> headers = new ArrayList<>();
        List<String> body = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            if (line.matches("[A-Z][A-Za-z-]+: .*")) {
                headers.addAll(List.of(line.split(": ", 2)));
            } else {
                body.add(line);
            }
        }
        String text = String.join("\n", lines);
        return new Request(text, first[1], first[2], headers, String.join("\n", body).strip());
    }

    /** The whole conversation, with what this server answers. */
    String play(Server server) {
        ApiAnswers answers = new ApiAnswers(head.contains("@fields"));
        StringBuilder played = new StringBuilder(head);
        for (Request request : requests) {
            played.append(request.text().stripTrailing()).append('\n');
            played.append(answers.tell(request, request.send(server))).append('\n');
        }
        return played.toString();
    }
}
