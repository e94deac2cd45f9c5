package io.jarnetes.apiserver.server.registry.rules;

import io.jarnetes.apiserver.schema.codec.DecodeException;
import io.jarnetes.apiserver.schema.codec.Quantity;
import io.jarnetes.apiserver.server.registry.FieldErrors;
import io.jarnetes.apiserver.server.registry.Meta;
import io.jarnetes.apiserver.server.registry.validation.InternalForm;
import io.jarnetes.apiserver.server.registry.validation.NameRules;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A place in an object: what stands there, how the place is called, and where complaints go.
 *
 * @param value missing where nothing stands
 * @param path {@code spec.rules[0].verbs}; empty for the whole object
 */
record Field(JsonNode value, String path, FieldErrors errors) {

    static final String NEGATIVE = "must be greater than or equal to 0";
    static final String IMMUTABLE = "field is immutable";

    /** A field of this one. */
    Field at(String name) {
        return new Field(value.path(name), path.isEmpty() ? name : path + "." + name, errors);
    }

    /** The same value, complained about elsewhere. */
    Field called(String otherPath) {
        return new Field(value, otherPath, errors);
    }

    /** The items of a list, each with its place. */
    List<Field> items() {
        List<Field> items = new ArrayList<>();
        for (int i = 0; value.isArray() && i < value.size(); i++) {
            items.add(new Field(value.path(i), path + "[" + i + "]", errors));
        }
        return items;
    }

    /** The values of a map in the order of its keys, each with its place. */
    TreeMap<String, Field> entries() {
        TreeMap<String, Field> entries = new TreeMap<>();
        value.properties()
                .forEach(each ->
                        entries.put(
                                each.getKey(),
                                new Field(
                                        each.getValue(),
                                        path + "[" + each.getKey() + "]",
                                        errors)));
        return entries;
    }

    /** Whether something stands there, as a pointer of Go would. */
    boolean set() {
        return !value.isMissingNode() && !value.isNull();
    }

    /** Whether a text, list or map is missing or empty. */
    boolean empty() {
        return value.isString() ? value.asString().isEmpty() : value.isEmpty();
    }

    String text() {
        return value.asString("");
    }

    long number() {
        return value.asLong(0);
    }

    boolean flag() {
        return value.asBoolean(false);
    }

    /** The quantity there; null for none, or for what is none. */
    @Nullable Quantity quantity() {
        try {
            return set() ? Quantity.parse(value.asString("")) : null;
        } catch (DecodeException e) {
            return null;
        }
    }

    void required(String detail) {
        errors.required(path, detail);
    }

    void forbidden(String detail) {
        errors.forbidden(path, detail);
    }

    void invalid(String detail) {
        errors.invalid(path, set() ? value : null, detail);
    }

    void duplicate() {
        errors.duplicate(path, value);
    }

    /** Complains about a value that is there and none of these. */
    void supported(List<String> values) {
        if (set() && !values.contains(text())) {
            errors.notSupported(path, text(), values);
        }
    }

    /** Complains about a text that is missing or none of these. */
    void oneOf(List<String> values) {
        if (empty()) {
            required("");
        } else {
            supported(values);
        }
    }

    void needed() {
        if (empty()) {
            required("");
        }
    }

    void needed(Function<String, List<String>> rule) {
        if (empty()) {
            required("");
        } else {
            follows(rule);
        }
    }

    /** A complaint for each of the rule's about this text. */
    void follows(Function<String, List<String>> rule) {
        errors.invalid(path, text(), rule.apply(text()));
    }

    void nonNegative() {
        if (number() < 0) {
            errors.invalid(path, number(), NEGATIVE);
        }
    }

    void port() {
        errors.invalid(path, number(), NameRules.portNumber(number()));
    }

    /** The same of a struct, which is shown as upstream's internal type of this name. */
    void unchanged(JsonNode old, String type) {
        if (!Meta.semanticallyEqual(value, old)) {
            errors.invalid(path, InternalForm.of(type, value), IMMUTABLE);
        }
    }

    /** Complains where the old state has something else here. */
    void unchanged(JsonNode old) {
        if (!Meta.semanticallyEqual(value, old)) {
            invalid(IMMUTABLE);
        }
    }
}
