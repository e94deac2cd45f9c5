package io.jarnetes.apiserver.server.http;

import io.jarnetes.apiserver.server.endpoints.ApiRequest;
import io.jarnetes.apiserver.server.endpoints.ApiResponse;
import io.jarnetes.apiserver.server.endpoints.Pretty;
import io.jarnetes.apiserver.server.registry.ApiException;
import io.jarnetes.apiserver.server.registry.ApiStatus;
import io.jarnetes.apiserver.server.registry.Quote;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Short answers that are written whole. */
public final class Answers {

    private Answers() {}

    /** JSON as upstream's plain endpoints write it. */
    public static void json(ApiResponse response, int code, byte[] body) {
        whole(response, code, "application/json", body, List.of());
    }

    /** Whether JSON is indented: asked for, or for a client that a person looks at. */
    public static boolean forPeople(ApiRequest request) {
        String agent = request.headers().first("User-Agent");
        return Pretty.wanted(request.query(), agent == null ? "" : agent);
    }

    /** Refuses other methods, where upstream's routes know GET alone: HEAD is another. */
    public static void onlyGet(ApiRequest request) {
        if (!request.method().equals("GET")) {
            throw ApiException.methodNotAllowed();
        }
    }

    /** Any body with further headers. */
    public static void bytes(
            ApiResponse response,
            int code,
            String contentType,
            byte[] body,
            List<Map.Entry<String, String>> more) {
        whole(response, code, contentType, body, more);
    }

    /** Text. */
    public static void text(ApiResponse response, int code, String body) {
        whole(
                response,
                code,
                "text/plain; charset=utf-8",
                body.getBytes(StandardCharsets.UTF_8),
                List.of(Map.entry("X-Content-Type-Options", "nosniff")));
    }

    /** What Go's http.NotFound writes. */
    public static void notFound(ApiResponse response) {
        text(response, 404, "404 page not found\n");
    }

    /** What upstream writes where a request can't even be told what it is. */
    static void internalError(ApiResponse response, String uri, String why) {
        text(response, 500, "Internal Server Error: " + Quote.go(uri) + ": " + why + "\n");
    }

    /** An error, with the headers that upstream gives it. */
    static void status(ApiResponse response, ApiStatus status, StatusEncoder.Encoded body) {
        List<Map.Entry<String, String>> more = new ArrayList<>();
        if (status.details() != null && status.details().retryAfterSeconds() > 0) {
            more.add(
                    Map.entry("Retry-After", String.valueOf(status.details().retryAfterSeconds())));
        }
        if (status.code() == 403) {
            more.add(Map.entry("X-Content-Type-Options", "nosniff"));
        }
        whole(response, status.code(), body.contentType(), body.bytes(), more);
    }

    public static byte[] tree(JsonNode tree, boolean forPeople) {
        return forPeople ? GoJson.pretty(tree) : GoJson.compact(tree);
    }

    private static void whole(
            ApiResponse response,
            int code,
            String contentType,
            byte[] body,
            List<Map.Entry<String, String>> more) {
        List<Map.Entry<String, String>> headers = new ArrayList<>(more);
        headers.add(Map.entry("Content-Type", contentType));
        headers.add(Map.entry("Content-Length", String.valueOf(body.length)));
        response.start(code, headers);
        response.write(body);
        response.end();
    }
}
