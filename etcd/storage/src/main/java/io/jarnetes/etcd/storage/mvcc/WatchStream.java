package io.jarnetes.etcd.storage.mvcc;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The watchers of one client stream; their responses go to one consumer. Any thread. */
public final class WatchStream implements AutoCloseable {
    /** Asks for an id chosen by the stream. */
    public static final long AUTO_WATCH_ID = 0;

    /** The id in the answer to a progress request for the whole stream. */
    public static final long PROGRESS_WATCH_ID = -1;

    private final Watchers watchers;
    private final WatchConsumer consumer;
    private final Map<Long, Watcher> byId = new HashMap<>();
    private long nextId;
    private boolean closed;

    WatchStream(Watchers watchers, WatchConsumer consumer) {
        this.watchers = watchers;
        this.consumer = consumer;
    }

    /**
     * Creates a watcher. One that begins in the past is served by {@link Mvcc#syncWatchers}; one
     * below the compact revision gets a response that says so, and is gone.
     *
     * @param watchId {@link #AUTO_WATCH_ID} or an id of the client's
     * @param startRevision the first revision it wants; 0 for whatever comes next
     * @return its id
     * @throws MvccException {@code EMPTY_WATCH_RANGE} or {@code DUPLICATE_WATCH_ID}
     */
    public synchronized long watch(
            long watchId, KeyRange range, long startRevision, Set<WatchFilter> filters) {
        if (range.empty() || closed) {
            throw new MvccException(MvccException.Code.EMPTY_WATCH_RANGE);
        }
        long id = watchId;
        if (id == AUTO_WATCH_ID) {
            while (byId.containsKey(nextId)) {
                nextId++;
            }
            id = nextId++;
        } else if (byId.containsKey(id)) {
            throw new MvccException(MvccException.Code.DUPLICATE_WATCH_ID);
        }
        Watcher watcher = new Watcher(id, range, startRevision, Set.copyOf(filters), consumer);
        byId.put(id, watcher);
        watchers.add(watcher);
        return id;
    }

    /**
     * Removes a watcher. What was offered before may still be on its way at the consumer.
     *
     * @throws MvccException {@code WATCHER_NOT_FOUND}
     */
    public synchronized void cancel(long watchId) {
        Watcher watcher = closed ? null : byId.remove(watchId);
        if (watcher == null) {
            throw new MvccException(MvccException.Code.WATCHER_NOT_FOUND);
        }
        watchers.remove(watcher);
    }

    /** Sends a progress response to one watcher, if it is in step with the store. */
    public synchronized void requestProgress(long watchId) {
        Watcher watcher = byId.get(watchId);
        if (watcher != null) {
            watchers.progress(List.of(watcher), watchId);
        }
    }

    /**
     * Sends one progress response with id {@link #PROGRESS_WATCH_ID} if the stream has watchers and
     * all are in step with the store; else nothing.
     *
     * @return whether all are in step
     */
    public synchronized boolean requestProgressAll() {
        return watchers.progress(List.copyOf(byId.values()), PROGRESS_WATCH_ID);
    }

    /** The store's current revision. */
    public long revision() {
        return watchers.revision();
    }

    /** Removes all its watchers. */
    @Override
    public synchronized void close() {
        closed = true;
        byId.values().forEach(watchers::remove);
        byId.clear();
    }
}
