package io.jarnetes.apiserver.server.storage;

import io.jarnetes.base.log.Log;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * All objects of one resource as of the feed's revision, with the last changes, for lists and
 * watches. Loaded at first need.
 *
 * <p>Invariants: {@code objects} is the state after all events up to {@code max(loadedAt,
 * feed.revision())}; {@code history} holds every event after {@code floor}.
 *
 * <p>Threads: the feed's thread changes it, under {@code lock}; anybody reads a snapshot.
 */
final class Cacher implements EtcdFeed.Sink {

    /** How many past events are kept for watches that start at an older revision. */
    static final int HISTORY = 4_096;

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private enum State {
        IDLE,
        LOADING,
        READY
    }

    private final EtcdKv kv;
    private final EtcdFeed feed;
    private final String prefix;
    private final ObjectDecoder decoder;
    private final Log log;
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<CacheWatcher> watchers = new LinkedHashSet<>();
    private final ArrayDeque<CacheEvent> history = new ArrayDeque<>();
    private final List<EtcdKv.Event> early = new ArrayList<>();
    private SortedSnapshot<StoredObject> objects = SortedSnapshot.empty();
    private State state = State.IDLE;
    private CompletableFuture<Void> loading = new CompletableFuture<>();
    private long loadedAt;
    private long applied;
    private long floor;
    private int resets;

    /**
     * @param prefix of the resource's keys, with a slash at its end
     */
    Cacher(EtcdKv kv, EtcdFeed feed, String prefix, ObjectDecoder decoder, Log log) {
        this.log = log;
        this.kv = kv;
        this.feed = feed;
        this.prefix = prefix;
        this.decoder = decoder;
    }

    /** Whether anything is held; never waits. */
    boolean ready() {
        lock.lock();
        try {
            return state == State.READY;
        } finally {
            lock.unlock();
        }
    }

    /** What is cached of a key, if the cache is there; may lag behind etcd. */
    @Nullable StoredObject peek(String key) {
        lock.lock();
        try {
            return state == State.READY ? objects.get(key) : null;
        } finally {
            lock.unlock();
        }
    }

    /** The objects as they are now, or at least at that revision. */
    View view(long notOlderThan) {
        ensureLoaded();
        if (notOlderThan > loadedAt()) {
            feed.awaitRevision(notOlderThan, PATIENCE);
        }
        lock.lock();
        try {
            return new View(objects, present());
        } finally {
            lock.unlock();
        }
    }

    /** A watch of what comes after {@code since}; EXPIRED when that is no longer held. */
    CacheWatcher watchSince(Selection selection, boolean bookmarks, long since) {
        ensureLoaded();
        lock.lock();
        try {
            if (since < floor) {
                throw new StorageException(
                        StorageException.Kind.EXPIRED,
                        "too old resource version: " + since + " (" + floor + ")");
            }
            List<WatchEvent> missed = new ArrayList<>();
            for (CacheEvent event : history) {
                WatchEvent.Change change =
                        event.revision() > since ? event.seenBy(selection) : null;
                if (change != null) {
                    missed.add(change);
                }
            }
            long last = history.isEmpty() ? since : history.getLast().revision();
            return register(
                    new CacheWatcher(
                            selection,
                            bookmarks,
                            missed.iterator(),
                            null,
                            Math.max(since, last),
                            this::freshness,
                            this::forget));
        } finally {
            lock.unlock();
        }
    }

    /**
     * A watch that begins with everything there is.
     *
     * @param notOlderThan 0 for whatever is held
     * @param markEnd a bookmark says where the beginning ends
     */
    CacheWatcher watchFromState(
            Selection selection, boolean bookmarks, long notOlderThan, boolean markEnd) {
        ensureLoaded();
        if (notOlderThan > loadedAt()) {
            feed.awaitRevision(notOlderThan, PATIENCE);
        }
        lock.lock();
        try {
            long now = present();
            return register(
                    new CacheWatcher(
                            selection,
                            bookmarks,
                            initial(selection),
                            markEnd ? new WatchEvent.Bookmark(now, true) : null,
                            now,
                            this::freshness,
                            this::forget));
        } finally {
            lock.unlock();
        }
    }

    private Iterator<WatchEvent> initial(Selection selection) {
        List<StoredObject> chosen = new ArrayList<>();
        objects.visit(
                selection.keyPrefix(),
                selection.end(),
                object -> {
                    if (selection.filter() == null || selection.matches(object)) {
                        chosen.add(object);
                    }
                    return true;
                });
        Iterator<StoredObject> objectsLeft =
                chosen.isEmpty() ? Collections.emptyIterator() : chosen.iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return objectsLeft.hasNext();
            }

