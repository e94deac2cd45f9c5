package io.jarnetes.apiserver.server.http;

import io.jarnetes.apiserver.schema.codec.MediaType;
import io.jarnetes.apiserver.schema.codec.TreeCodec;
import io.jarnetes.apiserver.server.registry.ApiStatus;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Errors in the media type that the client asked for. */
public final class StatusEncoder {

    private final TreeCodec codec;

    public StatusEncoder(TreeCodec codec) {
        this.codec = codec;
    }

    /** A body and what it is. */
    record Encoded(String contentType, byte[] bytes) {}

    /**
     * @param accept the request's Accept headers; where none can be served it is JSON
     * @param forPeople JSON is indented
     */
    Encoded encode(ApiStatus status, List<String> accept, boolean forPeople) {
        MediaType type = mediaType(accept);
        ObjectNode tree = status.toTree();
        byte[] bytes =
                type == MediaType.JSON ? Answers.tree(tree, forPeople) : codec.encode(tree, type);
        return new Encoded(type.contentType(), bytes);
    }

    private static MediaType mediaType(List<String> accept) {
        for (String each : String.join(",", accept).split(",")) {
            Optional<MediaType> known = MediaType.of(each.strip());
            // A Status has no other form: who asks for one gets the default.
            if (known.isPresent() && !each.contains("as=")) {
                return known.get();
            }
            if (each.strip().startsWith("*/*")) {
                break;
            }
        }
        return MediaType.JSON;
    }
}
