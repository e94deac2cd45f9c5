package io.jarnetes.apiserver.schema;

import io.jarnetes.apiserver.schema.FieldSchema.ListType;
import io.jarnetes.apiserver.schema.FieldSchema.Presence;
import io.jarnetes.apiserver.schema.FieldSchema.Shape;
import java.util.List;
import java.util.Map;

/**
 * The text form of the generated schema. A line a type, in alphabetical order: definition name,
 * flags ({@code a}tomic, {@code p}rotobuf, {@code o}penapi), embedded structs as {@code
 * number:line}, then the fields, separated by tabs. A field's parts are separated by commas; types
 * are referred to by their line, from 0.
 */
public final class SchemaFormat {
    /** The resource with the types. */
    public static final String SCHEMA = "schema.txt";

    /**
     * The resource with the descriptions, gzip: a line a type, the type's own first, then those of
     * its fields, separated by tabs.
     */
    public static final String TEXTS = "descriptions.txt.gz";

    /** What {@link FieldSchema#ref()} is for lists that protobuf wraps in a message. */
    public static final String WRAPPED = "wrapped";

    private static final int PARTS = 11;
    private static final String CODES = "abcdefghijklmnopqrstuvwxyz";

    private SchemaFormat() {}

    /** One field; {@code index} tells the line of a definition. */
    public static String write(FieldSchema field, Map<String, Integer> index) {
        String ref =
                field.ref().isEmpty() || field.ref().equals(WRAPPED)
                        ? field.ref()
                        : String.valueOf(index.get(field.ref()));
        return String.join(
                ",",
                field.name(),
                code(field.shape()) + code(field.type()) + code(field.presence()),
                ref,
                String.valueOf(field.number()),
                field.required() ? "r" : "",
                code(field.listType()),
                String.join("+", field.mapKeys()),
                field.atomic() ? "a" : "",
                String.join("+", field.patchStrategy()),
                field.patchMergeKey() == null ? "" : field.patchMergeKey(),
                field.defaultValue() == null ? "" : field.defaultValue());
    }

    static FieldSchema read(String text, List<String> names) {
        String[] part = text.split(",", PARTS);
        String ref =
                part[2].isEmpty() || part[2].equals(WRAPPED)
                        ? part[2]
                        : names.get(Integer.parseInt(part[2]));
        return new FieldSchema(
                part[0],
                Shape.values()[CODES.indexOf(part[1].charAt(0))],
                ScalarType.values()[CODES.indexOf(part[1].charAt(1))],
                ref,
                Integer.parseInt(part[3]),
                part[4].equals("r"),
                Presence.values()[CODES.indexOf(part[1].charAt(2))],
                ListType.values()[CODES.indexOf(part[5].charAt(0))],
                words(part[6]),
                part[7].equals("a"),
                words(part[8]),
                part[9].isEmpty() ? null : part[9],
                part[10].isEmpty() ? null : part[10]);
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split("\\+"));
    }

    private static String code(Enum<?> value) {
        return CODES.substring(value.ordinal(), value.ordinal() + 1);
    }
}
