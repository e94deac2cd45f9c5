package io.jarnetes.apiserver.server.bootstrap;

import io.jarnetes.apiserver.server.registry.AdmissionHook;
import io.jarnetes.apiserver.server.registry.ApiException;
import io.jarnetes.apiserver.server.registry.GroupResource;
import io.jarnetes.apiserver.server.registry.ListOptions;
import io.jarnetes.apiserver.server.registry.Registry;
import io.jarnetes.apiserver.server.registry.RequestContext;
import io.jarnetes.apiserver.server.registry.Store;
import io.jarnetes.apiserver.server.registry.UpdateFunction;
import io.jarnetes.apiserver.server.storage.StoredObject;
import io.jarnetes.apiserver.server.tree.Trees;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import tools.jackson.databind.node.ObjectNode;

/** Reads what is there, and writes what isn't, many objects at a time. */
final class Seeder {

    private final Registry registry;
    private final Executor executor;

    /**
     * @param executor runs the writes side by side
     */
    Seeder(Registry registry, Executor executor) {
        this.registry = registry;
        this.executor = executor;
    }

    Store store(String group, String resource) {
        return registry.store(group, resource);
    }

    /** All objects of a resource as etcd has them, by {@code namespace/name} or {@code name}. */
    Map<String, ObjectNode> existing(String group, String resource) {
        Map<String, ObjectNode> found = new HashMap<>();
        for (StoredObject stored :
                store(group, resource).list(RequestContext.internal(""), ListOptions.ALL).items()) {
            ObjectNode object = stored.tree();
            found.put(key(object), object);
        }
        return found;
    }

    static String key(ObjectNode object) {
        String namespace = Trees.namespace(object);
        return namespace.isEmpty() ? Trees.name(object) : namespace + "/" + Trees.name(object);
    }

    Optional<ObjectNode> get(String group, String resource, String namespace, String name) {
        try {
            return Optional.of(
                    store(group, resource)
                            .get(RequestContext.internal(namespace), name, "")
                            .tree());
        } catch (ApiException e) {
            if (e.is("NotFound")) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Creates it unless it is there; true if it was created. */
    boolean create(String group, String resource, ObjectNode object) {
        try {
            store(group, resource)
                    .create(
                            RequestContext.internal(Trees.namespace(object)),
                            "",
                            object.deepCopy(),
                            AdmissionHook.NONE);
            return true;
        } catch (ApiException e) {
            if (e.is("AlreadyExists")) {
                return false;
            }
            throw e;
        }
    }

    /** Creates what is missing of these. */
    void createMissing(String group, String resource, List<ObjectNode> objects) {
        Map<String, ObjectNode> found = existing(group, resource);
        List<Runnable> writes = new ArrayList<>();
        for (ObjectNode object : objects) {
            if (!found.containsKey(key(object))) {
                writes.add(() -> create(group, resource, object));
            }
        }
        all(writes);
    }

    /** Changes an object; {@code change} gets a copy of what is stored. */
    void update(
            String group, String resource, String namespace, String name, UpdateFunction change) {
        store(group, resource)
                .update(
                        RequestContext.internal(namespace),
                        name,
                        change,
                        false,
                        AdmissionHook.NONE);
    }

    /** Sets the status by way of the status subresource, where there is one. */
    void updateStatus(
            String group, String resource, String namespace, String name, ObjectNode status) {
        registry.find(new GroupResource(group, resource), "status")
                .ifPresent(store ->
                        store.update(
                                RequestContext.internal(namespace),
                                name,
                                current -> {
                                    ObjectNode next = current == null ? Trees.object() : current;
                                    next.set("status", status.deepCopy());
                                    return next;
                                },
                                false,
                                AdmissionHook.NONE));
    }

    /** Runs all side by side and waits; the first failure is thrown when all have ended. */
    void all(List<Runnable> tasks) {
        CompletableFuture<?>[] running =
                tasks.stream()
                        .map(task -> CompletableFuture.runAsync(task, executor))
                        .toArray(CompletableFuture[]::new);
        try {
            CompletableFuture.allOf(running).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }
}
