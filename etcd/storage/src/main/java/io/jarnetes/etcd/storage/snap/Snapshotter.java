package io.jarnetes.etcd.storage.snap;

import io.jarnetes.etcd.raft.Snapshot;
import io.jarnetes.etcd.storage.disk.Disk;
import io.jarnetes.etcd.storage.wal.WalSnapshot;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The {@code .snap} and {@code .snap.db} files of {@code member/snap}. */
public final class Snapshotter {
    /** Works in {@code directory}, which must exist. */
    public Snapshotter(Disk disk, Path directory) {
        throw new UnsupportedOperationException();
    }

    /** Writes {@code <term>-<index>.snap}, durably; an empty snapshot is not written. */
    public void save(Snapshot snapshot) {
        throw new UnsupportedOperationException();
    }

    /** The newest snapshot that is sound; a damaged one is renamed to {@code .broken}. */
    public Optional<Snapshot> load() {
        throw new UnsupportedOperationException();
    }

    /** The newest sound snapshot of which the log has a record ({@code Wal.validSnapshots}). */
    public Optional<Snapshot> loadNewestAvailable(List<WalSnapshot> walSnapshots) {
        throw new UnsupportedOperationException();
    }

    /** The database that came with the snapshot at {@code index}: {@code <index>.snap.db}. */
    public Path databasePath(long index) {
        throw new UnsupportedOperationException();
    }

    /** Where a database is received before its rename: {@code tmp<number>}. */
    public Path temporaryPath(long number) {
        throw new UnsupportedOperationException();
    }

    /** Deletes received databases older than {@code index} and what crashes left behind. */
    public List<String> deleteOrphans(long index) {
        throw new UnsupportedOperationException();
    }

    /** Deletes the oldest {@code .snap} files until {@code keep} are left. */
    public List<String> purge(int keep) {
        throw new UnsupportedOperationException();
    }
}
