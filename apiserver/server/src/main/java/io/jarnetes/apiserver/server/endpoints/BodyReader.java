package io.jarnetes.apiserver.server.endpoints;

import io.jarnetes.apiserver.schema.GroupVersionKind;
import io.jarnetes.apiserver.schema.codec.DecodeException;
import io.jarnetes.apiserver.schema.codec.Decoded;
import io.jarnetes.apiserver.schema.codec.MediaType;
import io.jarnetes.apiserver.schema.codec.RawTree;
import io.jarnetes.apiserver.schema.codec.TreeCodec;
import io.jarnetes.apiserver.server.registry.ApiException;
import io.jarnetes.apiserver.server.registry.FieldValidation;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Decodes the object of a request, with upstream's refusals. */
final class BodyReader {

    private static final List<String> ACCEPTED =
            List.of("application/json", "application/yaml", "application/vnd.kubernetes.protobuf");
    private static final int SUMMARY_BYTES = 30;
    private static final String YAML_ERROR = "error converting YAML to JSON: ";
    private static final String SCHEME = "pkg/api/legacyscheme/scheme.go:30";
    private static final String OPTIONS_SCHEME =
            "k8s.io/apimachinery/pkg/apis/meta/internalversion/scheme/register.go:27";

    private final TreeCodec codec;

    BodyReader(TreeCodec codec) {
        this.codec = codec;
    }

    /**
     * @param expected what the path says
     * @param warnings takes what is only warned of
     */
    ObjectNode read(
            ApiRequest request,
            GroupVersionKind expected,
            FieldValidation validation,
            Consumer<String> warnings) {
        MediaType type = mediaType(request.headers().first("Content-Type"));
        try {
            Decoded decoded = codec.decode(request.body(), type, expected);
            GroupVersionKind found = GroupVersionKind.of(decoded.object());
            checkKind(found, expected);
            report(decoded, found, expected, validation, warnings);
            return decoded.object();
        } catch (DecodeException e) {
            throw unreadable(request.body(), expected, String.valueOf(e.getMessage()));
        }
    }

    /** Options of a delete, under whatever group they come. */
    ObjectNode readOptions(ApiRequest request, GroupVersionKind expected) {
        MediaType type = mediaType(request.headers().first("Content-Type"));
        try {
            ObjectNode options = codec.decode(request.body(), type, expected).object();
            GroupVersionKind found = GroupVersionKind.of(options);
            if (!found.kind().equals(expected.kind())) {
                throw ApiException.badRequest(
                        "no kind \""
                                + found.kind()
                                + "\" is registered for version \""
                                + found.apiVersion()
                                + "\" in scheme \""
                                + OPTIONS_SCHEME
                                + "\"");
            }
            return options;
        } catch (DecodeException e) {
            throw ApiException.badRequest(String.valueOf(e.getMessage()));
        }
    }

    static void report(
            Decoded decoded,
            GroupVersionKind found,
            GroupVersionKind expected,
            FieldValidation validation,
            Consumer<String> warnings) {
        if (decoded.strictErrors().isEmpty()) {
            return;
        }
        switch (validation) {
            case IGNORE -> {}
            case WARN -> decoded.strictErrors().forEach(warnings);
            case STRICT ->
                    throw ApiException.badRequest(
                            handled(found, expected) + ": " + decoded.strictMessage());
        }
    }

    private static void checkKind(GroupVersionKind found, GroupVersionKind expected) {
        if (found.equals(expected)) {
            return;
        }
        if (found.kind().equals(expected.kind())) {
            if (found.group().equals(expected.group())
                    && found.version().equals(expected.version())) {
                return;
            }
            throw ApiException.badRequest(
                    "the API version in the data ("
                            + found.apiVersion()
                            + ") does not match the expected API version ("
                            + expected.apiVersion()
                            + ")");
        }
        throw ApiException.badRequest(
                handled(found, expected) + ": " + unconvertible(found, expected));
    }

