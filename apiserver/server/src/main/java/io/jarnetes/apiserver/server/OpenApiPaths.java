package io.jarnetes.apiserver.server;

import io.jarnetes.apiserver.server.discovery.ETag;
import io.jarnetes.apiserver.server.endpoints.ApiRequest;
import io.jarnetes.apiserver.server.endpoints.ApiResponse;
import io.jarnetes.apiserver.server.http.Answers;
import io.jarnetes.apiserver.server.http.PathMux;
import io.jarnetes.apiserver.server.openapi.OpenApiV2;
import io.jarnetes.apiserver.server.openapi.OpenApiV3;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * {@code /openapi/v3}: the index, and a document for each group and version; {@code /openapi/v2}:
 * everything in one, as JSON or protobuf.
 */
final class OpenApiPaths {

    private static final String PREFIX = "/openapi/v3/";

    private static final Set<String> JSON_TYPES =
            Set.of("application/json", "application/*", "*/*");
    private static final String PROTOBUF = "application/com.github.proto-openapi.spec.v2";
    private static final String PROTOBUF_V3 = "application/com.github.proto-openapi.spec.v3";
    private static final String PROTOBUF_ANSWER = PROTOBUF + ".v1.0+protobuf";

    private final Supplier<OpenApiV3> documents;
    private final Supplier<OpenApiV2> whole;

    /**
     * @param documents of what is served now
     * @param whole the same as OpenAPI 2
     */
    OpenApiPaths(Supplier<OpenApiV3> documents, Supplier<OpenApiV2> whole) {
        this.documents = documents;
        this.whole = whole;
    }

    void install(PathMux mux) {
        mux.handle("/openapi/v3", this::index);
        mux.handle(PREFIX, this::index);
        mux.handlePrefix(PREFIX, this::document);
        mux.handle("/openapi/v2", this::whole);
    }

    private void whole(ApiRequest request, ApiResponse response) {
        String accept = String.join(",", request.headers().all("Accept"));
        boolean protobuf = accept.contains(PROTOBUF);
        if (!protobuf && !takesJson(accept)) {
            notAcceptable(response);
            return;
        }
        byte[] document = protobuf ? whole.get().protobuf() : whole.get().json();
        String tag = '"' + ETag.of(document) + '"';
        List<Map.Entry<String, String>> headers =
                List.of(Map.entry("ETag", tag), Map.entry("Vary", "Accept"));
        if (tag.equals(request.headers().first("If-None-Match"))) {
            response.start(304, headers);
            response.end();
            return;
        }
        String type = protobuf ? PROTOBUF_ANSWER : "application/json";
        Answers.bytes(response, 200, type, document, headers);
    }

    /** Whether one of the clauses of an Accept header can be JSON. */
    private static boolean takesJson(String accept) {
        return accept.isBlank()
                || Stream.of(accept.split(","))
                        .map(each -> each.split(";")[0].strip())
                        .anyMatch(JSON_TYPES::contains);
    }

    /** Upstream answers this one without a body. */
    private static void notAcceptable(ApiResponse response) {
        response.start(406, List.of());
        response.end();
    }

    private void index(ApiRequest request, ApiResponse response) {
        Answers.bytes(
                response, 200, "text/plain; charset=utf-8", documents.get().index(), List.of());
    }

    private void document(ApiRequest request, ApiResponse response) {
        String path = request.path().substring(PREFIX.length());
        byte[] document = documents.get().document(path).orElse(null);
        if (document == null) {
            // Upstream answers this one without a body.
            response.start(404, List.of());
            response.end();
            return;
        }
        String accept = String.join(",", request.headers().all("Accept"));
        // Version 3 has no protobuf form here: who asks for that reads JSON as well.
        if (!takesJson(accept) && !accept.contains(PROTOBUF_V3)) {
            notAcceptable(response);
            return;
        }
        String hash = documents.get().hash(path);
        String given = request.query().getOrDefault("hash", List.of("")).getFirst();
        if (!given.isEmpty() && !given.equals(hash)) {
            response.start(
                    301,
                    List.of(
                            Map.entry("ETag", '"' + hash + '"'),
                            Map.entry("Vary", "Accept"),
                            Map.entry("Content-Type", "application/json"),
                            Map.entry("Location", PREFIX + path + "?hash=" + hash)));
            response.end();
            return;
        }
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        headers.add(Map.entry("ETag", '"' + hash + '"'));
        headers.add(Map.entry("Vary", "Accept"));
        // A document that is asked for by its hash never changes.
        if (given.equals(hash)) {
            headers.add(Map.entry("Cache-Control", "public, immutable"));
        }
        if (('"' + hash + '"').equals(request.headers().first("If-None-Match"))) {
            response.start(304, headers);
            response.end();
            return;
        }
        Answers.bytes(response, 200, "application/json", document, headers);
    }
}
