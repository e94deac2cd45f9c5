package io.jarnetes.apiserver.server.registry.validation;

import io.jarnetes.apiserver.server.registry.FieldError;
import io.jarnetes.apiserver.server.registry.FieldErrors;
import io.jarnetes.apiserver.server.registry.Meta;
import io.jarnetes.apiserver.server.registry.NameRule;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The rules of ObjectMeta ({@code k8s.io/apimachinery/pkg/api/validation}). */
public final class MetaValidation {

    private static final int TOTAL_ANNOTATION_BYTES = 256 * 1024;
    private static final Set<String> STANDARD_FINALIZERS =
            Set.of("kubernetes", "orphan", "foregroundDeletion");
    private static final String IMMUTABLE = "field is immutable";
    private static final List<String> IMMUTABLE_FIELDS =
            List.of(
                    "name",
                    "namespace",
                    "uid",
                    "creationTimestamp",
                    "deletionTimestamp",
                    "deletionGracePeriodSeconds");

    private MetaValidation() {}

    /** The whole metadata of a new object, or of the new state of one. */
    public static void validate(
            ObjectNode object, boolean namespaced, NameRule rule, FieldErrors errors) {
        String generateName = Meta.text(object, "generateName");
        if (!generateName.isEmpty()) {
            errors.invalid(
                    "metadata.generateName", generateName, rule.validate(generateName, true));
        }
        String name = Meta.name(object);
        if (name.isEmpty()) {
            errors.required("metadata.name", "name or generateName is required");
        } else {
            errors.invalid("metadata.name", name, rule.validate(name, false));
        }
        String namespace = Meta.namespace(object);
        if (namespaced) {
            if (namespace.isEmpty()) {
                errors.required("metadata.namespace", "");
            } else {
                errors.invalid("metadata.namespace", namespace, NameRules.dns1123Label(namespace));
            }
        } else if (!namespace.isEmpty()) {
            errors.forbidden("metadata.namespace", "not allowed on this type");
        }
        if (Meta.generation(object) < 0) {
            errors.invalid(
                    "metadata.generation",
                    Meta.generation(object),
                    "must be greater than or equal to 0");
        }
        common(object, errors);
        finalizers(Meta.finalizers(object), errors);
    }

    /**
     * What an update must leave alone, and the rest of metadata. Upstream asks once for all kinds,
     * and again for each, and so tells of what is wrong as often.
     */
    public static void validateUpdate(ObjectNode object, ObjectNode old, FieldErrors errors) {
        common(object, errors);
        wellFormed(Meta.finalizers(object), errors);
        validateChange(object, old, errors);
        validateChange(object, old, errors);
        ownFinalizers(Meta.finalizers(object), errors);
    }

    /** What kinds ask once more of whose whole new state is looked at too. */
    public static void validateAgain(ObjectNode object, FieldErrors errors) {
        common(object, errors);
        finalizers(Meta.finalizers(object), errors);
    }

    private static void validateChange(ObjectNode object, ObjectNode old, FieldErrors errors) {
        if (Meta.deleting(old)) {
            TreeSet<String> added = new TreeSet<>(Meta.finalizers(object));
            Meta.finalizers(old).forEach(added::remove);
            if (!added.isEmpty()) {
                errors.forbidden(
                        "metadata.finalizers",
                        "no new finalizers can be added if the object is being deleted, found new"
                                + " finalizers []string{"
                                + added.stream()
                                        .map(each -> '"' + each + '"')
                                        .collect(Collectors.joining(", "))
                                + "}");
            }
        }
        if (Meta.resourceVersion(object).isEmpty()) {
            errors.invalid("metadata.resourceVersion", "", "must be specified for an update");
        }
        if (Meta.generation(object) < Meta.generation(old)) {
            errors.invalid(
                    "metadata.generation", Meta.generation(object), "must not be decremented");
        }
        for (String field : IMMUTABLE_FIELDS) {
            JsonNode now = object.path("metadata").path(field);
            if (!now.asString("").equals(old.path("metadata").path(field).asString(""))) {
                errors.invalid("metadata." + field, now.isMissingNode() ? null : now, IMMUTABLE);
            }
        }
        common(object, errors);
    }

