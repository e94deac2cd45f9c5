package io.jarnetes.apiserver.server.endpoints;

import io.jarnetes.apiserver.schema.ResourceDefinition;
import tools.jackson.databind.node.ObjectNode;

/** Applies a patch. */
@FunctionalInterface
public interface Patcher {

    /** By the Content-Type of the request. */
    enum Type {
        JSON_PATCH("application/json-patch+json"),
        MERGE("application/merge-patch+json"),
        STRATEGIC("application/strategic-merge-patch+json"),
        APPLY("application/apply-patch+yaml");

        private final String contentType;

        Type(String contentType) {
            this.contentType = contentType;
        }

        public String contentType() {
            return contentType;
        }
    }

    /**
     * @param current in the definition's version; may be changed
     * @throws io.jarnetes.apiserver.server.registry.ApiException when the patch cannot be read, or
     *     does not fit
     */
    ObjectNode patch(Type type, byte[] patch, ObjectNode current, ResourceDefinition definition);
}
