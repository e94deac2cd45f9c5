package io.jarnetes.apiserver.server.registry;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Makes the new object from the stored one; called again when somebody else wrote meanwhile. */
@FunctionalInterface
public interface UpdateFunction {

    /**
     * @param current a copy of what is stored, null when nothing is (and the store may create)
     * @return the object to be stored; may be {@code current} itself, changed
     * @throws ApiException to give up
     */
    ObjectNode apply(@Nullable ObjectNode current);

    /** Whether the new state is the client's own, whose UID then says which object it means. */
    default boolean replaces() {
        return false;
    }

    /** Puts what this makes in place of what is there. */
    static UpdateFunction replacing(UpdateFunction made) {
        return new UpdateFunction() {
            @Override
            public ObjectNode apply(@Nullable ObjectNode current) {
                return made.apply(current);
            }

            @Override
            public boolean replaces() {
                return true;
            }
        };
    }
}
