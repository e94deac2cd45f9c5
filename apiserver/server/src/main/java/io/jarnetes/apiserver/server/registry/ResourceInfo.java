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
        // Events are the core's, by whatever group they come.
        String group = hub.kind().equals("Event") ? "" : resource.group();
        return ApiException.invalid(group, hub.kind(), name, errors.all());
    }
}
