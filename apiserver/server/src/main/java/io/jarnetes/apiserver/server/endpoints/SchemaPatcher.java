package io.jarnetes.apiserver.server.endpoints;

import io.jarnetes.apiserver.schema.ResourceDefinition;
import io.jarnetes.apiserver.schema.Schema;
import io.jarnetes.apiserver.schema.TypeSchema;
import io.jarnetes.apiserver.server.patch.JsonPatch;
import io.jarnetes.apiserver.server.patch.MergePatch;
import io.jarnetes.apiserver.server.patch.PatchException;
import io.jarnetes.apiserver.server.patch.StrategicMergePatch;
import io.jarnetes.apiserver.server.registry.ApiException;
import io.jarnetes.apiserver.server.registry.ApiStatus;
import io.jarnetes.apiserver.server.registry.StatusDetails;
import io.jarnetes.apiserver.server.tree.GoText;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** JSON, merge and strategic merge patches; server-side apply is {@link ApplyVerb}'s. */
public final class SchemaPatcher implements Patcher {

    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(DeserializationFeature.USE_LONG_FOR_INTS).build();
    private static final List<String> WITHOUT_STRATEGIC =
            List.of(
                    Type.JSON_PATCH.contentType(),
                    Type.MERGE.contentType(),
                    Type.APPLY.contentType());

    private final Schema schema;
    private final StrategicMergePatch strategic;

    public SchemaPatcher(Schema schema) {
        this.schema = schema;
        this.strategic = new StrategicMergePatch(schema);
    }

    @Override
    public Patched patch(
            Type type, byte[] patch, ObjectNode current, ResourceDefinition definition) {
        try {
            return switch (type) {
                case JSON_PATCH -> shown(JsonPatch.apply(current, read(patch)));
                case MERGE -> shown(MergePatch.apply(current, read(patch)));
                case STRATEGIC -> strategic(patch, current, definition);
                case APPLY -> throw new IllegalArgumentException("apply is no patch of a document");
            };
        } catch (PatchException e) {
            throw translate(e);
        }
    }

    private Patched strategic(byte[] patch, ObjectNode current, ResourceDefinition definition)
            throws PatchException {
        TypeSchema type =
                schema.type(definition.gvk())
                        .orElseThrow(() -> ApiException.unsupportedMediaType(WITHOUT_STRATEGIC));
        JsonNode tree = read(patch);
        return new Patched(strategic.apply(type, current, tree), GoText.of(tree));
    }

    private static Patched shown(JsonNode patched) {
        if (patched instanceof ObjectNode object) {
            return new Patched(object, MAPPER.writeValueAsString(object));
        }
        throw ApiException.badRequest("the patched document is no object");
    }

    private static JsonNode read(byte[] patch) {
        try {
            JsonNode tree = MAPPER.readTree(patch);
            if (tree == null || tree.isMissingNode()) {
                throw ApiException.badRequest("error decoding patch: unexpected end of JSON input");
            }
            return tree;
        } catch (JacksonException e) {
            String text = new String(patch, StandardCharsets.UTF_8).strip();
            String what =
                    text.isEmpty()
                            ? "unexpected end of JSON input"
                            : "invalid character '"
                                    + text.charAt(Math.min(1, text.length() - 1))
                                    + "' looking for beginning of object key string";
            throw ApiException.badRequest("error decoding patch: " + what);
        }
    }

    private static ApiException translate(PatchException e) {
        String message = String.valueOf(e.getMessage());
        return switch (e.kind()) {
            case BAD_REQUEST -> ApiException.badRequest(message);
            case TOO_LARGE -> ApiException.requestEntityTooLarge(message);
            case UNPROCESSABLE ->
                    new ApiException(
                            new ApiStatus(
                                    422,
                                    "Invalid",
                                    "the server rejected our request due to an error in our"
                                            + " request",
                                    new StatusDetails("", "", "", "", List.of(), 0)));
            case INTERNAL -> ApiException.internalError(message);
        };
    }
}
