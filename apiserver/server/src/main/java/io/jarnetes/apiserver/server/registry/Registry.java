package io.jarnetes.apiserver.server.registry;

import java.util.Optional;

/** Finds the store of a resource. Resources can come and go (CustomResourceDefinitions). */
public interface Registry {

    /**
     * @param subresource such as {@code status}; empty for the resource itself
     */
    Optional<Store> find(GroupResource resource, String subresource);

    /** The same, for callers that know it is there. */
    default Store store(String group, String resource) {
        GroupResource name = new GroupResource(group, resource);
        return find(name, "")
                .orElseThrow(() -> new IllegalArgumentException("no store for " + name));
    }

    /** Adds or replaces one; {@code subresource} as in {@link #find}. */
    void register(GroupResource resource, String subresource, Store store);

    /** Takes a resource away with its subresources. */
    void unregister(GroupResource resource);
}
