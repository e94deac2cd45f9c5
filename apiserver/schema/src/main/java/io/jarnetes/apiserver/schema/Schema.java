package io.jarnetes.apiserver.schema;

import java.util.Collection;
import java.util.Optional;

/** The shape of every built-in type of Kubernetes 1.36. {@link #builtIn()} gives it. */
public interface Schema {

    /** The generated schema. Loading it takes milliseconds; types are parsed at first use. */
    static Schema builtIn() {
        return GeneratedSchema.load();
    }

    /** The body type of a kind; meta/v1's options and Status are found under every group. */
    Optional<TypeSchema> type(GroupVersionKind kind);

    /** The type of an OpenAPI definition name, such as {@code io.k8s.api.core.v1.PodSpec}. */
    Optional<TypeSchema> type(String definitionName);

    /** The type that a field, an embedded struct or a list item is. */
    default TypeSchema require(String definitionName) {
        return type(definitionName)
                .orElseThrow(() -> new IllegalArgumentException("no type named " + definitionName));
    }

    /** The kind that a type is the body of; nothing for inner types. */
    Optional<GroupVersionKind> kindOf(TypeSchema type);

    /** Every definition name, in alphabetical order. */
    Collection<String> names();

    /** What upstream says about a type and its fields; read from disk at each call. */
    Descriptions descriptions();
}
