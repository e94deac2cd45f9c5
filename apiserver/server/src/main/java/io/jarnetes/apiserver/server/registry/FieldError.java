package io.jarnetes.apiserver.server.registry;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * One field that is not as it must be; prints as upstream's {@code field.Error}: {@code
 * spec.replicas: Invalid value: -1: must be greater than or equal to 0}.
 *
 * @param type the words that upstream prints
 * @param field a path such as {@code spec.containers[0].image}
 * @param value what was found, as it is printed; null where the type prints none
 * @param detail empty for none
 */
public record FieldError(Type type, String field, @Nullable String value, String detail) {

    /** Kinds of error with the reason of the cause and the words of the text. */
    public enum Type {
        REQUIRED("FieldValueRequired", "Required value"),
        INVALID("FieldValueInvalid", "Invalid value"),
        NOT_FOUND("FieldValueNotFound", "Not found"),
        DUPLICATE("FieldValueDuplicate", "Duplicate value"),
        NOT_SUPPORTED("FieldValueNotSupported", "Unsupported value"),
        FORBIDDEN("FieldValueForbidden", "Forbidden"),
        TOO_LONG("FieldValueTooLong", "Too long"),
        TOO_MANY("FieldValueTooMany", "Too many"),
        TYPE_INVALID("FieldValueTypeInvalid", "Invalid value"),
        INTERNAL("InternalError", "Internal error");

        private final String reason;
        private final String words;

        Type(String reason, String words) {
            this.reason = reason;
            this.words = words;
        }
    }

    public static FieldError required(String field, String detail) {
        return new FieldError(Type.REQUIRED, field, null, detail);
    }

    public static FieldError forbidden(String field, String detail) {
        return new FieldError(Type.FORBIDDEN, field, null, detail);
    }

    /** {@code value} is a String, number, boolean or tree. */
    public static FieldError invalid(String field, @Nullable Object value, String detail) {
        return new FieldError(Type.INVALID, field, print(value), detail);
    }

    public static FieldError duplicate(String field, @Nullable Object value) {
        return new FieldError(Type.DUPLICATE, field, print(value), "");
    }

    public static FieldError notFound(String field, @Nullable Object value) {
        return new FieldError(Type.NOT_FOUND, field, print(value), "");
    }

    /** Lists the supported values, sorted as given. */
    public static FieldError notSupported(
            String field, @Nullable Object value, List<String> supported) {
        String detail =
                supported.isEmpty()
                        ? ""
                        : "supported values: "
                                + supported.stream()
                                        .map(Quote::go)
                                        .collect(Collectors.joining(", "));
        return new FieldError(Type.NOT_SUPPORTED, field, print(value), detail);
    }

    public static FieldError tooLong(String field, int maxBytes) {
        String detail =
                maxBytes == 1
                        ? "may not be more than 1 byte"
                        : "may not be more than " + maxBytes + " bytes";
        return new FieldError(Type.TOO_LONG, field, null, detail);
    }

    public static FieldError tooMany(String field, int actual, int max) {
        String detail = "must have at most " + max + (max == 1 ? " item" : " items");
        return new FieldError(Type.TOO_MANY, field, Integer.toString(actual), detail);
    }

    /** The same with a detail. */
    public FieldError with(String otherDetail) {
        return new FieldError(type, field, value, otherDetail);
    }

    /** The error without its field, as {@code details.causes[].message} has it. */
    public String body() {
        String text = value == null ? type.words : type.words + ": " + value;
        return detail.isEmpty() ? text : text + ": " + detail;
    }

    StatusCause cause() {
        return new StatusCause(type.reason, body(), field);
    }

    @Override
    public String toString() {
        return field + ": " + body();
    }

    /** Texts as a list prints. */
    public static JsonNode shown(List<String> texts) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        texts.forEach(list::add);
        return list;
    }

    private static String print(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case String text -> Quote.go(text);
            case JsonNode node when node.isString() -> Quote.go(node.asString());
            case JsonNode node -> node.toString();
            default -> value.toString();
        };
    }
}
