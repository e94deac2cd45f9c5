package io.jarnetes.apiserver.server.registry.kinds;

import io.jarnetes.apiserver.server.registry.FieldErrors;
import io.jarnetes.apiserver.server.registry.Meta;
import io.jarnetes.apiserver.server.registry.RequestContext;
import io.jarnetes.apiserver.server.registry.Strategy;
import io.jarnetes.apiserver.server.registry.validation.NameRules;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Namespaces: Active at birth, finalizers in spec, deletion in two steps. */
final class NamespaceStrategy implements Strategy {

    private static final String FINALIZER = "kubernetes";
    private static final String NAME_LABEL = "kubernetes.io/metadata.name";

    @Override
    public void prepareForCreate(RequestContext context, ObjectNode namespace) {
        Meta.child(Meta.of(namespace), "labels").put(NAME_LABEL, Meta.name(namespace));
        ObjectNode spec = Meta.child(namespace, "spec");
        ArrayNode finalizers =
                spec.get("finalizers") instanceof ArrayNode present
                        ? present
                        : spec.putArray("finalizers");
        boolean has = false;
        for (JsonNode each : finalizers) {
            has |= each.asString("").equals(FINALIZER);
        }
        if (!has) {
            finalizers.add(FINALIZER);
        }
        namespace.putObject("status").put("phase", "Active");
    }

    @Override
    public void prepareForUpdate(RequestContext context, ObjectNode namespace, ObjectNode old) {
        Meta.child(Meta.of(namespace), "labels").put(NAME_LABEL, Meta.name(namespace));
        Meta.copyField(old, namespace, "spec");
    }

    /** {@code namespaces/finalize}: spec.finalizers are the request's, status is not. */
    static void restrictFinalize(RequestContext context, ObjectNode namespace, ObjectNode old) {
        Meta.copyField(old, namespace, "status");
    }

    @Override
    public void validateStatusUpdate(ObjectNode namespace, ObjectNode old, FieldErrors errors) {
        String phase = namespace.path("status").path("phase").asString("");
        String wanted = Meta.deleting(namespace) ? "Terminating" : "Active";
        if (!phase.equals(wanted)) {
            errors.invalid(
                    "status.Phase",
                    phase,
                    "may only be '"
                            + wanted
                            + "' if `deletionTimestamp` is "
                            + (Meta.deleting(namespace) ? "not empty" : "empty"));
        }
    }

    @Override
    public void validate(ObjectNode namespace, FieldErrors errors) {
        for (JsonNode each : namespace.path("spec").path("finalizers")) {
            String name = each.asString("");
            errors.invalid("spec.finalizers", name, NameRules.qualifiedName(name));
            if (!name.equals(FINALIZER) && !name.contains("/")) {
                errors.invalid(
                        "spec.finalizers",
                        name,
                        "name is neither a standard finalizer name nor is it fully qualified");
            }
        }
    }

    @Override
    public void markDeleting(ObjectNode namespace) {
        Meta.child(namespace, "status").put("phase", "Terminating");
    }

    @Override
    public boolean hasOwnFinalizers(ObjectNode namespace) {
        return !namespace.path("spec").path("finalizers").isEmpty();
    }

    @Override
    public boolean deletesInTwoSteps() {
        return true;
    }
}
