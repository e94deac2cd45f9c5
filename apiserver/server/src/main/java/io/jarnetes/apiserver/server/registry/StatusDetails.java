package io.jarnetes.apiserver.server.registry;

import java.util.List;

/**
 * {@code metav1.Status.details}; empty strings, empty lists and zero are left out on the wire.
 *
 * @param kind the plural resource name in most errors, the Kind in {@code Invalid}
 */
public record StatusDetails(
        String name,
        String group,
        String kind,
        String uid,
        List<StatusCause> causes,
        int retryAfterSeconds) {

    public StatusDetails {
        causes = List.copyOf(causes);
    }

    static StatusDetails of(GroupResource resource, String name) {
        return new StatusDetails(name, resource.group(), resource.resource(), "", List.of(), 0);
    }

    static StatusDetails ofCauses(List<StatusCause> causes) {
        return new StatusDetails("", "", "", "", causes, 0);
    }

    StatusDetails retryAfter(int seconds) {
        return new StatusDetails(name, group, kind, uid, causes, seconds);
    }
}
