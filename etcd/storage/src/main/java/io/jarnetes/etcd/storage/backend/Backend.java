package io.jarnetes.etcd.storage.backend;

import io.jarnetes.etcd.storage.bbolt.Db;
import io.jarnetes.etcd.storage.bbolt.Options;
import io.jarnetes.etcd.storage.disk.CorruptFileException;
import io.jarnetes.etcd.storage.disk.Disk;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The db file behind a store that batches its commits: changes collect in memory, where reads see
 * them, and go to the file together.
 *
 * <p>The owner of the apply thread calls {@link #applied} after each entry and, when {@link
 * #commitDue} says so, {@link #freeze} between two entries; the frozen batch may be written by
 * another thread, one at a time, while changes go on.
 */
public final class Backend implements AutoCloseable {
    /** A batch that was taken off and waits to be written and synced. */
    public interface Commit {
        /** Writes and syncs it. After a failure the member must stop; it is never retried. */
        void run();
    }

    /** A snapshot of the file as of one commit. */
    public interface Snapshot extends AutoCloseable {
        /** How many bytes {@link #writeTo} writes. */
        long size();

        /** Writes the whole file. */
        void writeTo(WritableByteChannel target);

        /** Fills the buffer with the file's bytes from {@code position} on, or up to the end. */
        void read(long position, ByteBuffer target);

        @Override
        void close();
    }

    private record State(FileRef file, @Nullable Batch committing, Batch current) {}

    private final BackendOptions options;
    // Guards the changes of state and of the current batch; never held while the file is written.
    private final Object lock = new Object();
    // Held while the file is written or replaced.
    private final Object fileLock = new Object();
    // The snapshots that views may still use, oldest first.
    private final Queue<FileRef> opened = new ConcurrentLinkedQueue<>();
    private final AtomicLong lastNumber = new AtomicLong();
    private volatile OpenFile open;
    private volatile State state;
    private volatile boolean closed;
    private long appliedIndex;
    private long appliedTerm;
    private long savedIndex;
    private long firstChangeNanos;
    private boolean urgent;
    private volatile @Nullable Throwable failure;

    private Backend(BackendFile file, BackendOptions options) {
        this.options = options;
        this.open = new OpenFile(file);
        this.state = new State(fresh(open), null, new Batch());
        this.appliedIndex = readNumber(Meta.CONSISTENT_INDEX);
        this.appliedTerm = readNumber(Meta.TERM);
        this.savedIndex = appliedIndex;
    }

    /** Opens the file at {@code path}, or makes it. */
    public static Backend open(Disk disk, Path path, Options bboltOptions, BackendOptions options) {
        return over(BboltFile.open(disk, path, bboltOptions), options);
    }

    /**
     * Walks a database that was received before it takes the place of another one.
     *
     * @param index the entry that it must hold at least
     * @throws CorruptFileException when it is damaged, or older
     */
    public static void requireSound(Disk disk, Path path, Options bboltOptions, long index) {
        Options reading = bboltOptions.withReadOnly(true);
        try (Db db = Db.open(disk, path, reading)) {
            List<String> problems = db.check();
            if (!problems.isEmpty()) {
                throw notReceived(path, problems.getFirst());
            }
        }
        try (Backend received = open(disk, path, reading, BackendOptions.defaults())) {
            if (received.consistentIndex() < index) {
                throw notReceived(
                        path,
                        "it holds entries up to "
                                + received.consistentIndex()
                                + ", the snapshot is at "
                                + index);
            }
        }
    }

    private static CorruptFileException notReceived(Path path, String found) {
        return new CorruptFileException(
                path,
                0,
                found,
                "remove it together with the .snap file of the same index, and let the member get"
                        + " the snapshot from its cluster again");
    }

    /** A backend over any kind of file; it closes the file. */
    public static Backend over(BackendFile file, BackendOptions options) {
        return new Backend(file, options);
    }

    private long readNumber(String name) {
        Long stored = get(Bucket.META, Meta.key(name), Meta::number);
        return stored == null ? 0 : stored;
    }

    /** Stores a pair. */
    public void put(Bucket bucket, byte[] key, byte[] value) {
        synchronized (lock) {
            noteChange();
            state.current().put(bucket, key, value);
        }
    }

    /** Deletes a pair; nothing when it is not there. */
    public void delete(Bucket bucket, byte[] key) {
        synchronized (lock) {
            noteChange();
            state.current().delete(bucket, key);
        }
    }

    private void noteChange() {
        if (pendingLocked() == 0) {
            firstChangeNanos = options.nanoTime().getAsLong();
        }
    }

    /** One value as of now, uncommitted changes included. */
    public byte @Nullable [] get(Bucket bucket, byte[] key) {
        try (View view = view()) {
            return view.get(bucket, key);
        }
    }

    /** One value as of now, decoded; null when there is none. See {@link View#get}. */
    public <T> @Nullable T get(Bucket bucket, byte[] key, Function<byte[], T> decoder) {
        try (View view = view()) {
            return view.get(bucket, key, decoder);
        }
    }

    /**
     * Opens a view of what is there now.
     *
     * @throws IllegalStateException once it is closed: nothing will be there again
     */
    public View view() {
        while (!closed) {
            State now = state;
            if (now.file().acquire()) {
                return new View(now.file(), now.committing(), now.current());
            }
        }
        throw new IllegalStateException("the database is closed; its member has stopped");
    }

    /**
     * Tells when all views that are open now have closed and what they could see was committed. Ask
     * for a commit too ({@link #requestCommit}), else it may never be.
     */
    public BooleanSupplier viewsGone() {
        long last = state.file().number();
        return () -> {
            FileRef oldest = opened.peek();
            while (oldest != null && oldest.closed()) {
                opened.remove(oldest);
                oldest = opened.peek();
            }
            return oldest == null || oldest.number() > last;
        };
    }

    private FileRef fresh(OpenFile file) {
        FileRef ref = file.snapshot(lastNumber.incrementAndGet());
        opened.removeIf(FileRef::closed);
        opened.add(ref);
        return ref;
    }

    /** The entry that was applied last; it is stored with the next commit, as is its term. */
    public void applied(long index, long term) {
        synchronized (lock) {
            noteChange();
            appliedIndex = index;
            appliedTerm = term;
        }
    }

    /** The entry that was applied last, restored from the file at open; 0 before any. */
    public long consistentIndex() {
        synchronized (lock) {
            return appliedIndex;
        }
    }

    /** The term of {@link #consistentIndex}; 0 in files of etcd 3.4. */
    public long consistentTerm() {
        synchronized (lock) {
            return appliedTerm;
        }
    }

    /** The entry up to which the file holds all changes once what is frozen is written. */
    public long savedIndex() {
        synchronized (lock) {
            return savedIndex;
        }
    }

    /** How many changes wait for a commit. */
    public int pending() {
        synchronized (lock) {
            return pendingLocked();
        }
    }

    private int pendingLocked() {
        return state.current().changes() + (appliedIndex > savedIndex ? 1 : 0);
    }

    /** Makes the next commit due at once. */
    public void requestCommit() {
        synchronized (lock) {
            urgent = true;
        }
    }

    /** Whether a batch is full or old enough, and no other is being written. */
    public boolean commitDue(long nanoTime) {
        synchronized (lock) {
            int waiting = pendingLocked();
            if (state.committing() != null || (waiting == 0 && !urgent)) {
                return false;
            }
            return urgent
                    || waiting >= options.batchLimit()
                    || nanoTime - firstChangeNanos >= options.batchIntervalNanos();
        }
    }

    /**
     * Takes off what waits, between two entries. Null when there is nothing, when another batch is
     * still being written, when the applied index is not yet synced in the log here, or when the
     * file was opened for reading.
     */
    public @Nullable Commit freeze() {
        synchronized (lock) {
            if (state.committing() != null
                    || !open.file().writable()
                    || (pendingLocked() == 0 && !urgent)
                    || (appliedIndex > savedIndex
                            && appliedIndex > options.syncedIndex().getAsLong())) {
                return null;
            }
            Batch frozen = state.current();
            if (appliedIndex > savedIndex) {
                frozen.put(Bucket.META, Meta.key(Meta.CONSISTENT_INDEX), Meta.bytes(appliedIndex));
                if (appliedTerm > 0) {
                    frozen.put(Bucket.META, Meta.key(Meta.TERM), Meta.bytes(appliedTerm));
                }
            }
            savedIndex = appliedIndex;
            urgent = false;
            state = new State(state.file(), frozen, new Batch());
            return () -> write(frozen);
        }
    }

    private void write(Batch frozen) {
        synchronized (fileLock) {
            try {
                open.file().commit(frozen::writeTo);
            } catch (RuntimeException | Error e) {
                failure = e;
                throw e;
            }
            FileRef fresh = fresh(open);
            FileRef old;
            synchronized (lock) {
                old = state.file();
                state = new State(fresh, null, state.current());
            }
            old.release();
        }
    }

    /**
     * Freezes and writes at once, on the apply thread or where nothing is applied.
     *
     * @return whether all that waited is committed now, what another thread still writes included;
     *     if not, see {@link #freeze}
     * @throws IllegalStateException when a commit failed before: waiting for it would be in vain
     */
    public boolean commit() {
        Throwable before = failure;
        if (before != null) {
            throw new IllegalStateException("a commit failed before; stop the member", before);
        }
        Commit commit = freeze();
        if (commit != null) {
            commit.run();
        }
        synchronized (lock) {
            return pendingLocked() == 0 && state.committing() == null;
        }
    }

    /** The file's size in bytes. */
    public long size() {
        return open.file().size();
    }

    /** The size less the free pages. */
    public long sizeInUse() {
        return open.file().sizeInUse();
    }

    /**
     * CRC-32C over all buckets, as Maintenance.Hash says it, as of the last commit. The applied
     * index, its term and the storage version do not count.
     */
    public int hash() {
        FileRef file = pin();
        try {
            BackendHash hash = new BackendHash();
            file.reader().scanAll(hash);
            return hash.value();
        } finally {
            file.release();
        }
    }

    /** A snapshot as of the last commit. */
    public Snapshot snapshot() {
        return new PinnedSnapshot(pin());
    }

    /** A snapshot of its own, which no compaction waits for. */
    private FileRef pin() {
        synchronized (lock) {
            return open.snapshot(0);
        }
    }

    /** Rewrites the file without its free pages. Reads and changes go on; commits wait. */
    public void defrag() {
        synchronized (fileLock) {
            OpenFile before = open;
            OpenFile after = new OpenFile(before.file().defragmented());
            FileRef fresh = fresh(after);
            FileRef old;
            synchronized (lock) {
                old = state.file();
                open = after;
                state = new State(fresh, state.committing(), state.current());
            }
            old.release();
            before.retire();
        }
    }

    /** Commits what it may and closes the file. Whoever still reads keeps it open until done. */
    @Override
    public void close() {
        synchronized (fileLock) {
            if (failure == null) {
                commit();
            }
            closed = true;
            state.file().release();
            open.retire();
        }
    }
}
