package io.jarnetes.etcd.storage.mvcc;

import io.jarnetes.etcd.storage.backend.Backend;
import io.jarnetes.etcd.storage.lease.Lessor;
import io.jarnetes.etcd.storage.lease.RangeDeleter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Every revision of every key until compaction, and those who watch them.
 *
 * <p>Threads: the apply thread alone calls {@link #write}, {@link #compact} and the {@link
 * RangeDeleter}. Reads, hashes and watch streams are for any thread and never block it. The steps
 * ({@link #compactStep}, {@link #syncWatchers}, {@link #syncVictims}) are called by whoever owns
 * the threads, each by one thread at a time.
 */
public final class Mvcc implements RangeDeleter {
    /**
     * Opens the store on a backend: rebuilds the index, attaches leases, resumes a compaction that
     * was scheduled but not finished.
     */
    public static Mvcc open(Backend backend, Lessor lessor) {
        throw new UnsupportedOperationException();
    }

    /** The revision of the last change; 1 before any. */
    public long revision() {
        throw new UnsupportedOperationException();
    }

    /** The compact revision; -1 before any. A read at it is allowed, below it not. */
    public long compactRevision() {
        throw new UnsupportedOperationException();
    }

    /** Opens a view of the present. */
    public ReadTxn read() {
        throw new UnsupportedOperationException();
    }

    /** Begins the changes of one request. */
    public WriteTxn write() {
        throw new UnsupportedOperationException();
    }

    /** Reads a range in a view of its own. */
    public RangeResult range(KeyRange range, RangeOptions options) {
        try (ReadTxn txn = read()) {
            return txn.range(range, options);
        }
    }

    /** Stores one value in a revision of its own. */
    public long put(byte[] key, byte[] value, long lease) {
        try (WriteTxn txn = write()) {
            return txn.put(key, value, lease);
        }
    }

    /** Deletes a range in a revision of its own. */
    public DeleteResult deleteRange(KeyRange range) {
        try (WriteTxn txn = write()) {
            return txn.deleteRange(range);
        }
    }

    @Override
    public void delete(List<byte[]> sortedKeys) {
        try (WriteTxn txn = write()) {
            for (byte[] key : sortedKeys) {
                txn.deleteRange(KeyRange.of(key));
            }
        }
    }

    /**
     * Makes {@code revision} the compact revision at once and schedules the removal of what nobody
     * can read any more; {@link #compactStep} does it.
     *
     * @throws MvccException {@code COMPACTED} when it was compacted there already, {@code
     *     FUTURE_REVISION} when it is beyond the current revision
     */
    public void compact(long revision) {
        throw new UnsupportedOperationException();
    }

    /** Removes one batch of a scheduled compaction; returns whether there is more to do. */
    public boolean compactStep() {
        throw new UnsupportedOperationException();
    }

    /**
     * The revision up to which removal is finished on disk, for a physical compaction's wait; -1
     * before any.
     */
    public long finishedCompactRevision() {
        throw new UnsupportedOperationException();
    }

    /**
     * The hash up to {@code revision}; 0 or less for the current one.
     *
     * @throws MvccException {@code COMPACTED} or {@code FUTURE_REVISION}
     */
    public KeyValueHash hashByRev(long revision) {
        throw new UnsupportedOperationException();
    }

    /** The pair that {@code event} replaced or deleted; null when there was none or it is gone. */
    public @Nullable KeyValue previous(Event event) {
        throw new UnsupportedOperationException();
    }

    /** Opens a stream of watchers whose responses go to {@code consumer}. */
    public WatchStream newWatchStream(WatchConsumer consumer) {
        throw new UnsupportedOperationException();
    }

    /**
     * Brings watchers that began in the past a batch further. Call it every 100 ms, and at once
     * again while it returns true.
     *
     * @return whether watchers are left that could go on at once
     */
    public boolean syncWatchers() {
        throw new UnsupportedOperationException();
    }

    /**
     * Offers refused responses again. Call it every 10 ms while it returns true, or when a consumer
     * has room again.
     *
     * @return whether refused responses are left
     */
    public boolean syncVictims() {
        throw new UnsupportedOperationException();
    }

    /** How many watchers there are, those still catching up, and responses refused. */
    public WatcherCounts watcherCounts() {
        throw new UnsupportedOperationException();
    }

    /**
     * Numbers for the metrics.
     *
     * @param total all watchers
     * @param slow those that still catch up, refused ones included
     */
    public record WatcherCounts(int total, int slow) {}

    /** Replaces everything by what {@code backend} holds, after a snapshot from the leader. */
    public void restore(Backend backend) {
        throw new UnsupportedOperationException();
    }
}
