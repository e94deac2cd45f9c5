package io.jarnetes.apiserver.server.endpoints;

import io.jarnetes.apiserver.schema.ResourceDefinition;
import java.util.List;
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
     * @param object raw: to be decoded against its type
     * @param shown what upstream prints when that fails: the patched JSON, or the patch in Go's
     *     {@code %+v}
     * @param strictErrors fields that the patch has twice, or that its operations don't know
     */
    record Patched(ObjectNode object, String shown, List<String> strictErrors) {
        public Patched {
            strictErrors = List.copyOf(strictErrors);
        }
    }

    /**
     * @param current in the definition's version; left alone
     * @throws io.jarnetes.apiserver.server.registry.ApiException when the patch cannot be read, or
     *     does not fit
     */
    Patched patch(Type type, byte[] patch, ObjectNode current, ResourceDefinition definition);
}