            @Override
            public WatchEvent next() {
                return new WatchEvent.Change(WatchEvent.Type.ADDED, objectsLeft.next());
            }
        };
    }

    private CacheWatcher register(CacheWatcher watcher) {
        watchers.add(watcher);
        return watcher;
    }

    private void forget(CacheWatcher watcher) {
        lock.lock();
        try {
            watchers.remove(watcher);
        } finally {
            lock.unlock();
        }
    }

    /**
     * The revision of {@code objects}. An event is applied before the feed says that its revision
     * is reached, so the last one applied counts too.
     */
    private long present() {
        return Math.max(Math.max(loadedAt, applied), feed.revision());
    }

    private long freshness() {
        return Math.max(loadedAt(), feed.revision());
    }

    private long loadedAt() {
        lock.lock();
        try {
            return loadedAt;
        } finally {
            lock.unlock();
        }
    }

    private int resets() {
        lock.lock();
        try {
            return resets;
        } finally {
            lock.unlock();
        }
    }

    private void ensureLoaded() {
        CompletableFuture<Void> wait;
        boolean mine = false;
        lock.lock();
        try {
            if (state == State.READY) {
                return;
            }
            if (state == State.IDLE) {
                state = State.LOADING;
                loading = new CompletableFuture<>();
                mine = true;
            }
            wait = loading;
        } finally {
            lock.unlock();
        }
        if (mine) {
            load(wait);
        }
        try {
            wait.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof StorageException cause
                    ? cause
                    : new StorageException(
                            StorageException.Kind.UNAVAILABLE, "the cache did not load", e);
        }
    }

    private void load(CompletableFuture<Void> done) {
        try {
            int before = resets();
            feed.attach(prefix, this);
            View loaded = View.load(kv, prefix, decoder);
            feed.execute(() -> install(loaded, before, done)).join();
        } catch (RuntimeException e) {
            lock.lock();
            try {
                state = State.IDLE;
                early.clear();
            } finally {
                lock.unlock();
            }
            done.completeExceptionally(e);
        }
    }

    /** On the feed's thread, so that no event falls between the early ones and the next. */
    private boolean install(View loaded, int resetsBefore, CompletableFuture<Void> done) {
        lock.lock();
        try {
            if (resets != resetsBefore) {
                throw new StorageException(
                        StorageException.Kind.UNAVAILABLE,
                        "the watch of etcd was renewed while " + prefix + " was loaded: try again");
            }
            objects = loaded.objects();
            loadedAt = loaded.revision();
            floor = loaded.revision();
            history.clear();
            state = State.READY;
            List<EtcdKv.Event> missed = List.copyOf(early);
            early.clear();
            missed.forEach(this::apply);
        } finally {
            lock.unlock();
        }
        done.complete(null);
        return true;
    }

    @Override
    public void onEvents(List<EtcdKv.Event> events) {
        lock.lock();
        try {
            switch (state) {
                case IDLE -> {}
                case LOADING -> early.addAll(events);
                case READY -> events.forEach(this::apply);
            }
        } finally {
            lock.unlock();
        }
    }

    private void apply(EtcdKv.Event event) {
        EtcdKv.Kv change = event.kv();
        if (change.modRevision() <= loadedAt) {
            return;
        }
        applied = change.modRevision();
        StoredObject previous = objects.get(change.key());
        CacheEvent seen;
        if (event.deleted()) {
            if (previous == null) {
                return;
            }
            objects = objects.without(change.key());
            seen = CacheEvent.deleted(previous, change.modRevision());
        } else {
            StoredObject object = decode(change);
            if (object == null) {
                return;
            }
            objects = objects.with(change.key(), object);
            seen = CacheEvent.put(object, previous);
        }
        history.add(seen);
        if (history.size() > HISTORY) {
            floor = history.poll().revision();
        }
        if (!watchers.isEmpty()) {
            List.copyOf(watchers).forEach(watcher -> watcher.offer(seen));
        }
    }

    /** Null for what cannot be read: one bad object must not stop all others. */
    private @Nullable StoredObject decode(EtcdKv.Kv change) {
        try {
            return decoder.decode(change.key(), change.value(), change.modRevision());
        } catch (StorageException e) {
            log.error("an object cannot be read", "key", change.key(), "err", e.getMessage());
            return null;
        }
    }

    @Override
    public void onReset() {
        List<CacheWatcher> all;
        lock.lock();
        try {
            resets++;
            if (state == State.READY) {
                state = State.IDLE;
            }
            objects = SortedSnapshot.empty();
            history.clear();
            early.clear();
            all = List.copyOf(watchers);
            watchers.clear();
        } finally {
            lock.unlock();
        }
        StorageException cause =
                new StorageException(
                        StorageException.Kind.EXPIRED,
                        "too old resource version: the cache is new");
        all.forEach(watcher -> watcher.fail(cause));
    }
}