    /** Why one kind is no other, or no kind at all. */
    static String unconvertible(GroupVersionKind found, GroupVersionKind expected) {
        if (found.kind().equals(expected.kind())) {
            return "no kind \""
                    + found.kind()
                    + "\" is registered for version \""
                    + found.apiVersion()
                    + "\" in scheme \""
                    + SCHEME
                    + "\"";
        }
        return "converting ("
                + goType(found)
                + ") to ("
                + internalType(expected)
                + "): unknown conversion";
    }

    private static String goType(GroupVersionKind kind) {
        return kind.version() + "." + kind.kind();
    }

    private static String internalType(GroupVersionKind kind) {
        String group = kind.group().isEmpty() ? "core" : kind.group();
        int dot = group.indexOf('.');
        return (dot < 0 ? group : group.substring(0, dot)) + "." + kind.kind();
    }

    private static String handled(GroupVersionKind found, GroupVersionKind expected) {
        return found.kind()
                + " in version \""
                + found.version()
                + "\" cannot be handled as a "
                + expected.kind();
    }

    private static ApiException unreadable(byte[] body, GroupVersionKind expected, String message) {
        String text = new String(body, StandardCharsets.UTF_8);
        GroupVersionKind found = kindOf(body, expected);
        boolean yaml = message.startsWith(YAML_ERROR);
        if (yaml || message.startsWith("unexpected GroupVersion string")) {
            return unrecognized(
                    body, expected, yaml ? message.substring(YAML_ERROR.length()) : message);
        }
        if (found != null && !message.contains("couldn't get version/kind")) {
            return ApiException.badRequest(handled(found, expected) + ": " + message);
        }
        if (!message.contains("couldn't get version/kind") && !text.isBlank()) {
            return ApiException.badRequest(handled(expected, expected) + ": " + message);
        }
        return unrecognized(body, expected, message);
    }

    private static ApiException unrecognized(
            byte[] body, GroupVersionKind expected, String message) {
        return ApiException.badRequest(
                "the object provided is unrecognized (must be of type "
                        + expected.kind()
                        + "): "
                        + message
                        + " ("
                        + summary(body)
                        + ")");
    }

    /** What the body says that it is; null where it can't be read at all, or doesn't say. */
    private static @Nullable GroupVersionKind kindOf(byte[] body, GroupVersionKind expected) {
        for (MediaType type : List.of(MediaType.JSON, MediaType.YAML)) {
            try {
                JsonNode tree = RawTree.read(body, type).tree();
                String kind = tree.path("kind").asString("");
                String version = tree.path("apiVersion").asString("");
                int slash = version.indexOf('/');
                if (!kind.isEmpty()) {
                    return version.isEmpty()
                            ? new GroupVersionKind(expected.group(), expected.version(), kind)
                            : new GroupVersionKind(
                                    slash < 0 ? "" : version.substring(0, slash),
                                    version.substring(slash + 1),
                                    kind);
                }
            } catch (DecodeException e) {
                continue;
            }
        }
        return null;
    }

    /** The beginning, in hexadecimal unless it looks like JSON. */
    private static String summary(byte[] body) {
        if (body.length == 0) {
            return "<empty>";
        }
        String text =
                body[0] == '{'
                        ? new String(body, StandardCharsets.UTF_8)
                        : HexFormat.of().formatHex(body);
        return text.length() > SUMMARY_BYTES ? text.substring(0, SUMMARY_BYTES) + " ..." : text;
    }

    private static MediaType mediaType(@Nullable String contentType) {
        if (contentType == null || contentType.isBlank()) {
            return MediaType.JSON;
        }
        int end = contentType.indexOf(';');
        boolean wellFormed =
                end < 0
                        || Stream.of(contentType.substring(end + 1).split(";"))
                                .allMatch(each -> each.isBlank() || each.contains("="));
        return MediaType.of(wellFormed ? contentType : "")
                .orElseThrow(() -> ApiException.unsupportedMediaType(ACCEPTED));
    }
}
