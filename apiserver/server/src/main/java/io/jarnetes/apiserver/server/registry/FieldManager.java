package io.jarnetes.apiserver.server.registry;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Keeps {@code metadata.managedFields}: who set which field. */
@FunctionalInterface
public interface FieldManager {

    /** Keeps what the object says itself. */
    FieldManager NONE = (object, old, manager, subresource, now) -> {};

    /**
     * Notes an Update in {@code object}'s managedFields.
     *
     * @param old what is stored, null for a create
     * @param manager who wrote
     * @param subresource empty for the object itself
     * @param now RFC 3339, whole seconds
     */
    void noteUpdate(
            ObjectNode object,
            @Nullable ObjectNode old,
            String manager,
            String subresource,
            String now);
}
