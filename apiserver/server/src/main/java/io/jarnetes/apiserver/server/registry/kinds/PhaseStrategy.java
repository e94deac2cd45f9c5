package io.jarnetes.apiserver.server.registry.kinds;

import io.jarnetes.apiserver.server.registry.FieldErrors;
import io.jarnetes.apiserver.server.registry.Meta;
import io.jarnetes.apiserver.server.registry.RequestContext;
import io.jarnetes.apiserver.server.registry.Strategy;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * PersistentVolumes and their claims, which are born Pending.
 *
 * @param rules what they must look like
 * @param settle what else is done to a new state, which gets the old one too
 */
record PhaseStrategy(Strategy rules, BiConsumer<ObjectNode, JsonNode> settle) implements Strategy {

    @Override
    public void prepareForCreate(RequestContext context, ObjectNode object) {
        object.putObject("status").put("phase", "Pending");
        settle.accept(object, Meta.object());
    }

    @Override
    public void prepareForUpdate(RequestContext context, ObjectNode object, ObjectNode old) {
        settle.accept(object, old);
    }

    /** A claim's source has an older and a newer field, of which the older can't name all. */
    static void settleSources(ObjectNode claim, JsonNode old) {
        ObjectNode spec = Meta.child(claim, "spec");
        JsonNode source = spec.path("dataSource");
        String kind = source.path("kind").asString("");
        String group = source.path("apiGroup").asString("");
        boolean known =
                group.isEmpty() && kind.equals("PersistentVolumeClaim")
                        || group.equals("snapshot.storage.k8s.io") && kind.equals("VolumeSnapshot");
        JsonNode before = old.path("spec");
        boolean inUse = before.hasNonNull("dataSource") || before.hasNonNull("dataSourceRef");
        if (source.isObject() && !known && !inUse && !spec.hasNonNull("dataSourceRef")) {
            spec.remove("dataSource");
        }
        if (spec.hasNonNull("dataSource") && !spec.hasNonNull("dataSourceRef")) {
            spec.set("dataSourceRef", spec.path("dataSource").deepCopy());
        } else if (spec.path("dataSourceRef") instanceof ObjectNode reference
                && !spec.hasNonNull("dataSource")
                && reference.path("namespace").asString("").isEmpty()) {
            ObjectNode copy = reference.deepCopy();
            copy.remove("namespace");
            spec.set("dataSource", copy);
        }
    }

    @Override
    public void validate(ObjectNode object, FieldErrors errors) {
        rules.validate(object, errors);
    }

    @Override
    public void validateUpdate(ObjectNode object, ObjectNode old, FieldErrors errors) {
        rules.validateUpdate(object, old, errors);
    }

    @Override
    public void validateStatusUpdate(ObjectNode object, ObjectNode old, FieldErrors errors) {
        rules.validateStatusUpdate(object, old, errors);
    }

    @Override
    public List<String> warnings(ObjectNode object, @Nullable ObjectNode old) {
        return rules.warnings(object, old);
    }
}
