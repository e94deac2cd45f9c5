package io.jarnetes.etcd.storage.mvcc;

import io.jarnetes.etcd.storage.backend.Backend;
import io.jarnetes.etcd.storage.backend.Bucket;
import io.jarnetes.etcd.storage.backend.Meta;
import io.jarnetes.etcd.storage.backend.View;
import io.jarnetes.etcd.storage.lease.Lessor;
import io.jarnetes.etcd.storage.lease.RangeDeleter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Every revision of every key until compaction, and those who watch them.
 *
 * <p>Threads: the apply thread alone calls {@link #write}, {@link #compact}, {@link #restore} and
 * the {@link RangeDeleter}. Reads, hashes and watch streams are for any thread and never block it.
 * The steps ({@link #compactStep}, {@link #syncWatchers}, {@link #syncVictims}) are called by
 * whoever owns the threads, each by one thread at a time.
 */
public final class Mvcc implements RangeDeleter {
    /** How many stored revisions one {@link #compactStep} looks at, as upstream. */
    public static final int COMPACTION_BATCH_LIMIT = 1000;

    /** Everything that a snapshot from the leader replaces. */
    private static final class Contents {
        private final Backend backend;
        private final KeyIndex index;
        private final Deque<Compaction> compactions = new ArrayDeque<>();
        private volatile long revision;
        private volatile long compactRevision;
        private volatile long finishedCompactRevision;

        Contents(Backend backend, Restorer restorer) {
            this.backend = backend;
            this.index = restorer.index();
            this.revision = restorer.currentRevision();
            this.compactRevision = restorer.finishedCompactRevision();
            this.finishedCompactRevision = compactRevision;
        }
    }

    private final OperationCounts counts = new OperationCounts();
    private final Lessor lessor;
    private final CompactionHashes hashes = new CompactionHashes();
    private final Watchers watchers;
    private volatile Contents contents;

    private Mvcc(Backend backend, Lessor lessor) {
        this.lessor = lessor;
        this.watchers = new Watchers(this);
        this.contents = load(backend);
    }

    /**
     * Opens the store on a backend: rebuilds the index, attaches leases, resumes a compaction that
     * was scheduled but not finished.
     */
    public static Mvcc open(Backend backend, Lessor lessor) {
        return new Mvcc(backend, lessor);
    }

    private Contents load(Backend backend) {
        Restorer restorer = new Restorer(backend);
        restorer.run();
        restorer.attachTo(lessor);
        Contents loaded = new Contents(backend, restorer);
        long scheduled = restorer.scheduledCompactRevision();
        if (scheduled > loaded.compactRevision) {
            compact(loaded, scheduled, false);
        }
        return loaded;
    }

    /**
     * Replaces everything by what {@code backend} holds, after a snapshot from the leader. The
     * lessor is restored first.
     */
    public void restore(Backend backend) {
        watchers.restore(() -> contents = load(backend));
    }

    /** The revision of the last change; 1 before any. */
    public long revision() {
        return contents.revision;
    }

    /** The compact revision; -1 before any. A read at it is allowed, below it not. */
    public long compactRevision() {
        return contents.compactRevision;
    }

    /** How many keys there are now. */
    public long keys() {
        return contents.index.alive();
    }

    /** Opens a view of the present. */
    public ReadTxn read() {
        return readTxn();
    }

    StoreReadTxn readTxn() {
        while (true) {
            Contents now = contents;
            long revision = now.revision;
            View view = view(now);
            if (view == null) {
                continue;
            }
            long compacted = now.compactRevision;
            // Between the two a compaction may have begun that did not see this view and takes away
            // what it needs; one that begins from here on waits until the view is closed.
            if (compacted <= revision) {
                return new StoreReadTxn(now.index, view, revision, compacted, counts);
            }
            view.close();
        }
    }

    /** How much was asked of it. */
    public OperationCounts counts() {
        return counts;
    }

    /** A view of these contents; null if they were replaced, and closed, meanwhile. */
    private @Nullable View view(Contents now) {
        try {
            return now.backend.view();
        } catch (IllegalStateException e) {
            if (now == contents) {
                throw e;
            }
            return null;
        }
    }

    /** Begins the changes of one request. */
    public WriteTxn write() {
        Contents now = contents;
        return new StoreWriteTxn(
                now.backend,
                now.index,
                lessor,
                now.revision,
                now.compactRevision,
                counts,
                (revision, events) ->
                        watchers.publish(() -> now.revision = revision, revision, events));
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
        Contents now = contents;
        if (revision <= now.compactRevision) {
            throw new MvccException(MvccException.Code.COMPACTED, now.compactRevision);
        }
        if (revision > now.revision) {
            throw new MvccException(MvccException.Code.FUTURE_REVISION);
        }
        compact(now, revision, isIdle(now));
    }

    private static boolean isIdle(Contents now) {
        synchronized (now.compactions) {
            return now.compactions.isEmpty();
        }
    }

    private void compact(Contents now, long revision, boolean previousFinished) {
        long previous = now.compactRevision;
        now.compactRevision = revision;
        Backend backend = now.backend;
        backend.put(Bucket.META, Meta.key(Meta.SCHEDULED_COMPACT_REV), Revision.encode(revision));
        backend.requestCommit();
        Compaction compaction =
                new Compaction(
                        backend,
                        now.index,
                        revision,
                        previous,
                        previousFinished,
                        backend.viewsGone());
        synchronized (now.compactions) {
            now.compactions.add(compaction);
        }
    }

    /**
     * Removes one batch of a scheduled compaction; returns whether there is more to do. Leave reads
     * and changes some time between steps (upstream: 10 ms). A step that waits for a commit or for
     * readers does nothing.
     */
    public boolean compactStep() {
        Contents now = contents;
        Compaction compaction;
        synchronized (now.compactions) {
            compaction = now.compactions.peek();
        }
        if (compaction == null) {
            return false;
        }
        if (!compaction.step(COMPACTION_BATCH_LIMIT)) {
            return true;
        }
        KeyValueHash hash = compaction.hash();
        if (hash != null) {
            hashes.store(hash);
        }
        synchronized (now.compactions) {
            now.compactions.remove(compaction);
            now.finishedCompactRevision = compaction.revision();
            return !now.compactions.isEmpty();
        }
    }

    /**
     * The revision up to which removal is finished, for a physical compaction's wait, which then
     * commits; -1 before any.
     */
    public long finishedCompactRevision() {
        return contents.finishedCompactRevision;
    }

    /**
     * The hash up to {@code revision}; 0 for the current one.
     *
     * @throws MvccException {@code COMPACTED} or {@code FUTURE_REVISION}
     */
    public KeyValueHash hashByRev(long revision) {
        KeyValueHash known = hashes.get(revision);
        if (known != null) {
            return known;
        }
        try (StoreReadTxn txn = readTxn()) {
            return txn.hash(revision);
        }
    }

    /**
     * Walks all that is stored and indexed; an empty list says that all rules hold. No change may
     * happen meanwhile.
     */
    public List<String> check() {
        Contents now = contents;
        try (View view = now.backend.view()) {
            return new StoreChecker(now.index, view, now.revision, now.compactRevision).run();
        }
    }

    /** The hashes of the last ten compactions, oldest first, for the compact hash check. */
    public List<KeyValueHash> compactionHashes() {
        return hashes.all();
    }

    /** The pair that {@code event} replaced or deleted; null when there was none or it is gone. */
    public @Nullable KeyValue previous(Event event) {
        long before = event.kv().modRevision() - 1;
        try (StoreReadTxn txn = readTxn()) {
            if (before < 1 || before < txn.firstRevision() || event.kv().created()) {
                return null;
            }
            List<KeyValue> found =
                    txn.range(KeyRange.of(event.kv().key()), RangeOptions.at(before)).kvs();
            return found.isEmpty() ? null : found.getFirst();
        }
    }

    /** Opens a stream of watchers whose responses go to {@code consumer}. */
    public WatchStream newWatchStream(WatchConsumer consumer) {
        return new WatchStream(watchers, consumer);
    }

    /**
     * Brings watchers that began in the past a batch further. Call it every 100 ms, and at once
     * again while it returns true.
     *
     * @return whether watchers are left that could go on at once
     */
    public boolean syncWatchers() {
        return watchers.syncWatchers();
    }

    /**
     * Offers refused responses again. Call it every 10 ms while it returns true, or when a consumer
     * has room again.
     *
     * @return whether refused responses are left
     */
    public boolean syncVictims() {
        return watchers.syncVictims();
    }

    /** How many watchers there are, and how many of them are behind. */
    public WatcherCounts watcherCounts() {
        return watchers.counts();
    }

    /**
     * Numbers for the metrics.
     *
     * @param total all watchers
     * @param slow those that still catch up, refused ones included
     */
    public record WatcherCounts(int total, int slow) {}
}
