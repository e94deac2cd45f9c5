package io.jarnetes.apiserver.server.endpoints;

import java.util.List;

/**
 * What a path means (upstream's {@code RequestInfo}); empty strings where a part is not there.
 *
 * @param isResourceRequest false for paths such as {@code /healthz}
 * @param path without the query
 * @param verb {@code get list watch create update patch delete deletecollection} or, off resources,
 *     the HTTP method in lower case
 * @param apiPrefix {@code api} or {@code apis}
 * @param parts the words after the version and the namespace, resource first
 */
public record RequestInfo(
        boolean isResourceRequest,
        String path,
        String verb,
        String apiPrefix,
        String apiGroup,
        String apiVersion,
        String namespace,
        String resource,
        String subresource,
        String name,
        List<String> parts) {

    public RequestInfo {
        parts = List.copyOf(parts);
    }
}
