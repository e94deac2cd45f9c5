package io.jarnetes.apiserver.server.informers;

import io.jarnetes.apiserver.server.admission.Listers;
import io.jarnetes.apiserver.server.registry.ApiException;
import io.jarnetes.apiserver.server.registry.GroupResource;
import io.jarnetes.apiserver.server.registry.ListOptions;
import io.jarnetes.apiserver.server.registry.Registry;
import io.jarnetes.apiserver.server.registry.RequestContext;
import io.jarnetes.apiserver.server.registry.Store;
import io.jarnetes.apiserver.server.storage.StoredObject;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Reads through the registry's watch caches ({@code resourceVersion=0}), or past them. */
public final class RegistryListers implements Listers {

    private static final ListOptions CACHED =
            new ListOptions("", "", "0", "", 0, "", false, null, null);

    private final Registry registry;

    public RegistryListers(Registry registry) {
        this.registry = registry;
    }

    @Override
    public Optional<ObjectNode> get(String group, String resource, String namespace, String name) {
        return get(group, resource, namespace, name, "0");
    }

    @Override
    public Optional<ObjectNode> live(String group, String resource, String namespace, String name) {
        return get(group, resource, namespace, name, "");
    }

    private Optional<ObjectNode> get(
            String group, String resource, String namespace, String name, String version) {
        Optional<Store> store = registry.find(new GroupResource(group, resource), "");
        if (store.isEmpty() || name.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    store.get().get(RequestContext.internal(namespace), name, version).tree());
        } catch (ApiException e) {
            if (e.is("NotFound")) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public List<ObjectNode> list(String group, String resource, String namespace) {
        return registry.find(new GroupResource(group, resource), "")
                .map(store ->
                        store.list(RequestContext.internal(namespace), CACHED).items().stream()
                                .map(StoredObject::tree)
                                .toList())
                .orElse(List.of());
    }
}
