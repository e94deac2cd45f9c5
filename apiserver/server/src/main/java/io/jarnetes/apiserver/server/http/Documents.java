package io.jarnetes.apiserver.server.http;

import io.jarnetes.apiserver.schema.codec.MediaType;
import io.jarnetes.apiserver.schema.codec.TreeCodec;
import io.jarnetes.apiserver.server.endpoints.ApiRequest;
import io.jarnetes.apiserver.server.endpoints.ApiResponse;
import io.jarnetes.apiserver.server.registry.ApiException;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Discovery documents, in JSON or YAML. */
public final class Documents {

    private static final List<String> AVAILABLE =
            List.of("application/json", "application/yaml", "application/vnd.kubernetes.protobuf");

    private final TreeCodec codec;

    public Documents(TreeCodec codec) {
        this.codec = codec;
    }

    /**
     * Writes the document in the first media type that the client accepts.
     *
     * @throws ApiException 406
     */
    public void write(ApiRequest request, ApiResponse response, ObjectNode tree) {
        if (mediaType(request) == MediaType.YAML) {
            byte[] body = codec.encode(tree, MediaType.YAML);
            Answers.bytes(response, 200, MediaType.YAML.contentType(), body, List.of());
        } else {
            Answers.json(response, 200, Answers.tree(tree, Answers.forPeople(request)));
        }
    }

    private static MediaType mediaType(ApiRequest request) {
        String accept = String.join(",", request.headers().all("Accept"));
        if (accept.isBlank()) {
            return MediaType.JSON;
        }
        for (String clause : accept.split(",")) {
            String type = clause.strip();
            if (type.startsWith("*/*")) {
                return MediaType.JSON;
            }
            Optional<MediaType> known = MediaType.of(type);
            if (known.isPresent()) {
                // Who wants protobuf here always takes JSON too.
                return known.get() == MediaType.YAML ? MediaType.YAML : MediaType.JSON;
            }
        }
        // What isn't under a version's route has no media types of its own.
        boolean routed = request.path().split("/").length > 2 && !request.path().equals("/apis/");
        throw routed ? ApiException.notAcceptable(AVAILABLE) : ApiException.onlyAccepted(AVAILABLE);
    }
}
