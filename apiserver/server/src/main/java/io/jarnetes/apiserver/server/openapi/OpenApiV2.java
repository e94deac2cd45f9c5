package io.jarnetes.apiserver.server.openapi;

import io.jarnetes.apiserver.schema.ApiGroup;
import io.jarnetes.apiserver.schema.GroupVersion;
import io.jarnetes.apiserver.schema.ResourceDefinition;
import io.jarnetes.apiserver.schema.ResourceTable;
import io.jarnetes.apiserver.schema.Schema;
import io.jarnetes.apiserver.schema.codec.GoJson;
import io.jarnetes.apiserver.server.openapi.Parameters.Parameter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** OpenAPI 2, which describes all groups in one document, as JSON and as gnostic's protobuf. */
public final class OpenApiV2 {
    /** What clients ask for to get {@link #protobuf()}. */
    public static final String PROTOBUF_TYPE =
            "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** Versions that Go's scheme still knows options under, besides the table's. */
    private static final List<GroupVersion> GONE =
            Stream.of(
                            "admission.k8s.io/v1",
                            "admission.k8s.io/v1beta1",
                            "apiextensions.k8s.io/v1beta1",
                            "apiregistration.k8s.io/v1beta1",
                            "apps/v1beta1",
                            "apps/v1beta2",
                            "authentication.k8s.io/v1alpha1",
                            "authentication.k8s.io/v1beta1",
                            "authorization.k8s.io/v1beta1",
                            "batch/v1beta1",
                            "discovery.k8s.io/v1beta1",
                            "events.k8s.io/v1beta1",
                            "extensions/v1beta1",
                            "flowcontrol.apiserver.k8s.io/v1beta1",
                            "flowcontrol.apiserver.k8s.io/v1beta2",
                            "flowcontrol.apiserver.k8s.io/v1beta3",
                            "imagepolicy.k8s.io/v1alpha1",
                            "node.k8s.io/v1alpha1",
                            "node.k8s.io/v1beta1",
                            "policy/v1beta1",
                            "rbac.authorization.k8s.io/v1alpha1",
                            "rbac.authorization.k8s.io/v1beta1",
                            "scheduling.k8s.io/v1beta1",
                            "storage.k8s.io/v1alpha1")
                    .map(GroupVersion::parse)
                    .toList();

    private final Schema schema;
    private final ResourceTable table;
    private final String version;
    private volatile byte @Nullable [] json;
    private volatile byte @Nullable [] protobuf;

    /**
     * @param version what {@code info.version} says, such as {@code 1.36}
     */
    public OpenApiV2(Schema schema, ResourceTable table, String version) {
        this.schema = schema;
        this.table = table;
        this.version = version;
    }

    /** {@code /openapi/v2} as compact JSON. */
    public byte[] json() {
        byte[] made = json;
        if (made == null) {
            made = GoJson.line(document());
            json = made;
        }
        return made;
    }

    /** {@code /openapi/v2} as {@link #PROTOBUF_TYPE}. */
    public byte[] protobuf() {
        byte[] made = protobuf;
        if (made == null) {
            made = Gnostic.document(document());
            protobuf = made;
        }
        return made;
    }

    ObjectNode document() {
        Definitions definitions = new Definitions(schema, false, versions());
        ObjectNode document = NODES.objectNode().put("swagger", "2.0");
        document.putObject("info").put("title", "Kubernetes").put("version", version);
        ObjectNode paths = document.putObject("paths");
        Set<String> used = new LinkedHashSet<>();
        tagged().forEach((path, tagged) -> {
            ObjectNode item = paths.putObject(path);
            write(item, tagged, definitions);
            tagged.operations().forEach(o -> used.addAll(List.of(o.body(), o.answer())));
        });
        used.remove("");
        document.set("definitions", definitions.closure(used));
        document.putObject("securityDefinitions")
                .putObject("BearerToken")
                .put("description", "Bearer Token authentication")
                .put("type", "apiKey")
                .put("name", "authorization")
                .put("in", "header");
        document.putArray("security").addObject().putArray("BearerToken");
        return document;
    }

    private List<GroupVersion> versions() {
        return Stream.concat(
                        GONE.stream(),
                        ResourceTable.known().all().stream().map(ResourceDefinition::groupVersion))
                .distinct()
                .filter(v -> !v.group().isEmpty())
                .sorted(
                        Comparator.comparing(GroupVersion::group)
                                .thenComparing(GroupVersion::version))
                .toList();
    }

