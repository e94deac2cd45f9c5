package io.jarnetes.apiserver.server.endpoints;

import io.jarnetes.apiserver.schema.ResourceDefinition;
import io.jarnetes.apiserver.server.registry.FieldValidation;
import io.jarnetes.apiserver.server.registry.RequestContext;
import io.jarnetes.apiserver.server.registry.Store;

/**
 * One request, with what was found out about it.
 *
 * @param definition the resource; its kind is the subresource's where that has one of its own
 * @param response for what is streamed; whole bodies go to {@code answer}
 */
record Call(
        ApiRequest request,
        ResourceDefinition definition,
        Store store,
        Versions versions,
        Encoder encoder,
        Answer answer,
        ApiResponse response) {

    RequestInfo info() {
        return request.info();
    }

    Query query() {
        return new Query(request.query());
    }

    /** The namespace where objects live: none for cluster-scoped ones, {@code namespaces} too. */
    String namespace() {
        return definition.namespaced() ? info().namespace() : "";
    }

    RequestContext readContext() {
        return context(false, "", FieldValidation.IGNORE);
    }

    /**
     * @param kind of the options, {@code CreateOptions} and the like, for refusals
     */
    RequestContext writeContext(String kind) {
        Query query = query();
        return context(
                query.dryRun(kind),
                query.fieldManager(kind, request.headers().first("User-Agent")),
                query.fieldValidation(kind));
    }

    RequestContext context(boolean dryRun, String manager, FieldValidation validation) {
        return new RequestContext(
                request.user(),
                namespace(),
                dryRun,
                manager,
                validation,
                request.deadline(),
                answer.warnings());
    }
}
