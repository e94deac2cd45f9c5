package io.jarnetes.apiserver.server.openapi;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * An OpenAPI 2 document as openapi.v2.Document of gnostic (github.com/google/gnostic-models), as
 * far as Kubernetes' documents need it. The field numbers are those of its OpenAPIv2.proto.
 */
final class Gnostic {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CodedOutputStream out = CodedOutputStream.newInstance(bytes);

    private Gnostic() {}

    static byte[] document(JsonNode document) {
        return message(m -> {
            m.text(1, document.path("swagger"));
            m.message(2, info -> info.info(document.path("info")));
            m.message(8, paths -> paths.paths(document.path("paths")));
            m.message(9, all -> all.named(1, document.path("definitions"), Gnostic::schema));
        });
    }

    private static byte[] message(Consumer<Gnostic> fill) {
        Gnostic message = new Gnostic();
        fill.accept(message);
        try {
            message.out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("a byte array takes everything", e);
        }
        return message.bytes.toByteArray();
    }

    private void bytes(int number, byte[] content) {
        try {
            out.writeByteArray(number, content);
        } catch (IOException e) {
            throw new UncheckedIOException("a byte array takes everything", e);
        }
    }

    private void message(int number, Consumer<Gnostic> fill) {
        bytes(number, message(fill));
    }

    private void text(int number, JsonNode value) {
        if (value.isString()) {
            bytes(number, value.stringValue().getBytes(UTF_8));
        }
    }

    private void texts(int number, JsonNode values) {
        values.forEach(v -> text(number, v));
    }

    private void flag(int number, JsonNode value) {
        if (value.asBoolean(false)) {
            try {
                out.writeBool(number, true);
            } catch (IOException e) {
                throw new UncheckedIOException("a byte array takes everything", e);
            }
        }
    }

    /** How the value of a named message is written. */
    private interface Part {
        void write(Gnostic message, JsonNode value);
    }

    /** Messages of a name (1) and a value (2). */
    private void named(int number, JsonNode object, Part part) {
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            named(number, entry, part);
        }
    }

    private void named(int number, Map.Entry<String, JsonNode> entry, Part part) {
        message(
                number,
                m -> {
                    m.bytes(1, entry.getKey().getBytes(UTF_8));
                    m.message(2, value -> part.write(value, entry.getValue()));
                });
    }

    /** Vendor extensions; their values are YAML, and JSON is YAML. */
    private void extensions(int number, JsonNode object) {
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            if (entry.getKey().startsWith("x-")) {
                named(number, entry, Gnostic::any);
            }
        }
    }

    private static void any(Gnostic message, JsonNode value) {
        message.bytes(2, value.toString().getBytes(UTF_8));
    }

    private void info(JsonNode info) {
        text(1, info.path("title"));
        text(2, info.path("version"));
    }

    private void paths(JsonNode paths) {
        named(2, paths, Gnostic::path);
    }

    private static void path(Gnostic message, JsonNode item) {
        String[] methods = {"get", "put", "post", "delete", "options", "head", "patch"};
        for (int i = 0; i < methods.length; i++) {
            JsonNode operation = item.path(methods[i]);
            if (operation.isObject()) {
                message.message(i + 2, o -> o.operation(operation));
            }
        }
        item.path("parameters").forEach(p -> message.message(9, m -> m.parameter(p)));
    }

    private void operation(JsonNode operation) {
        texts(1, operation.path("tags"));
        text(3, operation.path("description"));
        text(5, operation.path("operationId"));
        texts(6, operation.path("produces"));
        texts(7, operation.path("consumes"));
        operation.path("parameters").forEach(p -> message(8, m -> m.parameter(p)));
        message(9, all -> all.named(1, operation.path("responses"), Gnostic::response));
        texts(10, operation.path("schemes"));
        extensions(13, operation);
    }

    /** ParametersItem, Parameter, then a body, query or path parameter. */
    private void parameter(JsonNode parameter) {
        message(
                1,
                m -> {
                    switch (parameter.path("in").asString("")) {
                        case "body" -> m.message(1, body -> body.body(parameter));
                        case "path" ->
                                m.message(2, n -> n.message(4, p -> p.plain(parameter, 4, 19)));
                        default -> m.message(2, n -> n.message(3, p -> p.plain(parameter, 5, 20)));
                    }
                });
    }

    private void body(JsonNode parameter) {
        text(2, parameter.path("name"));
        text(3, parameter.path("in"));
        flag(4, parameter.path("required"));
        message(5, s -> schema(s, parameter.path("schema")));
    }

    /** Query and path parameters differ in the numbers from {@code type} on. */
    private void plain(JsonNode parameter, int beforeType, int uniqueItems) {
        flag(1, parameter.path("required"));
        text(2, parameter.path("in"));
        text(3, parameter.path("description"));
        text(4, parameter.path("name"));
        text(beforeType + 1, parameter.path("type"));
        flag(uniqueItems, parameter.path("uniqueItems"));
    }

    private static void response(Gnostic message, JsonNode response) {
        message.message(
                1,
                r -> {
                    r.text(1, response.path("description"));
                    JsonNode schema = response.path("schema");
                    if (schema.isObject()) {
                        r.message(2, item -> item.message(1, s -> schema(s, schema)));
                    }
                });
    }

    private static void schema(Gnostic message, JsonNode schema) {
        message.text(1, schema.path("$ref"));
        message.text(2, schema.path("format"));
        message.text(4, schema.path("description"));
        JsonNode fallback = schema.path("default");
        if (!fallback.isMissingNode()) {
            message.message(5, m -> any(m, fallback));
        }
        message.texts(19, schema.path("required"));
        schema.path("enum").forEach(v -> message.message(20, m -> any(m, v)));
        JsonNode additional = schema.path("additionalProperties");
        if (additional.isObject()) {
            message.message(21, m -> m.message(1, s -> schema(s, additional)));
        }
        if (schema.path("type").isString()) {
            message.message(22, m -> m.text(1, schema.path("type")));
        }
        JsonNode items = schema.path("items");
        if (items.isObject()) {
            message.message(23, m -> m.message(1, s -> schema(s, items)));
        }
        if (schema.path("properties").isObject()) {
            message.message(25, m -> m.named(1, schema.path("properties"), Gnostic::schema));
        }
        message.extensions(31, schema);
    }
}
