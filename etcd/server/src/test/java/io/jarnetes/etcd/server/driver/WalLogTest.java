package io.jarnetes.etcd.server.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.base.metrics.Metrics;
import io.jarnetes.etcd.raft.ConfState;
import io.jarnetes.etcd.raft.Snapshot;
import io.jarnetes.etcd.raft.SnapshotMetadata;
import io.jarnetes.etcd.storage.disk.Disk;
import io.jarnetes.etcd.storage.snap.Snapshotter;
import io.jarnetes.etcd.storage.wal.Wal;
import io.jarnetes.etcd.storage.wal.WalOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WalLogTest {

    @TempDir private Path dir;

    /** A leader may send a second snapshot before the first one's database is put in place. */
    @Test
    void databasesThatWaitForTheStoresAreKept() throws Exception {
        Disk disk = Disk.real();
        Snapshotter snapshotter = new Snapshotter(disk, Files.createDirectory(dir.resolve("snap")));
        Wal wal = Wal.create(disk, dir.resolve("wal"), new byte[0], WalOptions.DEFAULTS);
        try (WalLog log =
                new WalLog(wal, snapshotter, 1, 1, new Metrics().histogram("h", "help", 1.0))) {
            for (long index : List.of(745L, 753L)) {
                Files.writeString(snapshotter.databasePath(index), "database");
                log.saveSnapshot(snapshot(index));
                log.release(index);
            }
        }
        assertThat(snapshotter.databasePath(745)).exists();
        assertThat(snapshotter.databasePath(753)).exists();
    }

    private static Snapshot snapshot(long index) {
        ConfState voters = new ConfState(List.of(1L), List.of(), List.of(), List.of(), false);
        return new Snapshot(
                "{}".getBytes(StandardCharsets.UTF_8), new SnapshotMetadata(voters, index, 5));
    }
}
