package io.jarnetes.apiserver.server.registry.pods;

import io.jarnetes.apiserver.server.registry.FieldErrors;
import io.jarnetes.apiserver.server.registry.validation.NameRules;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Checks that several rules share; {@code at} is the path of the object that has the field. */
final class Checks {

    static final String NEGATIVE = "must be greater than or equal to 0";

    private Checks() {}

    static String text(JsonNode object, String field) {
        return object.path(field).asString("");
    }

    /** Whether the field is there, as a pointer of Go would be. */
    static boolean set(JsonNode object, String field) {
        return object.hasNonNull(field);
    }

    static void oneOf(
            JsonNode object, String at, String field, List<String> values, FieldErrors errors) {
        String value = text(object, field);
        if (value.isEmpty()) {
            errors.required(at + "." + field, "");
        } else {
            supported(object, at, field, values, errors);
        }
    }

    /** As {@link #oneOf}, for a field that may be missing. */
    static void supported(
            JsonNode object, String at, String field, List<String> values, FieldErrors errors) {
        String value = text(object, field);
        if (set(object, field) && !values.contains(value)) {
            errors.notSupported(at + "." + field, value, values);
        }
    }

    static void required(JsonNode object, String at, String field, FieldErrors errors) {
        if (text(object, field).isEmpty()) {
            errors.required(at + "." + field, "");
        }
    }

    static void nonNegative(JsonNode object, String at, String field, FieldErrors errors) {
        long value = object.path(field).asLong(0);
        if (value < 0) {
            errors.invalid(at + "." + field, value, NEGATIVE);
        }
    }

    /** A user's or group's number. */
    static void id(JsonNode object, String at, String field, FieldErrors errors) {
        if (set(object, field)) {
            id(object.path(field), at + "." + field, errors);
        }
    }

    static void id(JsonNode value, String at, FieldErrors errors) {
        long id = value.asLong(0);
        if (id < 0 || id > Integer.MAX_VALUE) {
            errors.invalid(at, id, NameRules.range(0, Integer.MAX_VALUE));
        }
    }

    /** A port by number or name. */
    static void port(JsonNode port, String at, FieldErrors errors) {
        if (port.isString()) {
            errors.invalid(at, port, NameRules.portName(port.asString("")));
        } else {
            long number = port.asLong(0);
            errors.invalid(at, number, NameRules.portNumber(number));
        }
    }

    static void noBacksteps(String path, String at, FieldErrors errors) {
        if (Arrays.asList(path.split("/", -1)).contains("..")) {
            errors.invalid(at, path, "must not contain '..'");
        }
    }

    /** A path below something: relative, and never up. */
    static void descending(String path, String at, FieldErrors errors) {
        if (path.startsWith("/")) {
            errors.invalid(at, path, "must be a relative path");
        }
        noBacksteps(path, at, errors);
    }
}
