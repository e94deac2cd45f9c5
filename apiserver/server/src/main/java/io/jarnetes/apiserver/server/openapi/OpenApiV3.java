package io.jarnetes.apiserver.server.openapi;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jarnetes.apiserver.schema.ApiGroup;
import io.jarnetes.apiserver.schema.GroupVersion;
import io.jarnetes.apiserver.schema.ResourceDefinition;
import io.jarnetes.apiserver.schema.ResourceTable;
import io.jarnetes.apiserver.schema.Schema;
import io.jarnetes.apiserver.schema.codec.GoJson;
import io.jarnetes.apiserver.server.discovery.ETag;
import io.jarnetes.apiserver.server.openapi.Parameters.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** OpenAPI 3: an index and a document for each group and version. */
public final class OpenApiV3 {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Schema schema;
    private final ResourceTable table;
    private final String version;
    private final Map<String, byte[]> documents = new ConcurrentHashMap<>();

    /**
     * @param version what {@code info.version} says, such as {@code 1.36}; hashes depend on it
     */
    public OpenApiV3(Schema schema, ResourceTable table, String version) {
        this.schema = schema;
        this.table = table;
        this.version = version;
    }

    /** {@code /openapi/v3}: the documents and their addresses with hashes. */
    public byte[] index() {
        ObjectNode index = NODES.objectNode();
        ObjectNode paths = index.putObject("paths");
        for (String path : new TreeMap<>(names()).keySet()) {
            String address = "/openapi/v3/" + path + "?hash=" + hash(path);
            paths.putObject(path).put("serverRelativeURL", address);
        }
        return GoJson.compact(index);
    }

    /** Document names: {@code api}, {@code api/v1}, {@code apis/apps}, {@code apis/apps/v1} … */
    private Map<String, Optional<GroupVersion>> names() {
        Map<String, Optional<GroupVersion>> names = new TreeMap<>();
        for (String plain :
                List.of(
                        ".well-known/openid-configuration",
                        "api",
                        "apis",
                        "openid/v1/jwks",
                        "version")) {
            names.put(plain, Optional.empty());
        }
        for (ApiGroup group : table.groups()) {
            if (!group.name().isEmpty()) {
                names.put("apis/" + group.name(), Optional.empty());
            }
            for (ApiGroup.ApiVersion served : group.versions()) {
                GroupVersion found = new GroupVersion(group.name(), served.version());
                names.put(found.path().substring(1), Optional.of(found));
            }
        }
        return names;
    }

    /**
     * What a document depends on, hashed: it changes when the document does, and costs no
     * rendering.
     *
     * @param path a document's name, such as {@code apis/apps/v1}
     */
    public String hash(String path) {
        StringBuilder basis = new StringBuilder(version).append('\n').append(path).append('\n');
        Optional<GroupVersion> found = names().getOrDefault(path, Optional.empty());
        found.ifPresent(v -> table.in(v).forEach(d -> basis.append(d).append('\n')));
        return ETag.of(basis.toString().getBytes(UTF_8));
    }

    /**
     * A document as compact JSON.
     *
     * @param path its name, such as {@code apis/apps/v1}
     * @return nothing if there is none of that name
     */
    public Optional<byte[]> document(String path) {
        Optional<GroupVersion> found = names().get(path);
        if (found == null) {
            return Optional.empty();
        }
        return Optional.of(documents.computeIfAbsent(path, p -> GoJson.line(render(p, found))));
    }

    private ObjectNode render(String path, Optional<GroupVersion> found) {
        Parameters parameters = new Parameters(schema);
        Map<String, List<Operation>> operations = new TreeMap<>();
        String tag;
        if (found.isPresent()) {
            Operations of = new Operations(schema, parameters, found.get());
            for (ResourceDefinition definition : table.in(found.get())) {
                if (schema.type(definition.gvk()).isPresent()) {
                    of.add(definition);
                }
            }
            operations.putAll(of.paths());
            tag = OperationNames.tagName(found.get());
        } else {
            tag = Roots.tag(path);
            operations.put("/" + path + "/", List.of(Roots.operation(path)));
        }
        return document(operations, tag, found.stream().toList());
    }

