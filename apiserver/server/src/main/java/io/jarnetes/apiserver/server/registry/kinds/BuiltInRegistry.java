package io.jarnetes.apiserver.server.registry.kinds;

import io.jarnetes.apiserver.schema.GroupVersionKind;
import io.jarnetes.apiserver.schema.ResourceDefinition;
import io.jarnetes.apiserver.schema.ResourceTable;
import io.jarnetes.apiserver.server.registry.Environment;
import io.jarnetes.apiserver.server.registry.GenericStore;
import io.jarnetes.apiserver.server.registry.GroupResource;
import io.jarnetes.apiserver.server.registry.KindTraits;
import io.jarnetes.apiserver.server.registry.Meta;
import io.jarnetes.apiserver.server.registry.Registry;
import io.jarnetes.apiserver.server.registry.RegistryTable;
import io.jarnetes.apiserver.server.registry.ResourceInfo;
import io.jarnetes.apiserver.server.registry.ScaleStore;
import io.jarnetes.apiserver.server.registry.StatusStore;
import io.jarnetes.apiserver.server.registry.Store;
import io.jarnetes.apiserver.server.registry.Strategy;
import io.jarnetes.apiserver.server.registry.selectors.FieldLabels;
import io.jarnetes.apiserver.server.registry.services.ClusterIps;
import io.jarnetes.apiserver.server.registry.services.NodePorts;
import io.jarnetes.apiserver.server.registry.services.ServiceSettings;
import io.jarnetes.apiserver.server.registry.services.ServiceStrategy;
import io.jarnetes.apiserver.server.storage.ResourceStorage;
import io.jarnetes.apiserver.server.storage.Storage;
import io.jarnetes.apiserver.server.storage.VersionConverter;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A store for every built-in resource and subresource that is stored. */
public final class BuiltInRegistry {

    private final ResourceTable table;
    private final Storage storage;
    private final Environment environment;
    private final VersionConverter converter;
    private final long eventTtlSeconds;
    private final Strategies strategies;
    private final Map<String, ResourceStorage> storages = new HashMap<>();
    private final RegistryTable registry = new RegistryTable();

    private BuiltInRegistry(
            ResourceTable table,
            Storage storage,
            Environment environment,
            VersionConverter converter,
            long eventTtlSeconds,
            ServiceSettings services) {
        this.table = table;
        this.storage = storage;
        this.environment = environment;
        this.converter = converter;
        this.eventTtlSeconds = eventTtlSeconds;
        this.strategies = new Strategies(serviceStrategy(services), environment::now);
    }

    /**
     * @param converter between the versions of a kind
     * @param eventTtlSeconds {@code --event-ttl}
     * @param services addresses and ports of Services
     */
    public static Registry create(
            ResourceTable table,
            Storage storage,
            Environment environment,
            VersionConverter converter,
            long eventTtlSeconds,
            ServiceSettings services) {
        BuiltInRegistry builder =
                new BuiltInRegistry(
                        table, storage, environment, converter, eventTtlSeconds, services);
        table.all().forEach(builder::add);
        return builder.registry;
    }

    /** The version in which a resource's trees are held: the stored one where it is served. */
    public static GroupVersionKind hubOf(ResourceTable table, ResourceDefinition definition) {
        Optional<ResourceDefinition> stored = table.find(definition.stored());
        return stored.isPresent() ? definition.stored() : definition.gvk();
    }

    private Strategy serviceStrategy(ServiceSettings services) {
        GroupVersionKind allocation = new GroupVersionKind("", "v1", "RangeAllocation");
        ResourceStorage ranges =
                storage.resource(
                        "",
                        "rangeallocations",
                        "ranges",
                        allocation,
                        allocation,
                        VersionConverter.SAME_SHAPE);
        NodePorts ports =
                new NodePorts(
                        ranges,
                        services.firstNodePort(),
                        services.nodePorts(),
                        environment.random());
        ClusterIps addresses =
                new ClusterIps(
                        services.ranges(),
                        () -> registry.store("networking.k8s.io", "ipaddresses"),
                        () -> registry.store("networking.k8s.io", "servicecidrs"),
                        environment.random());
        return new ServiceStrategy(addresses, ports);
    }

    private void add(ResourceDefinition definition) {
        GroupResource name = new GroupResource(definition.group(), definition.plural());
        if (!definition.isStored() || registry.find(name, "").isPresent()) {
            return;
        }
        GroupVersionKind hub = hubOf(table, definition);
        ResourceInfo info =
                new ResourceInfo(
                        name,
                        hub,
                        definition.namespaced(),
                        definition.subresource("status").isPresent(),
                        KindTraits.of(name),
                        FieldLabels.of(name.toString()));
        ResourceStorage objects =
                storages.computeIfAbsent(
                        definition.storagePrefix(),
                        prefix ->
                                storage.resource(
                                        definition.group(),
                                        definition.plural(),
                                        prefix,
                                        hub,
                                        definition.stored(),
                                        converter));
        long ttl = hub.kind().equals("Event") ? eventTtlSeconds : 0;
        GenericStore store = new GenericStore(info, strategies.of(name), environment, objects, ttl);
        registry.register(name, "", store);
        addSubresources(name, definition, store);
    }

    private void addSubresources(
            GroupResource name, ResourceDefinition definition, GenericStore store) {
        if (definition.subresource("status").isPresent()) {
            registry.register(name, "status", status(name, store));
        }
        if (definition.subresource("scale").isPresent()) {
            registry.register(name, "scale", scale(name, store));
        }
        switch (name.toString()) {
            case "pods" -> {
                PodSubresources parts = new PodSubresources(store);
                registry.register(name, "ephemeralcontainers", parts.ephemeralContainers());
                registry.register(name, "resize", parts.resize());
                registry.register(name, "binding", new BindingStore(name, store));
                registry.register(
                        name,
                        "eviction",
                        new EvictionStore(store, new DisruptionBudgets(registry)));
                GroupResource bindings = new GroupResource("", "bindings");
                registry.register(bindings, "", new BindingStore(bindings, store));
            }
            case "namespaces" ->
                    registry.register(
                            name,
                            "finalize",
                            new StatusStore(
                                    store, "finalize", NamespaceStrategy::restrictFinalize));
            case "certificatesigningrequests.certificates.k8s.io" ->
                    registry.register(
                            name,
                            "approval",
                            new StatusStore(
                                    store,
                                    "approval",
                                    CertificateConditions.approval(environment::now)));
            default -> {}
        }
    }

    private Store status(GroupResource name, GenericStore store) {
        return switch (name.toString()) {
            case "persistentvolumes" ->
                    new StatusStore(store, "status", VolumePhases.changed(environment::now));
            case "pods" -> new StatusStore(store, "status", PodStrategy::restrictStatus);
            case "deployments.apps" ->
                    new StatusStore(
                            store,
                            "status",
                            (context, object, old) -> {
                                StatusStore.keepBody(object, old);
                                Meta.copyField(Meta.of(old), Meta.of(object), "labels");
                            });
            case "certificatesigningrequests.certificates.k8s.io" ->
                    new StatusStore(
                            store, "status", CertificateConditions.status(environment::now));
            default -> StatusStore.status(store);
        };
    }

    private static Store scale(GroupResource name, GenericStore store) {
        return name.resource().equals("replicationcontrollers")
                ? new ScaleStore(
                        store,
                        object -> ScaleStore.labelsText(object.path("spec").path("selector")))
                : new ScaleStore(
                        store,
                        object -> ScaleStore.selectorText(object.path("spec").path("selector")));
    }
}
