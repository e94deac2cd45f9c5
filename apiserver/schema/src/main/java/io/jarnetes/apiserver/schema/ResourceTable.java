package io.jarnetes.apiserver.schema;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Resources in discovery's order: groups as {@code /apis} lists them (the core group first),
 * versions in order of preference, resources by name.
 */
public final class ResourceTable {
    private final List<ApiGroup> groups;
    private final List<ResourceDefinition> all;
    private final Map<GroupVersion, Map<String, ResourceDefinition>> byPlural = new HashMap<>();
    private final Map<GroupVersionKind, ResourceDefinition> byKind = new HashMap<>();

    private ResourceTable(List<ApiGroup> groups, List<ResourceDefinition> all) {
        this.groups = List.copyOf(groups);
        this.all = List.copyOf(all);
        for (ResourceDefinition definition : all) {
            byPlural.computeIfAbsent(definition.groupVersion(), gv -> new HashMap<>())
                    .put(definition.plural(), definition);
            byKind.putIfAbsent(definition.gvk(), definition);
        }
    }

    /** Every built-in resource, those of versions that are off by default included. */
    public static ResourceTable known() {
        ResourceTableReader.Contents contents = ResourceTableReader.builtIn();
        return new ResourceTable(contents.groups(), contents.definitions());
    }

    /** The built-in resources that are served without {@code --runtime-config}. */
    public static ResourceTable builtIn() {
        Set<GroupVersion> served = new HashSet<>();
        ResourceTable known = known();
        known.all.stream()
                .filter(ResourceDefinition::served)
                .forEach(d -> served.add(d.groupVersion()));
        return known.only(served::contains);
    }

    /** The same order with only the versions that are wanted; groups without any are left out. */
    public ResourceTable only(Predicate<GroupVersion> wanted) {
        List<ApiGroup> kept = new ArrayList<>();
        for (ApiGroup group : groups) {
            List<ApiGroup.ApiVersion> versions =
                    group.versions().stream()
                            .filter(v -> wanted.test(new GroupVersion(group.name(), v.version())))
                            .toList();
            if (!versions.isEmpty()) {
                kept.add(new ApiGroup(group.name(), group.priorityMinimum(), versions));
            }
        }
        return new ResourceTable(
                kept, all.stream().filter(d -> wanted.test(d.groupVersion())).toList());
    }

    /**
     * This table and further resources behind it, such as custom ones. A group that is here already
     * gets its new versions last.
     *
     * @param more groups with all their versions, in order
     * @param definitions their resources, in order
     */
    public ResourceTable plus(
            Collection<ApiGroup> more, Collection<ResourceDefinition> definitions) {
        Map<String, ApiGroup> merged = new java.util.LinkedHashMap<>();
        groups.forEach(g -> merged.put(g.name(), g));
        for (ApiGroup group : more) {
            merged.merge(group.name(), group, ResourceTable::join);
        }
        List<ResourceDefinition> joined = new ArrayList<>(all);
        joined.addAll(definitions);
        return new ResourceTable(List.copyOf(merged.values()), joined);
    }

    private static ApiGroup join(ApiGroup here, ApiGroup more) {
        List<ApiGroup.ApiVersion> versions = new ArrayList<>(here.versions());
        more.versions().stream()
                .filter(v -> versions.stream().noneMatch(w -> w.version().equals(v.version())))
                .forEach(versions::add);
        return new ApiGroup(here.name(), here.priorityMinimum(), versions);
    }

    /** The core group first, then in the order of {@code /apis}. */
    public List<ApiGroup> groups() {
        return groups;
    }

    public Optional<ApiGroup> group(String name) {
        return groups.stream().filter(g -> g.name().equals(name)).findFirst();
    }

    public List<ResourceDefinition> all() {
        return all;
    }

    /** The resources of one version, by name; empty if the version is not here. */
    public List<ResourceDefinition> in(GroupVersion version) {
        return all.stream().filter(d -> d.groupVersion().equals(version)).toList();
    }

    public boolean has(GroupVersion version) {
        return byPlural.containsKey(version);
    }

    /** The resource at {@code /apis/G/V/plural}. */
    public Optional<ResourceDefinition> find(GroupVersion version, String plural) {
        @Nullable Map<String, ResourceDefinition> resources = byPlural.get(version);
        return resources == null ? Optional.empty() : Optional.ofNullable(resources.get(plural));
    }

    public Optional<ResourceDefinition> find(GroupVersionKind kind) {
        return Optional.ofNullable(byKind.get(kind));
    }

    /** The resource of a group's preferred version that has it, for owners and RBAC. */
    public Optional<ResourceDefinition> preferred(String group, String plural) {
        return all.stream()
                .filter(d -> d.group().equals(group) && d.plural().equals(plural))
                .findFirst();
    }
}
