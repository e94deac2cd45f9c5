package io.jarnetes.apiserver.server.openapi;

import io.jarnetes.apiserver.schema.Descriptions;
import io.jarnetes.apiserver.schema.FieldSchema;
import io.jarnetes.apiserver.schema.ScalarType;
import io.jarnetes.apiserver.schema.Schema;
import io.jarnetes.apiserver.schema.TypeSchema;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The parameters of operations, from the option types that they are read into. */
final class Parameters {
    private final Schema schema;
    private final Descriptions descriptions;
    private final Map<String, List<Parameter>> byType = new HashMap<>();

    /**
     * One parameter.
     *
     * @param in {@code query} or {@code path}
     * @param type {@code string}, {@code integer} or {@code boolean}
     */
    record Parameter(String name, String in, String type, String description) {
        static Parameter path(String name, String description) {
            return new Parameter(name, "path", "string", description);
        }
    }

    Parameters(Schema schema) {
        this.schema = schema;
        this.descriptions = schema.descriptions();
    }

    static final Parameter PRETTY =
            new Parameter(
                    "pretty",
                    "query",
                    "string",
                    "'true' indents the answer; it is the default for browsers, curl and wget.");

    static final Parameter NAMESPACE =
            Parameter.path("namespace", "the namespace that the object lives in");

    static final Parameter PATH = Parameter.path("path", "path to the resource behind the proxy");

    static Parameter name(String kind) {
        return Parameter.path("name", "name of the " + kind);
    }

    List<Parameter> list() {
        return of(TypeNames.META + "ListOptions", Set.of());
    }

    List<Parameter> write(String options) {
        return of(TypeNames.META + options, Set.of());
    }

    List<Parameter> delete() {
        return of(TypeNames.DELETE_OPTIONS, Set.of("preconditions"));
    }

    List<Parameter> deleteCollection() {
        List<Parameter> all = new ArrayList<>(delete());
        all.addAll(of(TypeNames.META + "ListOptions", Set.of("watch", "allowWatchBookmarks")));
        all.sort(Comparator.comparing(Parameter::name));
        return all;
    }

    /** The fields of an option type, by name; {@code kind} and {@code apiVersion} are none. */
    List<Parameter> of(String type, Set<String> without) {
        return byType.computeIfAbsent(type, t -> read(schema.require(t))).stream()
                .filter(p -> !without.contains(p.name()))
                .toList();
    }

    private List<Parameter> read(TypeSchema type) {
        List<Parameter> parameters = new ArrayList<>();
        for (FieldSchema field : type.fields()) {
            if (!field.name().equals("kind") && !field.name().equals("apiVersion")) {
                parameters.add(
                        new Parameter(
                                field.name(),
                                "query",
                                type(field.type()),
                                descriptions.of(type, field)));
            }
        }
        parameters.sort(Comparator.comparing(Parameter::name));
        return parameters;
    }

    private static String type(ScalarType type) {
        return switch (type) {
            case BOOLEAN -> "boolean";
            case INT32, INT64 -> "integer";
            default -> "string";
        };
    }
}
