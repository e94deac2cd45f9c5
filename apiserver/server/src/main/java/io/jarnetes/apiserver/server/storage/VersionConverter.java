package io.jarnetes.apiserver.server.storage;

import io.jarnetes.apiserver.schema.GroupVersionKind;
import tools.jackson.databind.node.ObjectNode;

/** Brings objects from one version of their kind to another. */
@FunctionalInterface
public interface VersionConverter {

    /** For kinds that look the same in all versions: only {@code apiVersion} changes. */
    VersionConverter SAME_SHAPE =
            (object, to) -> {
                object.put("kind", to.kind());
                object.put("apiVersion", to.apiVersion());
                return object;
            };

    /**
     * @param object may be changed, and may be the answer
     */
    ObjectNode convert(ObjectNode object, GroupVersionKind to);
}
