package io.jarnetes.etcd.storage.bbolt;

import io.jarnetes.etcd.storage.disk.CorruptFileException;
import io.jarnetes.etcd.storage.disk.Disk;
import io.jarnetes.etcd.storage.disk.DiskException;
import io.jarnetes.etcd.storage.disk.DiskFile;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An open bbolt file. */
public final class Db implements AutoCloseable {
    private final DiskFile file;
    private final Options options;
    private final Pages pages;
    private final Freelist freelist;
    private final Readers readers;
    private final Commit commit;
    // Not a lock: a writing transaction may be begun by one thread and committed by another.
    private final Semaphore writer = new Semaphore(1);
    private volatile @Nullable RuntimeException failure;
    private volatile boolean closed;
    private volatile int freePages;
    private volatile int pendingPages;

    private Db(DiskFile file, Options options, Meta meta) {
        this.file = file;
        this.options = options;
        this.pages = new Pages(file, meta.pageSize(), options.chunkBytes());
        this.readers = new Readers(meta);
        // A reader needs no list of free pages, and the scan reads the whole file.
        this.freelist =
                options.readOnly() ? new Freelist() : PageScan.freelist(file.path(), pages, meta);
        this.commit = new Commit(file, pages, freelist, options);
        countPages();
    }

    /**
     * Opens a file, or makes it when there is none and it may be written.
     *
     * @throws io.jarnetes.etcd.storage.disk.FileLockedException when another holds the lock
     * @throws io.jarnetes.etcd.storage.disk.CorruptFileException when this is no sound bbolt file
     */
    public static Db open(Disk disk, Path path, Options options) {
        DiskFile file = DbFile.open(disk, path, options);
        try {
            return new Db(file, options, DbFile.newestMeta(file));
        } catch (IndexOutOfBoundsException e) {
            file.close();
            throw new CorruptFileException(path, 0, "a page is not sound: " + e, Page.ADVICE);
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /**
     * Begins a transaction. A writing one waits until the one before is closed; a reading one never
     * waits for a commit.
     */
    public Tx begin(boolean writable) {
        requireOpen();
        if (!writable) {
            return new Tx(this, readers.acquire(), false);
        }
        if (options.readOnly()) {
            throw new DiskException(file.path(), "opened for reading only, it cannot be written");
        }
        writer.acquireUninterruptibly();
        try {
            requireOpen();
            requireHealthy();
            Meta meta = readers.newest();
            freelist.begin(meta.txid() + 1, readers.versions());
            countPages();
            return new Tx(this, meta, true);
        } catch (RuntimeException e) {
            writer.release();
            throw e;
        }
    }

    /** Runs {@code work} in a read transaction; no segment may leave it. */
    public <T extends @Nullable Object> T view(Function<Tx, T> work) {
        try (Tx tx = begin(false)) {
            return work.apply(tx);
        }
    }

    /** Runs {@code work} in a writing transaction and commits; rolls back when it throws. */
    public void update(Consumer<Tx> work) {
        try (Tx tx = begin(true)) {
            work.accept(tx);
            tx.commit();
        }
    }

    /** Sizes and counts now. */
    public Stats stats() {
        Meta meta = readers.newest();
        return new Stats(
                meta.highWater() * meta.pageSize(),
                pages.fileBytes(),
                freePages,
                pendingPages,
                readers.count(),
                meta.txid());
    }

    /** The page size of this file in bytes. */
    public int pageSize() {
        return pages.pageSize();
    }

    /** Walks every page; an empty list says that all invariants hold. Waits for the writer. */
    public List<String> check() {
        requireOpen();
        writer.acquireUninterruptibly();
        try {
            Meta meta = readers.newest();
            return new Checker(file, pages, meta)
                    .run(options.readOnly() ? null : freelist.freeAndPending(false));
        } finally {
            writer.release();
        }
    }

    /** Syncs the file; needed only after commits with {@link Options#noSync()}. */
    public void sync() {
        requireOpen();
        file.sync();
    }

    /** The file. */
    public Path path() {
        return file.path();
    }

    /** Copies every bucket of {@code from} to an empty {@code to}, pages filled to nine tenths. */
    public static void compact(Db from, Db to) {
        new Compaction(to).copy(from);
    }

    /**
     * Waits for the open transactions, then closes the file.
     *
     * @throws IllegalStateException when readers do not end: their memory would be unmapped
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        writer.acquireUninterruptibly();
        try {
            if (!readers.awaitNone(options.lockTimeout())) {
                throw new IllegalStateException(
                        file.path() + ": read transactions are still open, by version " + readers);
            }
            closed = true;
            file.close();
        } finally {
            writer.release();
        }
    }

    CommitTimes commit(Tx tx) {
        try {
            CommitTimes times = commit.run(tx);
            readers.publish(commit.committed());
            freelist.commit();
            return times;
        } catch (RuntimeException | Error e) {
            freelist.rollback();
            if (commit.writing()) {
                // What is on disk is unknown now: a second attempt could make it worse.
                failure = e instanceof RuntimeException known ? known : new RuntimeException(e);
            }
            throw e;
        } finally {
            countPages();
            writer.release();
        }
    }

    void rollback() {
        freelist.rollback();
        countPages();
        writer.release();
    }

    Pages pages() {
        return pages;
    }

    Freelist freelist() {
        return freelist;
    }

    Readers readers() {
        return readers;
    }

    void requireDepth(int depth) {
        if (depth > Format.DEEPEST_TREE) {
            throw new CorruptFileException(
                    file.path(), 0, "the tree is deeper than " + depth + " pages", Page.ADVICE);
        }
    }

    private void countPages() {
        freePages = freelist.freeCount();
        pendingPages = freelist.pendingCount();
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException(file.path() + " is closed");
        }
    }

    private void requireHealthy() {
        RuntimeException before = failure;
        if (before != null) {
            throw new DiskException(
                    file.path(),
                    "a commit failed before (" + before.getMessage() + "); restart the member",
                    before);
        }
    }
}
