package io.jarnetes.etcd.storage.wal;

import io.jarnetes.etcd.raft.Entry;
import io.jarnetes.etcd.raft.HardState;
import io.jarnetes.etcd.storage.disk.Disk;
import java.nio.file.Path;
import java.util.List;

/** A log that is open for appending. */
public final class Wal implements AutoCloseable {
    private Wal() {}

    /**
     * A log that was read and is open for appending.
     *
     * @param wal ready for {@link Wal#save}
     * @param contents what it held after the snapshot
     */
    public record Opened(Wal wal, WalContents contents) {}

    /** Whether there is a log in the directory. */
    public static boolean exists(Disk disk, Path directory) {
        throw new UnsupportedOperationException();
    }

    /** Makes a log that starts at entry 1; the directory must not exist. */
    public static Wal create(Disk disk, Path directory, byte[] metadata, WalOptions options) {
        throw new UnsupportedOperationException();
    }

    /**
     * Opens a log for appending, locks its segments, reads all that follows a snapshot, and cuts
     * off a torn tail.
     *
     * @throws io.jarnetes.etcd.storage.disk.CorruptFileException for any damage but a torn tail
     * @throws io.jarnetes.etcd.storage.disk.FileLockedException when another member has it
     * @throws io.jarnetes.etcd.storage.disk.MissingFileException when no segment holds the snapshot
     */
    public static Opened open(Disk disk, Path directory, WalSnapshot snapshot, WalOptions options) {
        throw new UnsupportedOperationException();
    }

    /** Reads a log without lock and without changing anything, for tools. */
    public static WalContents read(Disk disk, Path directory, WalSnapshot snapshot) {
        throw new UnsupportedOperationException();
    }

    /**
     * The snapshot records that are covered by the last hard state's commit, oldest first: only
     * these may be started from.
     */
    public static List<WalSnapshot> validSnapshots(Disk disk, Path directory) {
        throw new UnsupportedOperationException();
    }

    /**
     * Appends the entries, then the hard state unless it is empty; synced when there are entries,
     * or term or vote changed. Starts the next segment when this one has passed its size. A batch
     * of many proposals is one call: group commit is the caller's.
     */
    public void save(HardState hardState, List<Entry> entries) {
        throw new UnsupportedOperationException();
    }

    /** Records a snapshot, and syncs. */
    public void saveSnapshot(WalSnapshot snapshot) {
        throw new UnsupportedOperationException();
    }

    /** Syncs what was appended without need for it (a changed commit index). */
    public void sync() {
        throw new UnsupportedOperationException();
    }

    /** Lets the locks of segments go that hold only entries before {@code index}. */
    public void releaseLockTo(long index) {
        throw new UnsupportedOperationException();
    }

    /**
     * Deletes released segments, oldest first, until {@code keep} segments are left or the next one
     * is still locked.
     *
     * @return the names that were deleted
     */
    public List<String> purge(int keep) {
        throw new UnsupportedOperationException();
    }

    /** Syncs and closes. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
