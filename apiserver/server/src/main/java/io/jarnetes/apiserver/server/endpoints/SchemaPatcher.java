package io.jarnetes.apiserver.server.endpoints;

import io.jarnetes.apiserver.schema.ResourceDefinition;
import io.jarnetes.apiserver.schema.Schema;
import io.jarnetes.apiserver.schema.TypeSchema;
import io.jarnetes.apiserver.schema.codec.DecodeException;
import io.jarnetes.apiserver.schema.codec.MediaType;
import io.jarnetes.apiserver.schema.codec.RawTree;
import io.jarnetes.apiserver.server.patch.JsonPatch;
import io.jarnetes.apiserver.server.patch.MergePatch;
import io.jarnetes.apiserver.server.patch.PatchException;
import io.jarnetes.apiserver.server.patch.StrategicMergePatch;
import io.jarnetes.apiserver.server.registry.ApiException;
import io.jarnetes.apiserver.server.registry.ApiStatus;
import io.jarnetes.apiserver.server.registry.Meta;
import io.jarnetes.apiserver.server.registry.StatusDetails;
import io.jarnetes.apiserver.server.tree.GoText;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** JSON, merge and strategic merge patches; server-side apply is {@link ApplyVerb}'s. */
public final class SchemaPatcher implements Patcher {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final Set<String> OPERATION_FIELDS = Set.of("op", "path", "from", "value");
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
                case JSON_PATCH -> operations(patch, current);
                case MERGE -> {
                    RawTree tree = read(patch, "error decoding patch: ");
                    yield shown(MergePatch.apply(current, tree.tree()), tree.strictErrors());
                }
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
        RawTree tree = read(patch, "");
        ObjectNode patched = strategic.apply(type, current, tree.tree());
        // Upstream lays the fields over its own type, whose kind is out of the patch's reach.
        Meta.copyField(current, patched, "kind");
        Meta.copyField(current, patched, "apiVersion");
        return new Patched(patched, GoText.of(tree.tree()), tree.strictErrors());
    }

    private static Patched operations(byte[] patch, ObjectNode current) throws PatchException {
        RawTree tree = read(patch, "error decoding patch: ");
        if (!tree.tree().isArray()) {
            throw ApiException.badRequest(
                    "error decoding patch: json: cannot unmarshal "
                            + goKind(tree.tree())
                            + " into Go value of type []handlers.jsonPatchOp");
        }
        List<String> strict = new ArrayList<>();
        for (int i = 0; i < tree.tree().size(); i++) {
            for (String field : tree.tree().get(i).propertyNames()) {
                if (!OPERATION_FIELDS.contains(field)) {
                    strict.add("json patch unknown field \"[" + i + "]." + field + '"');
                }
            }
        }
        return shown(JsonPatch.apply(current, tree.tree()), strict);
    }

    private static Patched shown(JsonNode patched, List<String> strictErrors) {
        if (patched instanceof ObjectNode object) {
            return new Patched(object, MAPPER.writeValueAsString(object), strictErrors);
        }
        throw ApiException.badRequest("the patched document is no object");
    }

    private static String goKind(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> "object";
            case ARRAY -> "array";
            case STRING -> "string";
            case BOOLEAN -> "bool";
            default -> "number";
        };
    }

    /**
     * @param prefix of what is said of a patch that isn't as it should be
     */
    private static RawTree read(byte[] patch, String prefix) {
        try {
            RawTree tree = RawTree.read(patch, MediaType.JSON);
            boolean map = prefix.isEmpty();
            if (map && !tree.tree().isObject()) {
                throw ApiException.badRequest(
                        "json: cannot unmarshal "
                                + goKind(tree.tree())
                                + " into Go value of type map[string]interface {}");
            }
            return tree;
        } catch (DecodeException e) {
            throw ApiException.badRequest(prefix + e.getMessage());
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
            case INTERNAL -> new ApiException(new ApiStatus(500, "", message, null));
        };
    }
}
