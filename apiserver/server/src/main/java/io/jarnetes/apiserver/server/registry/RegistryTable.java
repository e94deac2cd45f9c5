package io.jarnetes.apiserver.server.registry;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** {@link Registry} as a map. Thread-safe. */
public final class RegistryTable implements Registry {

    private record Name(GroupResource resource, String subresource) {}

    private final Map<Name, Store> stores = new ConcurrentHashMap<>();

    @Override
    public Optional<Store> find(GroupResource resource, String subresource) {
        return Optional.ofNullable(stores.get(new Name(resource, subresource)));
    }

    @Override
    public void register(GroupResource resource, String subresource, Store store) {
        stores.put(new Name(resource, subresource), store);
    }

    @Override
    public void unregister(GroupResource resource) {
        stores.keySet().removeIf(name -> name.resource().equals(resource));
    }
}
