package io.jarnetes.apiserver.server.admission;

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
     * @throws AdmissionException to refuse the write
     */
    default void mutate(AdmissionAttributes attributes) throws AdmissionException {}

    /**
     * Looks at the object as it will be stored.
     *
     * @throws AdmissionException to refuse the write
     */
    default void validate(AdmissionAttributes attributes) throws AdmissionException {}
}
