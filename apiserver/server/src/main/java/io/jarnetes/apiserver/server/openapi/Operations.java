package io.jarnetes.apiserver.server.openapi;

import io.jarnetes.apiserver.schema.GroupVersion;
import io.jarnetes.apiserver.schema.GroupVersionKind;
import io.jarnetes.apiserver.schema.ResourceDefinition;
import io.jarnetes.apiserver.schema.Schema;
import io.jarnetes.apiserver.schema.Subresource;
import io.jarnetes.apiserver.schema.TypeSchema;
import io.jarnetes.apiserver.server.openapi.Parameters.Parameter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The operations of the resources of one group and version, by path. */
final class Operations {
    static final List<String> PLAIN =
            List.of("application/json", "application/vnd.kubernetes.protobuf", "application/yaml");
    private static final List<String> STREAM =
            List.of(
                    "application/json",
                    "application/json;stream=watch",
                    "application/vnd.kubernetes.protobuf",
                    "application/vnd.kubernetes.protobuf;stream=watch",
                    "application/yaml");
    private static final List<String> LOG =
            List.of(
                    "application/json",
                    "application/vnd.kubernetes.protobuf",
                    "application/yaml",
                    "text/plain");
    private static final Comparator<Parameter> BY_NAME =
            Comparator.comparing(Parameter::name).thenComparing(Parameter::in);

    /** Kinds whose deletion answers with the object; that of the others with a Status. */
    private static final Set<String> ANSWER_OBJECT =
            Set.of(
                    "CSIDriver",
                    "CSINode",
                    "DeviceClass",
                    "PersistentVolume",
                    "PersistentVolumeClaim",
                    "Pod",
                    "PodTemplate",
                    "ResourceClaim",
                    "ResourceClaimTemplate",
                    "ResourceQuota",
                    "ResourceSlice",
                    "Service",
                    "ServiceAccount",
                    "StorageClass",
                    "VolumeAttachment",
                    "VolumeAttributesClass");

    private static final Set<String> CONNECT = Set.of("attach", "exec", "portforward", "proxy");

    private final Schema schema;
    private final Parameters parameters;
    private final GroupVersion version;
    private final Map<String, List<Operation>> paths = new TreeMap<>();

