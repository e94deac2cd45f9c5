package io.jarnetes.apiserver.schema;

import java.util.Collection;
import java.util.Optional;

/** The shape of every built-in type of Kubernetes 1.36. */
public interface Schema {

    /** The body type of a kind; meta/v1's options and Status are found under every group. */
    Optional<TypeSchema> type(GroupVersionKind kind);

    /** The type of an OpenAPI definition name, such as {@code io.k8s.api.core.v1.PodSpec}. */
    Optional<TypeSchema> type(String definitionName);

    /** Every definition name, in alphabetical order. */
    Collection<String> names();
}
