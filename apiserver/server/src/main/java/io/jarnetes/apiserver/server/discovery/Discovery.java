package io.jarnetes.apiserver.server.discovery;

import io.jarnetes.apiserver.schema.ApiGroup;
import io.jarnetes.apiserver.schema.GroupVersion;
import io.jarnetes.apiserver.schema.ResourceDefinition;
import io.jarnetes.apiserver.schema.ResourceTable;
import io.jarnetes.apiserver.schema.Subresource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Plain and aggregated discovery of one resource table. Fields are in Go's order; {@code
 * GoJson.line} makes the bytes.
 */
public final class Discovery {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final ResourceTable table;
    private final String serverAddress;

    /**
     * @param serverAddress what {@code /api} tells clients: advertise address and secure port, as
     *     {@code 192.0.2.10:6443}
     */
    public Discovery(ResourceTable table, String serverAddress) {
        this.table = table;
        this.serverAddress = serverAddress;
    }

    /** {@code /api}: APIVersions. */
    public ObjectNode apiVersions() {
        ObjectNode versions = NODES.objectNode().put("kind", "APIVersions");
        ArrayNode names = versions.putArray("versions");
        table.group("").ifPresent(g -> g.versions().forEach(v -> names.add(v.version())));
        versions.putArray("serverAddressByClientCIDRs")
                .addObject()
                .put("clientCIDR", "0.0.0.0/0")
                .put("serverAddress", serverAddress);
        return versions;
    }

    /** {@code /apis}: APIGroupList. */
    public ObjectNode groupList() {
        ObjectNode list = NODES.objectNode().put("kind", "APIGroupList").put("apiVersion", "v1");
        ArrayNode groups = list.putArray("groups");
        namedGroups().forEach(g -> fill(groups.addObject(), g));
        return list;
    }

    private List<ApiGroup> namedGroups() {
        return table.groups().stream().filter(g -> !g.name().isEmpty()).toList();
    }

    /** {@code /apis/GROUP}: APIGroup. */
    public Optional<ObjectNode> group(String name) {
        return table.group(name)
                .map(g ->
                        fill(
                                NODES.objectNode().put("kind", "APIGroup").put("apiVersion", "v1"),
                                g));
    }

    private static ObjectNode fill(ObjectNode object, ApiGroup group) {
        object.put("name", group.name());
        ArrayNode versions = object.putArray("versions");
        for (ApiGroup.ApiVersion version : group.versions()) {
            put(versions.addObject(), group, version.version());
        }
        put(object.putObject("preferredVersion"), group, group.versions().getFirst().version());
        return object;
    }

    private static void put(ObjectNode object, ApiGroup group, String version) {
        object.put("groupVersion", new GroupVersion(group.name(), version).toString())
                .put("version", version);
    }

    /** {@code /api/v1} and {@code /apis/GROUP/VERSION}: APIResourceList. */
    public Optional<ObjectNode> resourceList(GroupVersion version) {
        boolean known =
                table.group(version.group()).stream()
                        .flatMap(g -> g.versions().stream())
                        .anyMatch(v -> v.version().equals(version.version()));
        if (!known) {
            return Optional.empty();
        }
        ObjectNode list = NODES.objectNode().put("kind", "APIResourceList");
        if (!version.group().isEmpty()) {
            list.put("apiVersion", "v1");
        }
        list.put("groupVersion", version.toString());
        ArrayNode resources = list.putArray("resources");
        List<ObjectNode> entries = new ArrayList<>();
        for (ResourceDefinition definition : table.in(version)) {
            entries.add(entry(definition));
            definition.subresources().forEach(s -> entries.add(entry(definition, s)));
        }
        entries.sort(Comparator.comparing(e -> e.path("name").asString("")));
        resources.addAll(entries);
        return Optional.of(list);
    }

