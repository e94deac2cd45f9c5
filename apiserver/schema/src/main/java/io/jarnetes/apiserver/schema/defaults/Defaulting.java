package io.jarnetes.apiserver.schema.defaults;

import tools.jackson.databind.node.ObjectNode;

/** Fills in defaults. */
@FunctionalInterface
public interface Defaulting {

    /** Sets in place what is missing, by the object's own {@code kind} and {@code apiVersion}. */
    void apply(ObjectNode object);
}
