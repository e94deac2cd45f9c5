package io.jarnetes.apiserver.server;

import io.jarnetes.apiserver.server.endpoints.ApiRequest;
import io.jarnetes.apiserver.server.endpoints.ApiResponse;
import io.jarnetes.apiserver.server.http.Answers;
import io.jarnetes.apiserver.server.http.PathMux;
import io.jarnetes.apiserver.server.openapi.OpenApiV3;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code /openapi/v3}: the index, and a document for each group and version. */
final class OpenApiPaths {

    private static final String PREFIX = "/openapi/v3/";

    private final Supplier<OpenApiV3> documents;

    /**
     * @param documents of what is served now
     */
    OpenApiPaths(Supplier<OpenApiV3> documents) {
        this.documents = documents;
    }

    void install(PathMux mux) {
        mux.handle("/openapi/v3", this::index);
        mux.handle(PREFIX, this::index);
        mux.handlePrefix(PREFIX, this::document);
    }

    private void index(ApiRequest request, ApiResponse response) {
        Answers.bytes(
                response, 200, "text/plain; charset=utf-8", documents.get().index(), List.of());
    }

    private void document(ApiRequest request, ApiResponse response) {
        String path = request.path().substring(PREFIX.length());
        byte[] document = documents.get().document(path).orElse(null);
        if (document == null) {
            Answers.notFound(response);
            return;
        }
        String hash = documents.get().hash(path);
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        headers.add(Map.entry("ETag", '"' + hash + '"'));
        headers.add(Map.entry("Vary", "Accept"));
        // A document that is asked for by its hash never changes.
        if (request.query().getOrDefault("hash", List.of("")).contains(hash)) {
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
