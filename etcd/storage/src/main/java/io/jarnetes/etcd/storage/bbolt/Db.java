package io.jarnetes.etcd.storage.bbolt;

import io.jarnetes.etcd.storage.disk.Disk;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** An open bbolt file. */
public final class Db implements AutoCloseable {
    private Db() {}

    /**
     * Opens a file, or makes it when there is none and it may be written.
     *
     * @throws io.jarnetes.etcd.storage.disk.FileLockedException when another holds the lock
     * @throws io.jarnetes.etcd.storage.disk.CorruptFileException when this is no sound bbolt file
     */
    public static Db open(Disk disk, Path path, Options options) {
        throw new UnsupportedOperationException();
    }

    /**
     * Begins a transaction. A writing one waits until the one before is closed; a reading one never
     * waits for a commit.
     */
    public Tx begin(boolean writable) {
        throw new UnsupportedOperationException();
    }

    /** Runs {@code work} in a read transaction; no segment may leave it. */
    public <T> T view(Function<Tx, T> work) {
        throw new UnsupportedOperationException();
    }

    /** Runs {@code work} in a writing transaction and commits; rolls back when it throws. */
    public void update(Consumer<Tx> work) {
        throw new UnsupportedOperationException();
    }

    /** Sizes and counts now. */
    public Stats stats() {
        throw new UnsupportedOperationException();
    }

    /** Walks every page; an empty list says that all invariants hold. Waits for the writer. */
    public List<String> check() {
        throw new UnsupportedOperationException();
    }

    /** Syncs the file; needed only after commits with {@link Options#noSync()}. */
    public void sync() {
        throw new UnsupportedOperationException();
    }

    /** The file. */
    public Path path() {
        throw new UnsupportedOperationException();
    }

    /** Copies every bucket of {@code from} to an empty {@code to}, pages filled to nine tenths. */
    public static void compact(Db from, Db to) {
        throw new UnsupportedOperationException();
    }

    /** Waits for the open transactions, then closes the file. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
