package io.jarnetes.apiserver.server.registry.kinds;

import io.jarnetes.apiserver.server.registry.Meta;
import io.jarnetes.apiserver.server.registry.StatusStore;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** When a PersistentVolume came into its phase, which the server notes. */
final class VolumePhases {

    private static final String TIME = "lastPhaseTransitionTime";

    private VolumePhases() {}

    /** For a new volume, whose old state is empty. */
    static BiConsumer<ObjectNode, JsonNode> born(Supplier<String> now) {
        return (volume, old) -> {
            if (old.isEmpty()) {
                Meta.child(volume, "status").put(TIME, now.get());
            }
        };
    }

    /** For a new status; a time that comes with a new phase stays. */
    static StatusStore.Restriction changed(Supplier<String> now) {
        return (context, volume, old) -> {
            StatusStore.keepBody(volume, old);
            ObjectNode status = Meta.child(volume, "status");
            ObjectNode before = Meta.child(old, "status");
            boolean same = status.path("phase").equals(before.path("phase"));
            if (same && !status.hasNonNull(TIME)) {
                Meta.copyField(before, status, TIME);
            } else if (!same
                    && (!status.hasNonNull(TIME) || status.path(TIME).equals(before.path(TIME)))) {
                status.put(TIME, now.get());
            }
        };
    }
}
