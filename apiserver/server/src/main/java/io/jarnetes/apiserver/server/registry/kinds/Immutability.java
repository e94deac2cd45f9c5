package io.jarnetes.apiserver.server.registry.kinds;

import io.jarnetes.apiserver.server.registry.FieldErrors;
import io.jarnetes.apiserver.server.registry.Meta;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** The {@code immutable} field of ConfigMaps and Secrets. */
final class Immutability {

    private static final String MESSAGE = "field is immutable when `immutable` is set";

    private Immutability() {}

    static void check(ObjectNode object, ObjectNode old, List<String> fields, FieldErrors errors) {
        if (!old.path("immutable").asBoolean(false)) {
            return;
        }
        if (!object.path("immutable").asBoolean(false)) {
            errors.forbidden("immutable", MESSAGE);
        }
        for (String field : fields) {
            if (!Meta.semanticallyEqual(object.get(field), old.get(field))) {
                errors.forbidden(field, MESSAGE);
            }
        }
    }
}
