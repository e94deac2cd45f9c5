package io.jarnetes.apiserver.server.registry.managedfields;

import io.jarnetes.apiserver.schema.Schema;
import io.jarnetes.apiserver.schema.TypeSchema;
import io.jarnetes.apiserver.server.registry.Meta;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The annotation that client-side apply keeps, as server-side apply by the manager {@code kubectl}
 * minds it: what it holds may be taken over without a conflict, and it is kept up to date.
 */
final class LastApplied {

    private static final String ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration";
    private static final String MANAGER = "kubectl";

    /** Of all annotations together, keys included. */
    private static final int MAX_ANNOTATIONS_BYTES = 256 * 1024;

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private LastApplied() {}

    /**
     * The fields that the annotation has as the object has them; empty for another manager, or
     * where there is no such annotation of this version.
     */
    static FieldSet allowed(
            Schema schema, @Nullable TypeSchema type, ObjectNode live, String manager) {
        String text = Meta.annotations(live).getOrDefault(ANNOTATION, "");
        if (!manager.equals(MANAGER) || text.isEmpty()) {
            return new FieldSet();
        }
        ObjectNode last;
        try {
            if (!(MAPPER.readTree(text) instanceof ObjectNode read)) {
                return new FieldSet();
            }
            last = read;
        } catch (JacksonException e) {
            return new FieldSet();
        }
        if (!last.path("apiVersion").equals(live.path("apiVersion"))) {
            return new FieldSet();
        }
        Comparison differences = Comparison.of(schema, type, last, live);
        return AppliedSet.of(schema, type, last)
                .minus(differences.modified())
                .minus(differences.added())
                .minus(differences.removed());
    }

    /** Writes the configuration into the annotation of an object that has one. */
    static void renew(ObjectNode object, ObjectNode config, String manager) {
        if (!manager.equals(MANAGER)
                || Meta.annotations(object).getOrDefault(ANNOTATION, "").isEmpty()) {
            return;
        }
        ObjectNode copy = config.deepCopy();
        if (copy.path("metadata").path("annotations") instanceof ObjectNode annotations) {
            annotations.remove(ANNOTATION);
            if (annotations.isEmpty()) {
                Meta.of(copy).remove("annotations");
            }
        }
        ObjectNode annotations = Meta.child(Meta.of(object), "annotations");
        // The encoder of upstream ends a document with a line feed.
        annotations.put(ANNOTATION, MAPPER.writeValueAsString(copy) + "\n");
        int bytes =
                Meta.annotations(object).entrySet().stream()
                        .mapToInt(each -> bytes(each.getKey()) + bytes(each.getValue()))
                        .sum();
        if (bytes > MAX_ANNOTATIONS_BYTES) {
            annotations.remove(ANNOTATION);
        }
    }

    private static int bytes(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
    }
}
