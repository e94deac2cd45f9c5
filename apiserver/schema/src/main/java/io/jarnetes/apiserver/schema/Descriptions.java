package io.jarnetes.apiserver.schema;

/** Upstream's texts for types and fields, as OpenAPI shows them. */
public interface Descriptions {

    /** The text of a type; empty if it has none. */
    String of(TypeSchema type);

    /** The text of a field; empty if it has none. */
    String of(TypeSchema type, FieldSchema field);
}
