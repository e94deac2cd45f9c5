package io.jarnetes.apiserver.server.openapi;

import io.jarnetes.apiserver.schema.GroupVersion;
import io.jarnetes.apiserver.schema.ResourceDefinition;
import io.jarnetes.apiserver.schema.Schema;
import io.jarnetes.apiserver.schema.Subresource;
import io.jarnetes.apiserver.server.openapi.Parameters.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The operations of the resources of one group and version, by path. */
final class Operations {
    static final List<String> PLAIN =
            List.of("application/json", "application/vnd.kubernetes.protobuf", "application/yaml");
    private static final Set<String> CONNECT = Set.of("attach", "exec", "portforward", "proxy");

    private final Verbs verbs;
    private final Parameters parameters;
    private final GroupVersion version;
    private final Map<String, List<Operation>> paths = new TreeMap<>();

    Operations(Schema schema, Parameters parameters, GroupVersion version) {
        this.verbs = new Verbs(schema, parameters, version);
        this.parameters = parameters;
        this.version = version;
        add(
                version.path() + "/",
                new Operation(
                        "get",
                        "get" + OperationNames.tag(version) + "APIResources",
                        "get available resources",
                        "",
                        null,
                        List.of(),
                        "",
                        false,
                        TypeNames.META + "APIResourceList",
                        List.of(200),
                        PLAIN));
    }

    Map<String, List<Operation>> paths() {
        return paths;
    }

    private void add(String path, Operation operation) {
        paths.computeIfAbsent(path, p -> new ArrayList<>()).add(operation);
    }

    /** Everything that a resource and its subresources offer. */
    void add(ResourceDefinition definition) {
        String plural = definition.plural();
        String base = version.path();
        String place = definition.namespaced() ? base + "/namespaces/{namespace}/" : base + "/";
        collection(definition, place + plural);
        item(definition, place + plural + "/{name}");
        if (definition.namespaced() && definition.allows("list")) {
            add(base + "/" + plural, verbs.list(definition, "ForAllNamespaces", false));
        }
        if (definition.allows("watch")) {
            String scoped = definition.namespaced() ? "/namespaces/{namespace}/" : "/";
            add(base + "/watch" + scoped + plural, verbs.watch(definition, "List", true, false));
            add(
                    base + "/watch" + scoped + plural + "/{name}",
                    verbs.watch(definition, "", true, true));
            if (definition.namespaced()) {
                add(
                        base + "/watch/" + plural,
                        verbs.watch(definition, "ListForAllNamespaces", false, false));
            }
        }
        for (Subresource sub : definition.subresources()) {
            subresource(definition, sub, place + plural + "/{name}/" + sub.name());
        }
    }

    private void collection(ResourceDefinition definition, String path) {
        if (definition.allows("list")) {
            add(path, verbs.list(definition, "", true));
        }
        if (definition.allows("create")) {
            add(path, verbs.create(definition));
        }
        if (definition.allows("deletecollection")) {
            add(path, verbs.deleteCollection(definition));
        }
    }

    private void item(ResourceDefinition definition, String path) {
        String kind = definition.kind();
        String type = verbs.typeName(definition.gvk());
        String id = verbs.id(definition);
        if (definition.allows("get")) {
            add(
                    path,
                    verbs.read(
                            definition, id, "read the specified " + kind, definition.gvk(), type));
        }
        if (definition.allows("update")) {
            String text = "replace the specified " + kind;
            add(path, verbs.replace(definition, id, text, definition.gvk(), type));
        }
        if (definition.allows("delete")) {
            add(path, verbs.delete(definition));
        }
        if (definition.allows("patch")) {
            String text = "partially update the specified " + kind;
            add(path, verbs.patch(definition, id, text, definition.gvk(), type));
        }
    }

    private void subresource(ResourceDefinition definition, Subresource sub, String path) {
        if (CONNECT.contains(sub.name())) {
            connect(definition, sub, path);
            return;
        }
        String id = verbs.id(definition) + OperationNames.capital(sub.name());
        String type = verbs.typeName(sub.kind());
        String of = sub.name() + " of the specified " + definition.kind();
        if (sub.name().equals("log")) {
            add(path, verbs.log(definition, sub, id));
            return;
        }
        if (sub.verbs().contains("get")) {
            add(path, verbs.read(definition, id, "read " + of, sub.kind(), type));
        }
        if (sub.verbs().contains("update")) {
            add(path, verbs.replace(definition, id, "replace " + of, sub.kind(), type));
        }
        if (sub.verbs().contains("create")) {
            add(path, verbs.create(definition, sub));
        }
        if (sub.verbs().contains("patch")) {
            add(path, verbs.patch(definition, id, "partially update " + of, sub.kind(), type));
        }
    }

    private void connect(ResourceDefinition definition, Subresource sub, String path) {
        List<Parameter> options =
                parameters.of("io.k8s.api.core.v1." + sub.kind().kind(), Set.of());
        List<Parameter> all = new ArrayList<>(Verbs.all(definition, true, options));
        all.remove(Parameters.PRETTY);
        boolean proxy = sub.name().equals("proxy");
        List<String> methods =
                proxy
                        ? List.of("get", "put", "post", "delete", "options", "head", "patch")
                        : List.of("get", "post");
        for (String method : methods) {
            add(path, verbs.connect(definition, sub, method, "", all));
            if (proxy) {
                List<Parameter> further = new ArrayList<>(all);
                further.add(Parameters.PATH);
                further.sort(Verbs.BY_NAME);
                add(path + "/{path}", verbs.connect(definition, sub, method, "WithPath", further));
            }
        }
    }
}
