package io.jarnetes.apiserver.server.printers;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** PartialObjectMetadata and its list: what is asked for with {@code as=PartialObjectMetadata}. */
public final class PartialMetadata {
    private PartialMetadata() {}

    /**
     * One object's metadata.
     *
     * @param version of meta.k8s.io, {@code v1} or {@code v1beta1}
     */
    public static ObjectNode of(ObjectNode object, String version) {
        ObjectNode partial =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("kind", "PartialObjectMetadata")
                        .put("apiVersion", "meta.k8s.io/" + version);
        partial.set("metadata", metadata(object));
        return partial;
    }

    /** A list's, with its own metadata. */
    public static ObjectNode ofList(ObjectNode list, String version) {
        ObjectNode partial =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("kind", "PartialObjectMetadataList")
                        .put("apiVersion", "meta.k8s.io/" + version);
        partial.set("metadata", metadata(list));
        ArrayNode items = partial.putArray("items");
        for (JsonNode item : list.path("items")) {
            // Unlike a single one, Go's list leaves the kind of its items out.
            items.add(of((ObjectNode) item, version));
        }
        return partial;
    }

    private static JsonNode metadata(ObjectNode object) {
        JsonNode metadata = object.get("metadata");
        return metadata == null ? JsonNodeFactory.instance.objectNode() : metadata.deepCopy();
    }
}
