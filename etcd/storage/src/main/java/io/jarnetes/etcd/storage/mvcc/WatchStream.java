package io.jarnetes.etcd.storage.mvcc;

import java.util.Set;

/** The watchers of one client stream; their responses go to one consumer. Any thread. */
public final class WatchStream implements AutoCloseable {
    /** Asks for an id chosen by the stream. */
    public static final long AUTO_WATCH_ID = 0;

    /** The id in the answer to a progress request for the whole stream. */
    public static final long PROGRESS_WATCH_ID = -1;

    /**
     * Creates a watcher. One that begins in the past is served by {@link Mvcc#syncWatchers}; one
     * below the compact revision gets a response that says so, and is gone.
     *
     * @param startRevision the first revision it wants; 0 for whatever comes next
     * @param watchId {@link #AUTO_WATCH_ID} or an id of the client's
     * @return its id
     * @throws MvccException {@code EMPTY_WATCH_RANGE} or {@code DUPLICATE_WATCH_ID}
     */
    public long watch(long watchId, KeyRange range, long startRevision, Set<WatchFilter> filters) {
        throw new UnsupportedOperationException();
    }

    /**
     * Removes a watcher. What was offered before may still be on its way at the consumer.
     *
     * @throws MvccException {@code WATCHER_NOT_FOUND}
     */
    public void cancel(long watchId) {
        throw new UnsupportedOperationException();
    }

    /** Sends a progress response to one watcher, if it is in step with the store. */
    public void requestProgress(long watchId) {
        throw new UnsupportedOperationException();
    }

    /**
     * Sends one progress response with id {@link #PROGRESS_WATCH_ID} if the stream has watchers and
     * all are in step with the store; else nothing.
     *
     * @return whether it was sent
     */
    public boolean requestProgressAll() {
        throw new UnsupportedOperationException();
    }

    /** The store's current revision. */
    public long revision() {
        throw new UnsupportedOperationException();
    }

    /** Removes all its watchers. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
