package io.jarnetes.etcd.server.driver;

import io.jarnetes.base.metrics.Metrics.Histogram;
import io.jarnetes.etcd.raft.Entry;
import io.jarnetes.etcd.raft.HardState;
import io.jarnetes.etcd.raft.Snapshot;
import io.jarnetes.etcd.storage.snap.Snapshotter;
import io.jarnetes.etcd.storage.wal.Wal;
import io.jarnetes.etcd.storage.wal.WalSnapshot;
import java.util.List;

/** The log in upstream's files. */
public final class WalLog implements DurableLog {
    private final Wal wal;
    private final Snapshotter snapshotter;
    private final int maxWals;
    private final int maxSnapshots;
    private final Histogram fsync;

    /**
     * @param maxWals how many segments are kept, 0 for all
     * @param maxSnapshots how many .snap files are kept, 0 for all
     * @param fsync observes the seconds of saves that sync
     */
    public WalLog(
            Wal wal, Snapshotter snapshotter, int maxWals, int maxSnapshots, Histogram fsync) {
        this.wal = wal;
        this.snapshotter = snapshotter;
        this.maxWals = maxWals;
        this.maxSnapshots = maxSnapshots;
        this.fsync = fsync;
    }

    @Override
    public void save(HardState hardState, List<Entry> entries) {
        if (hardState.isEmpty() && entries.isEmpty()) {
            return;
        }
        long start = System.nanoTime();
        wal.save(hardState, entries);
        if (!entries.isEmpty()) {
            fsync.observeSince(start);
        }
    }

    @Override
    public void sync() {
        wal.sync();
    }

    @Override
    public void saveSnapshot(Snapshot snapshot) {
        // The file first: a record without a file could not be started from.
        snapshotter.save(snapshot);
        var metadata = snapshot.metadata();
        wal.saveSnapshot(new WalSnapshot(metadata.index(), metadata.term(), metadata.confState()));
    }

    @Override
    public void release(long index) {
        wal.releaseLockTo(index);
        if (maxWals > 0) {
            wal.purge(maxWals);
        }
        if (maxSnapshots > 0) {
            snapshotter.purge(maxSnapshots, index);
        }
    }

    @Override
    public void close() {
        wal.close();
    }
}