    private record Tagged(String tag, List<Operation> operations) {}

    private Map<String, Tagged> tagged() {
        Parameters parameters = new Parameters(schema);
        Map<String, Tagged> all = new TreeMap<>();
        List<String> roots =
                new ArrayList<>(
                        List.of(
                                ".well-known/openid-configuration",
                                "api",
                                "apis",
                                "openid/v1/jwks",
                                "version"));
        for (ApiGroup group : table.groups()) {
            if (!group.name().isEmpty()) {
                roots.add("apis/" + group.name());
            }
            for (ApiGroup.ApiVersion served : group.versions()) {
                GroupVersion found = new GroupVersion(group.name(), served.version());
                Operations of = new Operations(schema, parameters, found);
                table.in(found).stream()
                        .filter(d -> schema.type(d.gvk()).isPresent())
                        .forEach(of::add);
                String tag = OperationNames.tagName(found);
                of.paths().forEach((path, o) -> all.put(path, new Tagged(tag, o)));
            }
        }
        for (String root : roots) {
            Tagged tagged = new Tagged(Roots.tag(root), List.of(Roots.operation(root)));
            all.put("/" + root + "/", tagged);
        }
        return all;
    }

    private static void write(ObjectNode item, Tagged tagged, Definitions definitions) {
        Set<Parameter> common = OpenApiV3.common(tagged.operations());
        for (Operation operation : tagged.operations()) {
            item.set(operation.method(), write(operation, tagged.tag(), common, definitions));
        }
        if (!common.isEmpty()) {
            ArrayNode array = item.putArray("parameters");
            common.forEach(p -> parameter(array.addObject(), p));
        }
    }

    private static void parameter(ObjectNode node, Parameter parameter) {
        node.put("uniqueItems", true)
                .put("type", parameter.type())
                .put("description", parameter.description())
                .put("name", parameter.name())
                .put("in", parameter.in());
        if (parameter.in().equals("path")) {
            node.put("required", true);
        }
    }

    private static ObjectNode write(
            Operation operation, String tag, Set<Parameter> common, Definitions definitions) {
        ObjectNode node = NODES.objectNode().put("description", operation.description());
        boolean patch = operation.body().equals(TypeNames.PATCH);
        strings(node.putArray("consumes"), patch ? Roots.PATCH_TYPES : List.of("*/*"));
        strings(node.putArray("produces"), operation.produces());
        node.putArray("schemes").add("https");
        node.putArray("tags").add(tag);
        node.put("operationId", operation.id());
        parameters(node, operation, common, definitions);
        ObjectNode responses = node.putObject("responses");
        for (int code : operation.codes()) {
            ObjectNode response =
                    responses
                            .putObject(String.valueOf(code))
                            .put("description", Roots.statusText(code));
            response.set(
                    "schema",
                    operation.answer().isEmpty()
                            ? NODES.objectNode().put("type", "string")
                            : definitions.ref(operation.answer()));
        }
        responses.putObject("401").put("description", "Unauthorized");
        if (!operation.action().isEmpty()) {
            node.put("x-kubernetes-action", operation.action());
        }
        if (operation.kind() != null) {
            node.putObject("x-kubernetes-group-version-kind")
                    .put("group", operation.kind().group())
                    .put("kind", operation.kind().kind())
                    .put("version", operation.kind().version());
        }
        return node;
    }

    private static void parameters(
            ObjectNode node, Operation operation, Set<Parameter> common, Definitions definitions) {
        List<Parameter> own = new ArrayList<>(operation.parameters());
        own.removeAll(common);
        if (own.isEmpty() && operation.body().isEmpty()) {
            return;
        }
        ArrayNode array = node.putArray("parameters");
        if (!operation.body().isEmpty()) {
            ObjectNode body = array.addObject().put("name", "body").put("in", "body");
            if (operation.bodyRequired()) {
                body.put("required", true);
            }
            body.set("schema", definitions.ref(operation.body()));
        }
        own.forEach(p -> parameter(array.addObject(), p));
    }

    private static void strings(ArrayNode array, List<String> values) {
        values.forEach(array::add);
    }
}
