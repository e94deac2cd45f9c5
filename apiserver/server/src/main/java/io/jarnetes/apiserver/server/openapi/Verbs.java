package io.jarnetes.apiserver.server.openapi;

import static io.jarnetes.apiserver.server.openapi.OperationNames.article;
import static io.jarnetes.apiserver.server.openapi.OperationNames.capital;

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
import java.util.Set;

/** What each verb of a resource of one group and version looks like. */
final class Verbs {
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
    static final Comparator<Parameter> BY_NAME =
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

    private final Schema schema;
    private final Parameters parameters;
    private final GroupVersion version;

    Verbs(Schema schema, Parameters parameters, GroupVersion version) {
        this.schema = schema;
        this.parameters = parameters;
        this.version = version;
    }

    private String tag() {
        return OperationNames.tag(version);
    }

    /** What the ids of a resource's operations share: {@code AppsV1NamespacedDeployment}. */
    String id(ResourceDefinition definition) {
        return tag() + scope(definition) + definition.kind();
    }

    private String scope(ResourceDefinition definition) {
        return definition.namespaced() ? "Namespaced" : "";
    }

    String typeName(GroupVersionKind kind) {
        return schema.type(kind).map(TypeSchema::name).orElse("");
    }

    static List<Parameter> all(
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

    Operation create(ResourceDefinition definition) {
        String kind = definition.kind();
        return new Operation(
                "post",
                "create" + id(definition),
                "create " + article(kind) + " " + kind,
                "post",
                definition.gvk(),
                all(definition, false, parameters.write("CreateOptions")),
                typeName(definition.gvk()),
                true,
                typeName(definition.gvk()),
                List.of(200, 201, 202),
                Operations.PLAIN);
    }

    Operation create(ResourceDefinition definition, Subresource sub) {
        String kind = definition.kind();
        return new Operation(
                "post",
                "create" + id(definition) + capital(sub.name()),
                "create " + sub.name() + " of " + article(kind) + " " + kind,
                "post",
                sub.kind(),
                all(definition, true, parameters.write("CreateOptions")),
                typeName(sub.kind()),
                true,
                typeName(sub.kind()),
                List.of(200, 201, 202),
                Operations.PLAIN);
    }

    Operation deleteCollection(ResourceDefinition definition) {
        return new Operation(
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
                Operations.PLAIN);
    }

    Operation delete(ResourceDefinition definition) {
        String kind = definition.kind();
        return new Operation(
                "delete",
                "delete" + id(definition),
                "delete " + article(kind) + " " + kind,
                "delete",
                definition.gvk(),
                all(definition, true, parameters.delete()),
                TypeNames.DELETE_OPTIONS,
                false,
                ANSWER_OBJECT.contains(kind) ? typeName(definition.gvk()) : TypeNames.STATUS,
                List.of(200, 202),
                Operations.PLAIN);
    }

    Operation list(ResourceDefinition definition, String suffix, boolean scoped) {
        String verb = definition.allows("watch") ? "list or watch" : "list";
        List<Parameter> all = new ArrayList<>(all(definition, false, parameters.list()));
        if (!scoped) {
            all.remove(Parameters.NAMESPACE);
        }
        return new Operation(
                "get",
                "list" + tag() + (scoped ? scope(definition) : "") + definition.kind() + suffix,
                verb + " objects of kind " + definition.kind(),
                "list",
                definition.gvk(),
                all,
                "",
                false,
                typeName(definition.groupVersion().kind(definition.kind() + "List")),
                List.of(200),
                STREAM);
    }

    Operation watch(ResourceDefinition definition, String suffix, boolean scoped, boolean named) {
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
        return new Operation(
                "get",
                "watch" + tag() + (scoped ? scope(definition) : "") + definition.kind() + suffix,
                text,
                named ? "watch" : "watchlist",
                definition.gvk(),
                all,
                "",
                false,
                TypeNames.WATCH_EVENT,
                List.of(200),
                STREAM);
    }

    Operation read(
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
                Operations.PLAIN);
    }

    Operation replace(
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
                Operations.PLAIN);
    }

    Operation patch(
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
                Operations.PLAIN);
    }

    Operation log(ResourceDefinition definition, Subresource sub, String id) {
        List<Parameter> query =
                parameters.of("io.k8s.api.core.v1.PodLogOptions", Set.of("sinceTime"));
        return new Operation(
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
                LOG);
    }

    Operation connect(
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
