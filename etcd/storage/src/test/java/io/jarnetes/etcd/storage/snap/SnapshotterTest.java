package io.jarnetes.etcd.storage.snap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jarnetes.etcd.raft.ConfState;
import io.jarnetes.etcd.raft.Snapshot;
import io.jarnetes.etcd.raft.SnapshotMetadata;
import io.jarnetes.etcd.storage.disk.CorruptFileException;
import io.jarnetes.etcd.storage.disk.Disk;
import io.jarnetes.etcd.storage.wal.WalSnapshot;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshot files: which one is taken, and what damage does. */
class SnapshotterTest {
    @TempDir Path directory;
    private final Disk disk = Disk.real();
    private final List<CorruptFileException> broken = new ArrayList<>();

    private static Snapshot snapshot(long term, long index) {
        return new Snapshot(
                ("{\"Root\":" + index + "}").getBytes(StandardCharsets.UTF_8),
                new SnapshotMetadata(
                        new ConfState(List.of(-1L, 7L), List.of(3L), List.of(), List.of(), true),
                        index,
                        term));
    }

    private Snapshotter snapshotter() {
        return new Snapshotter(disk, directory, broken::add);
    }

    @Test
    void theNewestSoundOneThatTheLogKnowsIsTaken() throws Exception {
        Snapshotter snapshotter = snapshotter();
        assertThat(snapshotter.load()).isEmpty();
        snapshotter.save(Snapshot.EMPTY);
        for (long i = 1; i <= 4; i++) {
            snapshotter.save(snapshot(i, 100 * i));
        }
        assertThat(disk.list(directory))
                .hasSize(4)
                .contains("0000000000000004-0000000000000190.snap");
        assertThat(snapshotter.load()).contains(snapshot(4, 400));
        List<WalSnapshot> known =
                List.of(
                        WalSnapshot.BEGINNING,
                        new WalSnapshot(200, 2, ConfState.EMPTY),
                        new WalSnapshot(300, 9, ConfState.EMPTY));
        assertThat(snapshotter.loadNewestAvailable(known)).contains(snapshot(2, 200));

        Path newest = directory.resolve("0000000000000004-0000000000000190.snap");
        byte[] bytes = Files.readAllBytes(newest);
        bytes[bytes.length / 2] ^= 1;
        Files.write(newest, bytes);
        assertThat(snapshotter.load()).contains(snapshot(3, 300));
        assertThat(broken).hasSize(1);
        assertThat(Files.exists(directory.resolve(newest.getFileName() + ".broken"))).isTrue();
        assertThat(snapshotter.purge(2, 300))
                .containsExactly("0000000000000001-0000000000000064.snap");
        assertThat(snapshotter.load()).contains(snapshot(3, 300));
    }

    @Test
    void theSnapshotInUseStaysWhateverACrashLeftBehind() {
        Snapshotter snapshotter = snapshotter();
        snapshotter.save(snapshot(1, 5));
        // Received, but the power went before the log had its record.
        snapshotter.save(snapshot(1, 9));
        snapshotter.save(snapshot(2, 4));
        snapshotter.save(snapshot(1, 7));
        assertThat(snapshotter.purge(1, 7)).hasSize(3);
        assertThat(snapshotter.load()).contains(snapshot(1, 7));
    }

    @Test
    void everyBitAndEveryLengthCounts() throws Exception {
        snapshotter().save(snapshot(1, 5));
        Path path = directory.resolve("0000000000000001-0000000000000005.snap");
        byte[] good = Files.readAllBytes(path);
        for (int bit = 0; bit < good.length * 8; bit++) {
            byte[] bad = good.clone();
            bad[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(path, bad);
            // The highest bits of the CRC's varint carry nothing.
            try {
                assertThat(Snapshotter.read(disk, path)).isEqualTo(snapshot(1, 5));
            } catch (CorruptFileException e) {
                assertThat(e).hasMessageContaining(path.toString());
            }
        }
        for (int length = 0; length < good.length; length++) {
            Files.write(path, java.util.Arrays.copyOf(good, length));
            assertThatThrownBy(() -> Snapshotter.read(disk, path))
                    .isInstanceOf(CorruptFileException.class);
        }
    }

    @Test
    void databasesOfOldSnapshotsAndLeftOversGo() throws Exception {
        Snapshotter snapshotter = snapshotter();
        for (String name : List.of("db", "db.tmp.123", "tmp42", "other")) {
            Files.writeString(directory.resolve(name), name);
        }
        Files.writeString(snapshotter.databasePath(9), "old");
        Path received = snapshotter.temporaryPath(7);
        Files.writeString(received, "new");
        snapshotter.publishDatabase(received, 0x10);
        assertThat(snapshotter.databasePath(0x10))
                .hasFileName("0000000000000010.snap.db")
                .hasContent("new");
        Files.writeString(snapshotter.temporaryPath(8), "just coming in");
        assertThat(snapshotter.releaseDatabases(0x10)).containsExactly("0000000000000009.snap.db");
        assertThat(snapshotter.temporaryPath(8)).exists();
        assertThat(snapshotter.deleteLeftOvers()).containsExactly("db.tmp.123", "tmp42", "tmp8");
        assertThat(disk.list(directory)).containsExactly("0000000000000010.snap.db", "db", "other");
    }
}