    private static ObjectNode entry(ResourceDefinition definition) {
        ObjectNode entry =
                NODES.objectNode()
                        .put("name", definition.plural())
                        .put("singularName", definition.singular())
                        .put("namespaced", definition.namespaced())
                        .put("kind", definition.kind());
        strings(entry, "verbs", definition.verbs());
        optional(entry, "shortNames", definition.shortNames());
        optional(entry, "categories", definition.categories());
        if (definition.isStored()) {
            entry.put("storageVersionHash", definition.storageVersionHash());
        }
        return entry;
    }

    private static ObjectNode entry(ResourceDefinition definition, Subresource sub) {
        ObjectNode entry =
                NODES.objectNode()
                        .put("name", definition.plural() + "/" + sub.name())
                        .put("singularName", "")
                        .put("namespaced", definition.namespaced());
        if (sub.kindElsewhere()) {
            entry.put("group", sub.kind().group()).put("version", sub.kind().version());
        }
        entry.put("kind", sub.kind().kind());
        strings(entry, "verbs", sub.verbs());
        return entry;
    }

    private static void strings(ObjectNode object, String field, List<String> values) {
        ArrayNode array = object.putArray(field);
        values.forEach(array::add);
    }

    private static void optional(ObjectNode object, String field, List<String> values) {
        if (!values.isEmpty()) {
            strings(object, field, values);
        }
    }

    /** Aggregated {@code /api} (apidiscovery.k8s.io/v2): the core group. */
    public ObjectNode aggregatedCore() {
        return aggregated(table.group("").stream().toList());
    }

    /** Aggregated {@code /apis} (apidiscovery.k8s.io/v2): all other groups. */
    public ObjectNode aggregatedGroups() {
        return aggregated(namedGroups());
    }

    private ObjectNode aggregated(List<ApiGroup> groups) {
        ObjectNode list =
                NODES.objectNode()
                        .put("kind", "APIGroupDiscoveryList")
                        .put("apiVersion", "apidiscovery.k8s.io/v2");
        list.putObject("metadata");
        ArrayNode items = list.putArray("items");
        for (ApiGroup group : groups) {
            ObjectNode item = items.addObject();
            ObjectNode metadata = item.putObject("metadata");
            if (!group.name().isEmpty()) {
                metadata.put("name", group.name());
            }
            ArrayNode versions = item.putArray("versions");
            for (ApiGroup.ApiVersion version : group.versions()) {
                ObjectNode entry = versions.addObject().put("version", version.version());
                ArrayNode resources = entry.putArray("resources");
                for (ResourceDefinition definition :
                        table.in(new GroupVersion(group.name(), version.version()))) {
                    resources.add(aggregated(definition));
                }
                entry.put("freshness", "Current");
            }
        }
        return list;
    }

    private static ObjectNode aggregated(ResourceDefinition definition) {
        ObjectNode entry = NODES.objectNode().put("resource", definition.plural());
        responseKind(entry, "", "", definition.kind());
        entry.put("scope", definition.namespaced() ? "Namespaced" : "Cluster");
        entry.put("singularResource", definition.singular());
        strings(entry, "verbs", definition.verbs());
        optional(entry, "shortNames", definition.shortNames());
        optional(entry, "categories", definition.categories());
        if (!definition.subresources().isEmpty()) {
            ArrayNode subresources = entry.putArray("subresources");
            for (Subresource sub : definition.subresources()) {
                ObjectNode inner = subresources.addObject().put("subresource", sub.name());
                boolean elsewhere = sub.kindElsewhere();
                responseKind(
                        inner,
                        elsewhere ? sub.kind().group() : "",
                        elsewhere ? sub.kind().version() : "",
                        sub.kind().kind());
                strings(inner, "verbs", sub.verbs());
            }
        }
        return entry;
    }

    /** Group and version stay empty where they are those of the list. */
    private static void responseKind(ObjectNode in, String group, String version, String kind) {
        in.putObject("responseKind").put("group", group).put("version", version).put("kind", kind);
    }
}
