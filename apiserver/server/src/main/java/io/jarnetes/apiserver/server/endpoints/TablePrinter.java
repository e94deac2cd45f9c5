package io.jarnetes.apiserver.server.endpoints;

import io.jarnetes.apiserver.schema.ResourceDefinition;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Makes {@code meta.k8s.io/v1 Table}s. */
public interface TablePrinter {

    /** What stands in a row's {@code object}. */
    enum IncludeObject {
        NONE,
        METADATA,
        OBJECT
    }

    /**
     * A Table with kind, apiVersion, columnDefinitions and rows; its list metadata is the caller's.
     *
     * @param objects in the definition's version
     */
    ObjectNode table(
            ResourceDefinition definition, List<ObjectNode> objects, IncludeObject include);
}
