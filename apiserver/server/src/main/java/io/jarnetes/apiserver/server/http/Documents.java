package io.jarnetes.apiserver.server.http;

import io.jarnetes.apiserver.schema.codec.MediaType;
import io.jarnetes.apiserver.schema.codec.TreeCodec;
import io.jarnetes.apiserver.server.discovery.ETag;
import io.jarnetes.apiserver.server.endpoints.ApiRequest;
import io.jarnetes.apiserver.server.endpoints.ApiResponse;
import io.jarnetes.apiserver.server.registry.ApiException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Discovery documents, in any media type, plain or aggregated. */
public final class Documents {

    private static final List<String> AVAILABLE =
            List.of("application/json", "application/yaml", "application/vnd.kubernetes.protobuf");

    private static final Set<String> JSON_TYPES =
            Set.of("application/json", "application/*", "*/*");
    private static final List<String> AGGREGATED =
            List.of("g=apidiscovery.k8s.io", "v=v2", "as=APIGroupDiscoveryList");

    private final TreeCodec codec;

    public Documents(TreeCodec codec) {
        this.codec = codec;
    }

    /** A document and its form of another kind, where there is one. */
    public interface Source {
        ObjectNode plain();

        /** What {@code as=APIGroupDiscoveryList} asks for; null where that isn't known. */
        default @Nullable ObjectNode aggregated() {
            return null;
        }
    }

    /**
     * Writes the document in the first media type and form that the client accepts.
     *
     * @throws ApiException 406
     */
    public void write(ApiRequest request, ApiResponse response, Source source) {
        String accept = String.join(",", request.headers().all("Accept"));
        for (String clause : (accept.isBlank() ? "*/*" : accept).split(",")) {
            List<String> parts = List.of(clause.replace(" ", "").split(";"));
            MediaType type =
                    JSON_TYPES.contains(parts.getFirst())
                            ? MediaType.JSON
                            : MediaType.of(parts.getFirst()).orElse(null);
            boolean formed = parts.stream().anyMatch(each -> each.startsWith("as="));
            ObjectNode aggregated = parts.containsAll(AGGREGATED) ? source.aggregated() : null;
            if (type == null || (formed && aggregated == null)) {
                continue;
            }
            if (aggregated == null) {
                plain(request, response, type, source.plain());
            } else {
                aggregated(request, response, type, aggregated);
            }
            return;
        }
        // What isn't under a version's route has no media types of its own.
        boolean routed = request.path().split("/").length > 2 && !request.path().equals("/apis/");
        throw routed ? ApiException.notAcceptable(AVAILABLE) : ApiException.onlyAccepted(AVAILABLE);
    }

    private void plain(ApiRequest request, ApiResponse response, MediaType type, ObjectNode tree) {
        Answers.bytes(response, 200, type.contentType(), encoded(request, type, tree), List.of());
    }

    private byte[] encoded(ApiRequest request, MediaType type, ObjectNode tree) {
        return type == MediaType.JSON
                ? Answers.tree(tree, Answers.forPeople(request))
                : codec.encode(tree, type);
    }

    private void aggregated(
            ApiRequest request, ApiResponse response, MediaType type, ObjectNode tree) {
        String tag = '"' + ETag.of(Answers.tree(tree, false)) + '"';
        List<Map.Entry<String, String>> headers =
                List.of(
                        Map.entry("Cache-Control", "public"),
                        Map.entry("ETag", tag),
                        Map.entry("Vary", "Accept"));
        if (tag.equals(request.headers().first("If-None-Match"))) {
            response.start(304, headers);
            response.end();
            return;
        }
        String name = type.contentType() + ";" + String.join(";", AGGREGATED);
        Answers.bytes(response, 200, name, encoded(request, type, tree), headers);
    }
}
