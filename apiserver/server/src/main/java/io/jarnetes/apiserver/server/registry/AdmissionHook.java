package io.jarnetes.apiserver.server.registry;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where a store calls admission. The caller binds operation, resource, user and options; a store
 * calls {@link #mutate} once defaults are set and {@link #validate} just before it writes, in every
 * try of an update again.
 */
public interface AdmissionHook {

    /** Admits everything as it is: for the apiserver's own writes. */
    AdmissionHook NONE =
            new AdmissionHook() {
                @Override
                public void mutate(ObjectNode object, @Nullable ObjectNode old) {}

                @Override
                public void validate(@Nullable ObjectNode object, @Nullable ObjectNode old) {}
            };

    /**
     * May change {@code object}.
     *
     * @param object the new object
     * @param old what is stored, null for a create
     * @throws ApiException when it is refused
     */
    void mutate(ObjectNode object, @Nullable ObjectNode old);

    /**
     * @param object the new object, null for a delete
     * @param old what is stored, null for a create
     * @throws ApiException when it is refused
     */
    void validate(@Nullable ObjectNode object, @Nullable ObjectNode old);
}
