package io.jarnetes.apiserver.server.admission;

import io.jarnetes.apiserver.server.registry.ApiException;

/**
 * One admission plugin of upstream's name. Reads the cluster through {@link Listers} and never
 * calls the registry.
 */
public interface AdmissionPlugin {

    /** As {@code --enable-admission-plugins} names it. */
    String name();

    boolean handles(Operation operation);

    /**
     * Changes {@link AdmissionAttributes#object()}.
     *
     * @throws ApiException to refuse the write
     */
    default void mutate(AdmissionAttributes attributes) throws ApiException {}

    /**
     * Looks at the object as it will be stored.
     *
     * @throws ApiException to refuse the write
     */
    default void validate(AdmissionAttributes attributes) throws ApiException {}
}
