package io.jarnetes.apiserver.server.registry;

import io.jarnetes.apiserver.schema.GroupVersionKind;
import io.jarnetes.apiserver.server.registry.selectors.FieldLabels;

/**
 * What a store needs to know of its resource.
 *
 * @param hub the version of its trees
 * @param hasStatus there is a status subresource
 */
public record ResourceInfo(
        GroupResource resource,
        GroupVersionKind hub,
        boolean namespaced,
        boolean hasStatus,
        KindTraits traits,
        FieldLabels fieldLabels) {

    ApiException invalid(String name, FieldErrors errors) {
        return ApiException.invalid(resource.group(), hub.kind(), name, errors.all());
    }
}
