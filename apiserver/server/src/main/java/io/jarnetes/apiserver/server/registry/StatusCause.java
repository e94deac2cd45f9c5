package io.jarnetes.apiserver.server.registry;

/**
 * One of {@code metav1.Status.details.causes}; empty strings are left out on the wire.
 *
 * @param reason such as {@code FieldValueRequired}
 * @param field a path such as {@code spec.containers[0].name}
 */
public record StatusCause(String reason, String message, String field) {}
