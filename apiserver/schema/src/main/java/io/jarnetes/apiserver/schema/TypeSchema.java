package io.jarnetes.apiserver.schema;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The shape of one struct. */
public final class TypeSchema {
    private final String name;
    private final List<GroupVersionKind> kinds;
    private final Map<String, FieldSchema> fields = new LinkedHashMap<>();

    TypeSchema(String name, List<GroupVersionKind> kinds, List<FieldSchema> fields) {
        this.name = name;
        this.kinds = List.copyOf(kinds);
        fields.forEach(f -> this.fields.put(f.name(), f));
    }

    /** The OpenAPI definition name, such as {@code io.k8s.api.core.v1.Pod}. */
    public String name() {
        return name;
    }

    /** The Go type's name: the last part of {@link #name()}. */
    public String goName() {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /** The kinds that this type is the body of; empty for inner types. */
    public List<GroupVersionKind> kinds() {
        return kinds;
    }

    /** In the order in which Go writes them; {@code kind} and {@code apiVersion} included. */
    public List<FieldSchema> fields() {
        return List.copyOf(fields.values());
    }

    /** The field of that exact JSON name, or null. */
    public @Nullable FieldSchema field(String jsonName) {
        return fields.get(jsonName);
    }

    @Override
    public String toString() {
        return name;
    }
}
