package io.jarnetes.apiserver.server.openapi;

import io.jarnetes.apiserver.schema.GroupVersionKind;
import io.jarnetes.apiserver.server.openapi.Parameters.Parameter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one method of one path does, before it is written in a version of OpenAPI.
 *
 * @param method {@code get}, {@code put} …
 * @param id the operationId
 * @param description what it does
 * @param action {@code x-kubernetes-action}, or empty
 * @param kind what it works on, or null
 * @param parameters all of them, by name
 * @param body the definition of the request's body, or empty; {@link TypeNames#PATCH} has content
 *     types of its own
 * @param bodyRequired whether the body must be there
 * @param answer the definition of the answer's body; empty for text
 * @param codes the successful statuses
 * @param produces the content types of the answer
 */
record Operation(
        String method,
        String id,
        String description,
        String action,
        @Nullable GroupVersionKind kind,
        List<Parameter> parameters,
        String body,
        boolean bodyRequired,
        String answer,
        List<Integer> codes,
        List<String> produces) {}
