package io.jarnetes.apiserver.server.informers;

import io.jarnetes.apiserver.server.registry.ApiException;
import io.jarnetes.apiserver.server.registry.ListOptions;
import io.jarnetes.apiserver.server.registry.RequestContext;
import io.jarnetes.apiserver.server.registry.Store;
import io.jarnetes.apiserver.server.storage.StorageException;
import io.jarnetes.apiserver.server.storage.WatchEvent;
import io.jarnetes.apiserver.server.storage.WatchStream;
import io.jarnetes.apiserver.server.tree.Trees;
import io.jarnetes.base.log.Log;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Follows one resource: all its objects first, then each change, for as long as it is open. When
 * its watch breaks, it begins again, and the sink gets all objects anew.
 */
public final class Informer implements AutoCloseable {

    private static final Duration WAIT = Duration.ofSeconds(30);
    private static final long RETRY_MILLIS = 200;

    private final Store store;
    private final Sink sink;
    private final Log log;
    private final CompletableFuture<Void> synced = new CompletableFuture<>();
    private final Thread thread;
    private volatile boolean closed;
    private volatile @Nullable WatchStream stream;

    /** Takes what an informer sees; called by its thread alone. */
    public interface Sink {

        /** Everything there is, by {@code namespace/name} or {@code name}; nothing else is left. */
        void replace(Map<String, ObjectNode> objects);

        /** One object that is new or changed. */
        void put(String key, ObjectNode object);

        /** One object that is gone. */
        void remove(String key);
    }

    private Informer(Store store, Sink sink, Log log) {
        this.store = store;
        this.sink = sink;
        this.log = log;
        this.thread =
                Thread.ofVirtual().name("informer-" + store.resource()).unstarted(this::follow);
    }

    public static Informer start(Store store, Sink sink, Log log) {
        Informer informer = new Informer(store, sink, log);
        informer.thread.start();
        return informer;
    }

    /** Completes when the sink has had all objects once. */
    public CompletableFuture<Void> synced() {
        return synced;
    }

    private void follow() {
        while (!closed) {
            try (WatchStream watch = open()) {
                stream = watch;
                read(watch);
            } catch (InterruptedException e) {
                return;
            } catch (ApiException | StorageException e) {
                log.debug("informer begins again", "resource", store.resource(), "err", e);
            } catch (RuntimeException e) {
                log.error("informer failed", "resource", store.resource(), "err", e);
            }
            if (!closed && !pause()) {
                return;
            }
        }
    }

    private WatchStream open() {
        return store.watch(
                RequestContext.internal(""),
                new ListOptions("", "", "", "NotOlderThan", 0, "", true, true, null));
    }

    private static boolean pause() {
        try {
            Thread.sleep(RETRY_MILLIS);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private void read(WatchStream watch) throws InterruptedException {
        Map<String, ObjectNode> initial = new LinkedHashMap<>();
        boolean beginning = true;
        while (!closed) {
            List<WatchEvent> events = watch.next(WAIT);
            for (WatchEvent event : events) {
                switch (event) {
                    case WatchEvent.Change change -> {
                        if (beginning) {
                            ObjectNode object = change.object().tree();
                            initial.put(key(object), object);
                        } else {
                            apply(change);
                        }
                    }
                    case WatchEvent.Bookmark bookmark -> {
                        if (beginning && bookmark.initialEventsEnd()) {
                            beginning = false;
                            sink.replace(initial);
                            initial = Map.of();
                            synced.complete(null);
                        }
                    }
                    case WatchEvent.Failure failure -> throw failure.cause();
                }
            }
            if (events.isEmpty() && watch.ended()) {
                return;
            }
        }
    }

    private void apply(WatchEvent.Change change) {
        ObjectNode object = change.object().tree();
        if (change.type() == WatchEvent.Type.DELETED) {
            sink.remove(key(object));
        } else {
            sink.put(key(object), object);
        }
    }

    /** {@code namespace/name}, or {@code name} of a cluster-scoped object. */
    public static String key(ObjectNode object) {
        String namespace = Trees.namespace(object);
        return namespace.isEmpty() ? Trees.name(object) : namespace + "/" + Trees.name(object);
    }

    @Override
    public void close() {
        closed = true;
        WatchStream open = stream;
        if (open != null) {
            open.close();
        }
        thread.interrupt();
    }
}
