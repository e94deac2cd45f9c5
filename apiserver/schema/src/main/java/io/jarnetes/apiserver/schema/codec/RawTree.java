package io.jarnetes.apiserver.schema.codec;

import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A document of no known type, such as a patch.
 *
 * @param tree whole numbers are longs, fractions exact decimals
 * @param strictErrors double fields in upstream's words: {@code duplicate field "spec.replicas"}
 */
public record RawTree(JsonNode tree, List<String> strictErrors) {

    public RawTree {
        strictErrors = List.copyOf(strictErrors);
    }

    /**
     * Reads JSON or YAML.
     *
     * @throws DecodeException with Go's text if it is malformed, or for {@link MediaType#PROTOBUF}
     */
    public static RawTree read(byte[] body, MediaType type) throws DecodeException {
        return switch (type) {
            case JSON -> {
                RawJson reader = new RawJson();
                JsonNode tree = reader.read(body);
                yield new RawTree(tree, reader.duplicates());
            }
            case YAML -> {
                Yaml.Document document = Yaml.read(body);
                yield new RawTree(document.tree(), document.strictErrors());
            }
            case PROTOBUF -> throw new DecodeException("a raw tree is JSON or YAML, not protobuf");
        };
    }
}