    private static void common(ObjectNode object, FieldErrors errors) {
        labels(Meta.labels(object), "metadata.labels", errors);
        annotations(Meta.annotations(object), "metadata.annotations", errors);
        ownerReferences(object.path("metadata").path("ownerReferences"), errors);
    }

    public static void labels(Map<String, String> labels, String field, FieldErrors errors) {
        new TreeMap<>(labels)
                .forEach((key, value) -> {
                    errors.invalid(field, key, NameRules.qualifiedName(key));
                    errors.invalid(field, value, NameRules.labelValue(value));
                });
    }

    public static void annotations(
            Map<String, String> annotations, String field, FieldErrors errors) {
        long bytes = 0;
        for (Map.Entry<String, String> each : new TreeMap<>(annotations).entrySet()) {
            errors.invalid(field, each.getKey(), NameRules.annotationKey(each.getKey()));
            bytes += each.getKey().getBytes(StandardCharsets.UTF_8).length;
            bytes += each.getValue().getBytes(StandardCharsets.UTF_8).length;
        }
        if (bytes > TOTAL_ANNOTATION_BYTES) {
            errors.add(FieldError.tooLong(field, TOTAL_ANNOTATION_BYTES));
        }
    }

    private static void ownerReferences(JsonNode references, FieldErrors errors) {
        String field = "metadata.ownerReferences";
        String controller = "";
        for (JsonNode reference : references) {
            String at = field;
            String apiVersion = reference.path("apiVersion").asString("");
            if (apiVersion.isEmpty() || apiVersion.endsWith("/")) {
                errors.invalid(at + ".apiVersion", apiVersion, "version must not be empty");
            }
            for (String name : List.of("kind", "name", "uid")) {
                if (reference.path(name).asString("").isEmpty()) {
                    errors.invalid(at + "." + name, "", "must not be empty");
                }
            }
            if (apiVersion.equals("v1") && reference.path("kind").asString("").equals("Event")) {
                errors.invalid(at, reference, "/v1, Kind=Event is disallowed from being an owner");
            }
            if (reference.path("controller").asBoolean(false)) {
                String name =
                        reference.path("kind").asString("")
                                + "/"
                                + reference.path("name").asString("");
                if (!controller.isEmpty()) {
                    errors.invalid(
                            field,
                            references,
                            "Only one reference can have Controller set to true. Found \"true\" in"
                                    + " references for "
                                    + controller
                                    + " and "
                                    + name);
                }
                controller = name;
            }
        }
    }

    private static void finalizers(List<String> finalizers, FieldErrors errors) {
        wellFormed(finalizers, errors);
        ownFinalizers(finalizers, errors);
    }

    private static void wellFormed(List<String> finalizers, FieldErrors errors) {
        String field = "metadata.finalizers";
        for (String each : finalizers) {
            errors.invalid(field, each, NameRules.qualifiedName(each));
        }
        if (finalizers.contains("orphan") && finalizers.contains("foregroundDeletion")) {
            errors.invalid(
                    field,
                    FieldError.shown(finalizers),
                    "finalizer orphan and foregroundDeletion cannot be both set");
        }
    }

    /** Finalizers without a domain are upstream's own. */
    private static void ownFinalizers(List<String> finalizers, FieldErrors errors) {
        for (int i = 0; i < finalizers.size(); i++) {
            String each = finalizers.get(i);
            if (!each.contains("/") && !STANDARD_FINALIZERS.contains(each)) {
                errors.invalid(
                        "metadata.finalizers[" + i + "]",
                        each,
                        "name is neither a standard finalizer name nor is it fully qualified");
            }
        }
    }
}
