package io.jarnetes.apiserver.server.storage;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Makes the next state from the present one; run again when somebody else wrote meanwhile. */
@FunctionalInterface
public interface UpdateStep {

    /** What a step decides. */
    sealed interface Decision {}

    /**
     * @param ttlSeconds 0 for no end
     */
    record Write(ObjectNode object, long ttlSeconds) implements Decision {}

    /**
     * The key is removed; {@code last} is its last state, for the answer.
     *
     * @param keepsVersion the answer has the version that was there, not that of the removal
     */
    record Remove(ObjectNode last, boolean keepsVersion) implements Decision {}

    /** Nothing is written; the answer is this object. */
    record Keep(ObjectNode object) implements Decision {}

    /**
     * @param current null when there is no such key
     */
    Decision decide(@Nullable StoredObject current);
}
