package io.jarnetes.apiserver.server.registry;

import io.jarnetes.apiserver.server.registry.DeleteOptions.Propagation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** {@code metav1.DeleteOptions} out of a tree, with upstream's refusals. */
public final class DeleteOptionsReader {

    private DeleteOptionsReader() {}

    /**
     * @throws ApiException 422 for what is wrong
     */
    public static DeleteOptions read(JsonNode tree) {
        JsonNode grace = tree.path("gracePeriodSeconds");
        JsonNode orphan = tree.path("orphanDependents");
        String policy = tree.path("propagationPolicy").asString("");
        if (!policy.isEmpty() && orphan.isBoolean()) {
            throw invalid(
                    FieldError.invalid(
                            "propagationPolicy",
                            policy,
                            "orphanDependents and deletionPropagation cannot be both set"));
        }
        JsonNode preconditions = tree.path("preconditions");
        return new DeleteOptions(
                grace.isNumber() ? Long.valueOf(grace.asLong()) : null,
                propagation(policy),
                textOrNull(preconditions.path("uid")),
                textOrNull(preconditions.path("resourceVersion")),
                orphan.isBoolean() ? Boolean.valueOf(orphan.asBoolean()) : null);
    }

    private static @Nullable Propagation propagation(String policy) {
        if (policy.isEmpty()) {
            return null;
        }
        for (Propagation each : Propagation.values()) {
            if (each.wire().equals(policy)) {
                return each;
            }
        }
        throw invalid(
                FieldError.notSupported(
                        "propagationPolicy",
                        policy,
                        List.of("Foreground", "Background", "Orphan", "nil")));
    }

    private static @Nullable String textOrNull(JsonNode node) {
        return node.isString() ? node.asString() : null;
    }

    private static ApiException invalid(FieldError error) {
        return ApiException.invalid("meta.k8s.io", "DeleteOptions", "", List.of(error));
    }
}
