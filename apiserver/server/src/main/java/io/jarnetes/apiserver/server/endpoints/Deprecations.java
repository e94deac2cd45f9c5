package io.jarnetes.apiserver.server.endpoints;

import io.jarnetes.apiserver.schema.GroupVersionKind;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What every answer about a deprecated kind warns of: upstream's {@code APILifecycleDeprecated} of
 * the kinds that are served, as {@code deprecation.WarningMessage} tells it.
 */
final class Deprecations {

    private static final Map<GroupVersionKind, String> SINCE =
            Map.of(
                    new GroupVersionKind("", "v1", "ComponentStatus"), "v1.19+",
                    new GroupVersionKind("", "v1", "Endpoints"),
                            "v1.33+; use discovery.k8s.io/v1 EndpointSlice");

    private Deprecations() {}

    /** Null for what is not deprecated. */
    static @Nullable String of(GroupVersionKind kind) {
        String since = SINCE.get(kind);
        return since == null
                ? null
                : kind.apiVersion() + " " + kind.kind() + " is deprecated in " + since;
    }
}
