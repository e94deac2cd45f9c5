package io.jarnetes.apiserver.schema;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One field of a type.
 *
 * @param name the JSON name
 * @param shape whether it holds one value, a list or a map with string keys
 * @param type the type of the value, of the list's items or of the map's values
 * @param ref the OpenAPI definition name for {@link ScalarType#OBJECT}; empty for scalars
 * @param number the field's protobuf number; 0 where the type has no protobuf form
 * @param required whether OpenAPI lists it as required
 * @param presence what Go writes for it when it is not set
 * @param listType how server-side apply merges a list
 * @param mapKeys the keys of an associative list, in the order that upstream declares
 * @param atomic a map or struct that server-side apply replaces as a whole
 * @param patchStrategy {@code merge}, {@code replace}, {@code retainKeys}, or both, in order
 * @param patchMergeKey the key that strategic merge patches use, or null
 * @param defaultValue the default that OpenAPI declares, as JSON text, or null
 */
public record FieldSchema(
        String name,
        Shape shape,
        ScalarType type,
        String ref,
        int number,
        boolean required,
        Presence presence,
        ListType listType,
        List<String> mapKeys,
        boolean atomic,
        List<String> patchStrategy,
        @Nullable String patchMergeKey,
        @Nullable String defaultValue) {

    public FieldSchema {
        mapKeys = List.copyOf(mapKeys);
        patchStrategy = List.copyOf(patchStrategy);
    }

    /** One value, a list of values, a map from strings to values. */
    public enum Shape {
        SINGLE,
        LIST,
        MAP,
        /** A map from strings to lists, as in ExtraValue. */
        MAP_OF_LISTS
    }

    /** Server-side apply's list types; {@link #NONE} where none is declared (then atomic). */
    public enum ListType {
        NONE,
        ATOMIC,
        SET,
        MAP
    }

    /** How Go's encoder treats the zero value. */
    public enum Presence {
        /** {@code omitempty} on a value: zero is not written (for a struct: it always is). */
        OMIT_ZERO,
        /** A pointer with {@code omitempty}: zero is written when it was given. */
        POINTER,
        /**
         * No {@code omitempty}, or a struct by value: zero or an empty struct is always written.
         */
        ALWAYS,
        /** A pointer without {@code omitempty}: {@code null} where it is missing. */
        NULLABLE
    }
}