    Operations(Schema schema, Parameters parameters, GroupVersion version) {
        this.schema = schema;
        this.parameters = parameters;
        this.version = version;
        add(
                version.path() + "/",
                new Operation(
                        "get",
                        "get" + tag() + "APIResources",
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

    /** {@code AppsV1}, {@code RbacAuthorizationV1}, {@code CoreV1}. */
    private String tag() {
        return groupName(version.group(), true) + capital(version.version());
    }

    /** {@code apps_v1}, {@code rbacAuthorization_v1}, {@code core_v1}. */
    static String tagName(GroupVersion version) {
        return groupName(version.group(), false) + "_" + version.version();
    }

    /** The group's labels without {@code k8s.io}, joined. */
    static String groupName(String group, boolean capital) {
        if (group.isEmpty()) {
            return capital ? "Core" : "core";
        }
        StringBuilder name = new StringBuilder();
        for (String label : group.replaceFirst("\\.k8s\\.io$", "").split("\\.")) {
            name.append(name.isEmpty() && !capital ? label : capital(label));
        }
        return name.toString();
    }

    private static String capital(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
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
            list(definition, base + "/" + plural, "ForAllNamespaces", false);
        }
        if (definition.allows("watch")) {
            String scoped = definition.namespaced() ? "/namespaces/{namespace}/" : "/";
            watch(definition, base + "/watch" + scoped + plural, "List", true, false);
            watch(definition, base + "/watch" + scoped + plural + "/{name}", "", true, true);
            if (definition.namespaced()) {
                watch(definition, base + "/watch/" + plural, "ListForAllNamespaces", false, false);
            }
        }
        for (Subresource sub : definition.subresources()) {
            subresource(definition, sub, place + plural + "/{name}/" + sub.name());
        }
    }

    private String scope(ResourceDefinition definition) {
        return definition.namespaced() ? "Namespaced" : "";
    }

    private String typeName(GroupVersionKind kind) {
        return schema.type(kind).map(TypeSchema::name).orElse("");
    }

    private static List<Parameter> all(
            ResourceDefinition definition, boolean named, List<Parameter> query) {
        List<Parameter> all = new ArrayList<>(query);
        if (definition.namespaced()) {
            all.add(Parameters.NAMESPACE);
        }
        if (named) {
            all.add(Parameters.name(definition.kind()));
        }
        all.add(Parameters.PRETTY);
        all.sort(BY_NAME);
        return all;
    }

    private void collection(ResourceDefinition definition, String path) {
        if (definition.allows("list")) {
            list(definition, path, "", true);
        }
        if (definition.allows("create")) {
            String kind = definition.kind();
            add(
                    path,
                    new Operation(
                            "post",
                            "create" + tag() + scope(definition) + kind,
                            "create " + article(kind) + " " + kind,
                            "post",
                            definition.gvk(),
                            all(definition, false, parameters.write("CreateOptions")),
                            typeName(definition.gvk()),
                            true,
                            typeName(definition.gvk()),
                            List.of(200, 201, 202),
                            PLAIN));
        }
        if (definition.allows("deletecollection")) {
            add(
                    path,
                    new Operation(
                            "delete",
                            "delete" + tag() + "Collection" + scope(definition) + definition.kind(),
                            "delete collection of " + definition.kind(),
                            "deletecollection",
                            definition.gvk(),
                            all(definition, false, parameters.deleteCollection()),
                            TypeNames.DELETE_OPTIONS,
                            false,
                            TypeNames.STATUS,
                            List.of(200),
                            PLAIN));
        }
    }

    private static String article(String kind) {
        return "AEIOU".indexOf(kind.charAt(0)) >= 0 ? "an" : "a";
    }

    private void list(ResourceDefinition definition, String path, String suffix, boolean scoped) {
        String verb = definition.allows("watch") ? "list or watch" : "list";
        List<Parameter> all = new ArrayList<>(all(definition, false, parameters.list()));
        if (!scoped) {
            all.remove(Parameters.NAMESPACE);
        }
        add(
                path,
                new Operation(
                        "get",
                        "list"
                                + tag()
                                + (scoped ? scope(definition) : "")
                                + definition.kind()
                                + suffix,
                        verb + " objects of kind " + definition.kind(),
                        "list",
                        definition.gvk(),
                        all,
                        "",
                        false,
                        typeName(definition.groupVersion().kind(definition.kind() + "List")),
                        List.of(200),
                        STREAM));
    }

    private void watch(
            ResourceDefinition definition,
            String path,
            String suffix,
            boolean scoped,
            boolean named) {
        List<Parameter> all = new ArrayList<>(all(definition, named, parameters.list()));
        if (!scoped) {
            all.remove(Parameters.NAMESPACE);
        }
        String instead = "deprecated: use the 'watch' parameter with a list operation instead";
        String text =
                named
                        ? "watch changes to an object of kind "
                                + definition.kind()
                                + ". "
                                + instead
                                + ", filtered to a single item with the 'fieldSelector' parameter."
                        : "watch individual changes to a list of "
                                + definition.kind()
                                + ". "
                                + instead
                                + ".";
        add(
                path,
                new Operation(
                        "get",
                        "watch"
                                + tag()
                                + (scoped ? scope(definition) : "")
                                + definition.kind()
                                + suffix,
                        text,
                        named ? "watch" : "watchlist",
                        definition.gvk(),
                        all,
                        "",
                        false,
                        TypeNames.WATCH_EVENT,
                        List.of(200),
                        STREAM));
    }

    private void item(ResourceDefinition definition, String path) {
        String kind = definition.kind();
        String type = typeName(definition.gvk());
        String id = tag() + scope(definition) + kind;
        if (definition.allows("get")) {
            add(path, read(definition, id, "read the specified " + kind, definition.gvk(), type));
        }
        if (definition.allows("update")) {
            String text = "replace the specified " + kind;
            add(path, replace(definition, id, text, definition.gvk(), type));
        }
        if (definition.allows("delete")) {
            add(
                    path,
                    new Operation(
                            "delete",
                            "delete" + id,
                            "delete " + article(kind) + " " + kind,
                            "delete",
                            definition.gvk(),
                            all(definition, true, parameters.delete()),
                            TypeNames.DELETE_OPTIONS,
                            false,
                            ANSWER_OBJECT.contains(kind) ? type : TypeNames.STATUS,
                            List.of(200, 202),
                            PLAIN));
        }
        if (definition.allows("patch")) {
            String text = "partially update the specified " + kind;
            add(path, patch(definition, id, text, definition.gvk(), type));
        }
    }

    private Operation read(
            ResourceDefinition definition,
            String id,
            String text,
            GroupVersionKind kind,
            String type) {
        return new Operation(
                "get",
                "read" + id,
                text,
                "get",
                kind,
                all(definition, true, List.of()),
                "",
                false,
                type,
                List.of(200),
                PLAIN);
    }

    private Operation replace(
            ResourceDefinition definition,
            String id,
            String text,
            GroupVersionKind kind,
            String type) {
        return new Operation(
                "put",
                "replace" + id,
                text,
                "put",
                kind,
                all(definition, true, parameters.write("UpdateOptions")),
                type,
                true,
                type,
                List.of(200, 201),
                PLAIN);
    }

    private Operation patch(
            ResourceDefinition definition,
            String id,
            String text,
            GroupVersionKind kind,
            String type) {
        return new Operation(
                "patch",
                "patch" + id,
                text,
                "patch",
                kind,
                all(definition, true, parameters.write("PatchOptions")),
                TypeNames.PATCH,
                true,
                type,
                List.of(200, 201),
                PLAIN);
    }

    private void subresource(ResourceDefinition definition, Subresource sub, String path) {
        if (CONNECT.contains(sub.name())) {
            connect(definition, sub, path);
            return;
        }
        String id = tag() + scope(definition) + definition.kind() + capital(sub.name());
        String type = typeName(sub.kind());
        String of = sub.name() + " of the specified " + definition.kind();
        if (sub.name().equals("log")) {
            log(definition, sub, path, id);
            return;
        }
        if (sub.verbs().contains("get")) {
            add(path, read(definition, id, "read " + of, sub.kind(), type));
        }
        if (sub.verbs().contains("update")) {
            add(path, replace(definition, id, "replace " + of, sub.kind(), type));
        }
        if (sub.verbs().contains("create")) {
            String kind = definition.kind();
            add(
                    path,
                    new Operation(
                            "post",
                            "create" + id,
                            "create " + sub.name() + " of " + article(kind) + " " + kind,
                            "post",
                            sub.kind(),
                            all(definition, true, parameters.write("CreateOptions")),
                            type,
                            true,
                            type,
                            List.of(200, 201, 202),
                            PLAIN));
        }
        if (sub.verbs().contains("patch")) {
            add(path, patch(definition, id, "partially update " + of, sub.kind(), type));
        }
    }

    private void log(ResourceDefinition definition, Subresource sub, String path, String id) {
        List<Parameter> query =
                parameters.of("io.k8s.api.core.v1.PodLogOptions", Set.of("sinceTime"));
        add(
                path,
                new Operation(
                        "get",
                        "read" + id,
                        "read log of the specified " + definition.kind(),
                        "get",
                        sub.kind(),
                        all(definition, true, query),
                        "",
                        false,
                        "",
                        List.of(200),
                        LOG));
    }

    private void connect(ResourceDefinition definition, Subresource sub, String path) {
        List<Parameter> options =
                parameters.of("io.k8s.api.core.v1." + sub.kind().kind(), Set.of());
        List<Parameter> all = new ArrayList<>(all(definition, true, options));
        all.remove(Parameters.PRETTY);
        boolean proxy = sub.name().equals("proxy");
        List<String> methods =
                proxy
                        ? List.of("get", "put", "post", "delete", "options", "head", "patch")
                        : List.of("get", "post");
        for (String method : methods) {
            add(path, connect(definition, sub, method, "", all));
            if (proxy) {
                List<Parameter> further = new ArrayList<>(all);
                further.add(Parameters.PATH);
                further.sort(BY_NAME);
                add(path + "/{path}", connect(definition, sub, method, "WithPath", further));
            }
        }
    }

    private Operation connect(
            ResourceDefinition definition,
            Subresource sub,
            String method,
            String suffix,
            List<Parameter> all) {
        String upper = method.toUpperCase(Locale.ROOT);
        return new Operation(
                method,
                "connect"
                        + tag()
                        + capital(method)
                        + scope(definition)
                        + definition.kind()
                        + capital(sub.name())
                        + suffix,
                "connect " + upper + " requests to " + sub.name() + " of " + definition.kind(),
                "connect",
                sub.kind(),
                all,
                "",
                false,
                "",
                List.of(200),
                List.of("*/*"));
    }
}
