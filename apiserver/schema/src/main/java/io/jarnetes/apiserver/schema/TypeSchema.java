package io.jarnetes.apiserver.schema;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The shape of one struct. */
public final class TypeSchema {
    private final String name;
    private final boolean atomic;
    private final boolean protobuf;
    private final boolean published;
    private final Map<Integer, String> inlines;
    private final List<FieldSchema> fields;
    private final Map<String, Integer> index = new HashMap<>();
    private final Map<Integer, Integer> byNumber = new HashMap<>();

    TypeSchema(String name, String flags, Map<Integer, String> inlines, List<FieldSchema> fields) {
        this.name = name;
        this.atomic = flags.contains("a");
        this.protobuf = flags.contains("p");
        this.published = flags.contains("o");
        this.inlines = Map.copyOf(inlines);
        this.fields = List.copyOf(fields);
        for (FieldSchema field : fields) {
            if (field.number() > 0) {
                byNumber.put(field.number(), index.size());
            }
            index.put(field.name(), index.size());
        }
    }

    /** The OpenAPI definition name, such as {@code io.k8s.api.core.v1.Pod}. */
    public String name() {
        return name;
    }

    /** The Go type's name: the last part of {@link #name()}. */
    public String goName() {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /** Whether server-side apply replaces it as a whole ({@code x-kubernetes-map-type}). */
    public boolean atomic() {
        return atomic;
    }

    /** Whether it has a protobuf form. */
    public boolean protobuf() {
        return protobuf;
    }

    /** Whether OpenAPI has it. */
    public boolean published() {
        return published;
    }

    /**
     * Go's embedded structs by their protobuf number: their fields are fields of this type in JSON
     * (with number 0 in {@link #fields()}), and a message of their own in protobuf.
     */
    public Map<Integer, String> inlines() {
        return inlines;
    }

    /** In the order in which Go writes them; {@code kind} and {@code apiVersion} included. */
    public List<FieldSchema> fields() {
        return fields;
    }

    /** The field of that exact JSON name, or null. */
    public @Nullable FieldSchema field(String jsonName) {
        int at = indexOf(jsonName);
        return at < 0 ? null : fields.get(at);
    }

    /** The field of that protobuf number, or null. */
    public @Nullable FieldSchema numbered(int number) {
        Integer at = byNumber.get(number);
        return at == null ? null : fields.get(at);
    }

    /** The place of a field in {@link #fields()}, or -1. */
    public int indexOf(String jsonName) {
        Integer at = index.get(jsonName);
        return at == null ? -1 : at;
    }

    @Override
    public String toString() {
        return name;
    }
}