    private ObjectNode document(
            Map<String, List<Operation>> operations, String tag, List<GroupVersion> versions) {
        Definitions definitions = new Definitions(schema, true, versions);
        ObjectNode document = NODES.objectNode().put("openapi", "3.0.0");
        document.putObject("info").put("title", "Kubernetes").put("version", version);
        ObjectNode paths = document.putObject("paths");
        Set<String> used = new LinkedHashSet<>();
        operations.forEach((path, all) -> {
            ObjectNode item = paths.putObject(path);
            Set<Parameter> common = common(all);
            for (Operation operation : all) {
                item.set(operation.method(), write(operation, tag, common, definitions));
                used.addAll(List.of(operation.body(), operation.answer()));
            }
            if (!common.isEmpty()) {
                parameters(item.putArray("parameters"), List.copyOf(common));
            }
        });
        used.remove("");
        ObjectNode components = document.putObject("components");
        if (!used.isEmpty()) {
            components.set("schemas", definitions.closure(used));
        }
        components
                .putObject("securitySchemes")
                .putObject("BearerToken")
                .put("type", "apiKey")
                .put("description", "Bearer Token authentication")
                .put("name", "authorization")
                .put("in", "header");
        return document;
    }

    /** What all operations of a path share stands once, at the path. */
    static Set<Parameter> common(List<Operation> operations) {
        Set<Parameter> common = new LinkedHashSet<>(operations.getFirst().parameters());
        operations.forEach(o -> common.retainAll(o.parameters()));
        return common;
    }

    private static void parameters(ArrayNode array, List<Parameter> parameters) {
        for (Parameter parameter : parameters) {
            ObjectNode node =
                    array.addObject()
                            .put("name", parameter.name())
                            .put("in", parameter.in())
                            .put("description", parameter.description());
            if (parameter.in().equals("path")) {
                node.put("required", true);
            }
            node.putObject("schema").put("type", parameter.type()).put("uniqueItems", true);
        }
    }

    private static ObjectNode write(
            Operation operation, String tag, Set<Parameter> common, Definitions definitions) {
        ObjectNode node = NODES.objectNode();
        node.putArray("tags").add(tag);
        node.put("description", operation.description()).put("operationId", operation.id());
        List<Parameter> own = new ArrayList<>(operation.parameters());
        own.removeAll(common);
        if (!own.isEmpty()) {
            parameters(node.putArray("parameters"), own);
        }
        body(operation, node, definitions);
        ObjectNode responses = node.putObject("responses");
        for (int code : operation.codes()) {
            answer(operation, responses.putObject(String.valueOf(code)), code, definitions);
        }
        responses.putObject("401").put("description", "Unauthorized");
        if (!operation.action().isEmpty()) {
            node.put("x-kubernetes-action", operation.action());
        }
        if (operation.kind() != null) {
            node.putObject("x-kubernetes-group-version-kind")
                    .put("group", operation.kind().group())
                    .put("version", operation.kind().version())
                    .put("kind", operation.kind().kind());
        }
        return node;
    }

    private static void body(Operation operation, ObjectNode node, Definitions definitions) {
        if (operation.body().isEmpty()) {
            return;
        }
        ObjectNode body = node.putObject("requestBody");
        ObjectNode content = body.putObject("content");
        List<String> types =
                operation.body().equals(TypeNames.PATCH) ? Roots.PATCH_TYPES : List.of("*/*");
        types.forEach(t -> content.putObject(t).set("schema", definitions.ref(operation.body())));
        if (operation.bodyRequired()) {
            body.put("required", true);
        }
    }

    private static void answer(
            Operation operation, ObjectNode response, int code, Definitions definitions) {
        response.put("description", Roots.statusText(code));
        ObjectNode content = response.putObject("content");
        for (String type : operation.produces()) {
            ObjectNode media = content.putObject(type);
            if (operation.answer().isEmpty()) {
                media.putObject("schema").put("type", "string");
            } else {
                media.set("schema", definitions.ref(operation.answer()));
            }
        }
    }
}
