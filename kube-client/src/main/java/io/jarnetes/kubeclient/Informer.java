package io.jarnetes.kubeclient;

import io.jarnetes.base.log.Log;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A local copy of one resource, kept current by a list and a watch ({@link Reflector}).
 *
 * <p>Invariants: an object's resourceVersion in the copy never goes back while the watch lasts;
 * every handler sees every object as added, then updated, then deleted, in the order of the server,
 * one call at a time. managedFields are dropped (an update without them keeps the server's).
 */
public final class Informer implements AutoCloseable {

    /** What changed. Runs on the informer's thread and must not block: enqueue and return. */
    public interface Handler {
        void added(KubeObject object);

        void updated(KubeObject before, KubeObject after);

        /** With the last state that was seen. */
        void deleted(KubeObject object);

        /** A handler that only wants to know which object changed. */
        static Handler of(java.util.function.Consumer<KubeObject> any) {
            return new Handler() {
                @Override
                public void added(KubeObject object) {
                    any.accept(object);
                }

                @Override
                public void updated(KubeObject before, KubeObject after) {
                    any.accept(after);
                }

                @Override
                public void deleted(KubeObject object) {
                    any.accept(object);
                }
            };
        }
    }

    private final Resource resource;
    private final Reflector reflector;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, KubeObject> objects = new LinkedHashMap<>();
    private final Map<String, ObjectIndex> indexes = new HashMap<>();
    private final List<Handler> handlers = new ArrayList<>();
    private final CountDownLatch synced = new CountDownLatch(1);
    private @Nullable Thread thread;
    private volatile long reached;

    /**
     * @param path of the list, without a query
     * @param query selectors, such as {@code fieldSelector=spec.nodeName%3Dnode-0}; may be empty
     */
    public Informer(ApiClient client, Resource resource, String path, String query, Log log) {
        this.resource = resource;
        this.reflector = new Reflector(client, resource, path, query, log, new Store());
        indexes.put("namespace", new ObjectIndex(object -> List.of(object.namespace())));
    }

    public Resource resource() {
        return resource;
    }

    /** Begins to list and watch; without effect the second time. */
    public Informer start() {
        lock.lock();
        try {
            if (thread == null) {
                thread = Thread.ofVirtual().name("informer-" + resource.plural()).start(reflector);
            }
        } finally {
            lock.unlock();
        }
        return this;
    }

    /** Adds a handler; what is there already is shown to it as added, before this returns. */
    public Informer handle(Handler handler) {
        lock.lock();
        try {
            handlers.add(handler);
            objects.values().forEach(handler::added);
        } finally {
            lock.unlock();
        }
        return this;
    }

    /** Adds an index; objects that are there already are put into it. */
    public Informer index(String name, Function<KubeObject, Collection<String>> values) {
        lock.lock();
        try {
            if (!indexes.containsKey(name)) {
                ObjectIndex index = new ObjectIndex(values);
                objects.values().forEach(index::add);
                indexes.put(name, index);
            }
        } finally {
            lock.unlock();
        }
        return this;
    }

    /** Whether the first list is in. */
    public boolean synced() {
        return synced.getCount() == 0;
    }

    /**
     * Whether the copy is at least as new as this resourceVersion, such as of a write of ours. True
     * before handlers are told, and asked before the objects are read: what is read then is new
     * enough.
     */
    public boolean reached(String version) {
        return reached >= number(version);
    }

    private static long number(String version) {
        try {
            return version.isEmpty() ? 0 : Long.parseLong(version);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** Waits for the first list. */
    public void awaitSynced() {
        try {
            synced.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoppedException();
        }
    }

    /**
     * @return whether the first list came in time
     */
    public boolean awaitSynced(long limit, TimeUnit unit) {
        try {
            return synced.await(limit, unit);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoppedException();
        }
    }

    public Optional<KubeObject> get(String namespace, String name) {
        return get(KubeObject.key(namespace, name));
    }

    /**
     * @param key {@code namespace/name}, or {@code name} for a resource of the cluster
     */
    public Optional<KubeObject> get(String key) {
        lock.lock();
        try {
            return Optional.ofNullable(objects.get(key));
        } finally {
            lock.unlock();
        }
    }

    /** All objects at this moment. */
    public List<KubeObject> list() {
        lock.lock();
        try {
            return List.copyOf(objects.values());
        } finally {
            lock.unlock();
        }
    }

    public List<KubeObject> list(String namespace) {
        return byIndex("namespace", namespace);
    }

    /** The objects for which the index gave this value. */
    public List<KubeObject> byIndex(String index, String value) {
        lock.lock();
        try {
            ObjectIndex found = indexes.get(index);
            if (found == null) {
                throw new IllegalArgumentException(resource.plural() + " has no index " + index);
            }
            return found.get(value);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (thread != null) {
                thread.interrupt();
            }
        } finally {
            lock.unlock();
        }
        reflector.close();
    }

    /** What the reflector writes to. */
    private final class Store implements Reflector.Sink {

        @Override
        public void replace(List<KubeObject> current) {
            lock.lock();
            try {
                Map<String, KubeObject> gone = new LinkedHashMap<>(objects);
                for (KubeObject object : current) {
                    gone.remove(object.key());
                    put(object);
                }
                gone.values().forEach(this::drop);
            } finally {
                lock.unlock();
            }
            synced.countDown();
        }

        @Override
        public void changed(KubeObject object) {
            lock.lock();
            try {
                put(object);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void reached(String version) {
            reached = Math.max(reached, number(version));
        }

        @Override
        public void removed(KubeObject object) {
            lock.lock();
            try {
                drop(object);
            } finally {
                lock.unlock();
            }
        }

        private void put(KubeObject object) {
            KubeObject before = objects.get(object.key());
            if (before != null && before.resourceVersion().equals(object.resourceVersion())) {
                return;
            }
            if (before != null && !before.uid().equals(object.uid())) {
                // Deleted and made anew between two lists: handlers must see both.
                drop(before);
                before = null;
            }
            objects.put(object.key(), object);
            for (ObjectIndex index : indexes.values()) {
                if (before != null) {
                    index.remove(before);
                }
                index.add(object);
            }
            reached(object.resourceVersion());
            for (Handler handler : handlers) {
                if (before == null) {
                    handler.added(object);
                } else {
                    handler.updated(before, object);
                }
            }
        }

        private void drop(KubeObject object) {
            KubeObject before = objects.remove(object.key());
            if (before == null) {
                return;
            }
            indexes.values().forEach(index -> index.remove(before));
            reached(object.resourceVersion());
            handlers.forEach(handler -> handler.deleted(object));
        }
    }
}
