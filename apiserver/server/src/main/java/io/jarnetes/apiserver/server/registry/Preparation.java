package io.jarnetes.apiserver.server.registry;

import io.jarnetes.apiserver.server.registry.KindTraits.Generation;
import io.jarnetes.apiserver.server.registry.validation.MetaValidation;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Upstream's {@code BeforeCreate} and {@code BeforeUpdate} for one resource. */
final class Preparation {

    private final ResourceInfo info;
    private final Strategy strategy;
    private final Environment environment;

    Preparation(ResourceInfo info, Strategy strategy, Environment environment) {
        this.info = info;
        this.strategy = strategy;
        this.environment = environment;
    }

    /** The namespace of the request and of the object are one. */
    void matchNamespace(RequestContext context, ObjectNode object) {
        ObjectNode metadata = Meta.of(object);
        String given = Meta.namespace(object);
        String wanted = info.namespaced() ? context.namespace() : "";
        if (given.isEmpty() && !wanted.isEmpty()) {
            metadata.put("namespace", wanted);
        } else if (!given.equals(wanted)) {
            throw ApiException.badRequest(
                    wanted.isEmpty()
                            ? "namespace may not be set on this type of object: " + given
                            : "the namespace of the provided object does not match the namespace"
                                    + " sent on the request");
        }
    }

    /** Sets what only the server sets, whatever the client sent. */
    void systemFields(ObjectNode object) {
        ObjectNode metadata = Meta.of(object);
        metadata.put("creationTimestamp", environment.now());
        metadata.put("uid", environment.uid());
        metadata.remove("deletionTimestamp");
        metadata.remove("deletionGracePeriodSeconds");
        metadata.remove("selfLink");
    }

    void beforeCreate(RequestContext context, ObjectNode object) {
        if (info.hasStatus() && !info.traits().statusAtCreation()) {
            object.remove("status");
        }
        Generation generation = info.traits().generation();
        if (generation != Generation.NONE && generation != Generation.RAISED) {
            Meta.of(object).put("generation", 1);
        }
        strategy.prepareForCreate(context, object);
        FieldErrors errors = new FieldErrors();
        MetaValidation.validate(object, info.namespaced(), info.traits().nameRule(), errors);
        strategy.validate(object, errors);
        refuse(object, errors);
        strategy.warnings(object, null).forEach(context.warnings());
    }

    /**
     * @param object the new state, changed in place
     */
    void beforeUpdate(RequestContext context, ObjectNode object, ObjectNode old) {
        ObjectNode metadata = Meta.of(object);
        ObjectNode before = Meta.of(old);
        Meta.copyField(before, metadata, "generation");
        if (info.hasStatus()) {
            Meta.copyField(old, object, "status");
        }
        strategy.prepareForUpdate(context, object, old);
        raiseGeneration(object, old);
        keepSystemFields(metadata, before);
        FieldErrors errors = new FieldErrors();
        MetaValidation.validateUpdate(object, old, errors);
        strategy.validateUpdate(object, old, errors);
        refuse(object, errors);
        strategy.warnings(object, old).forEach(context.warnings());
    }

    static void keepSystemFields(ObjectNode metadata, ObjectNode before) {
        metadata.remove("selfLink");
        if (metadata.path("uid").asString("").isEmpty()) {
            Meta.copyField(before, metadata, "uid");
        }
        Meta.copyField(before, metadata, "creationTimestamp");
        if (before.hasNonNull("deletionTimestamp")) {
            Meta.copyField(before, metadata, "deletionTimestamp");
        }
        if (before.hasNonNull("deletionGracePeriodSeconds")
                && !metadata.hasNonNull("deletionGracePeriodSeconds")) {
            Meta.copyField(before, metadata, "deletionGracePeriodSeconds");
        }
    }

    private void raiseGeneration(ObjectNode object, ObjectNode old) {
        boolean raise =
                switch (info.traits().generation()) {
                    case NONE, FIXED -> false;
                    case SPEC, RAISED ->
                            !Meta.semanticallyEqual(object.get("spec"), old.get("spec"));
                    case SPEC_AND_ANNOTATIONS ->
                            !Meta.semanticallyEqual(object.get("spec"), old.get("spec"))
                                    || !Meta.annotations(object).equals(Meta.annotations(old));
                    case BODY -> bodyChanged(object, old);
                    case BODY_AND_LABELS ->
                            bodyChanged(object, old)
                                    || !Meta.labels(object).equals(Meta.labels(old));
                };
        if (raise) {
            Meta.of(object).put("generation", Meta.generation(old) + 1);
        }
    }

    private static boolean bodyChanged(ObjectNode object, ObjectNode old) {
        return !Meta.semanticallyEqual(body(object), body(old));
    }

    private static ObjectNode body(ObjectNode object) {
        ObjectNode body = Meta.object();
        for (Map.Entry<String, JsonNode> each : object.properties()) {
            switch (each.getKey()) {
                case "metadata", "status", "kind", "apiVersion" -> {}
                default -> body.set(each.getKey(), each.getValue());
            }
        }
        return body;
    }

    private void refuse(ObjectNode object, FieldErrors errors) {
        if (!errors.isEmpty()) {
            throw info.invalid(Meta.name(object), errors);
        }
    }
}
