package io.jarnetes.etcd.storage.wal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jarnetes.etcd.raft.ConfState;
import io.jarnetes.etcd.raft.Entry;
import io.jarnetes.etcd.raft.EntryType;
import io.jarnetes.etcd.raft.HardState;
import io.jarnetes.etcd.storage.disk.Disk;
import io.jarnetes.etcd.storage.disk.DiskException;
import io.jarnetes.etcd.storage.disk.ObservedDisk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When the log syncs, what it reserves, and what becomes of old segments. */
class WalSyncTest {
    private static final WalOptions LARGE = new WalOptions(4 << 20, false);
    private static final WalOptions SMALL = new WalOptions(16 << 10, false);

    @TempDir Path directory;
    private final ObservedDisk disk = new ObservedDisk(Disk.real());

    private static List<Entry> entries(long from, int count, int bytes) {
        List<Entry> entries = new ArrayList<>();
        for (long i = from; i < from + count; i++) {
            entries.add(new Entry(EntryType.NORMAL, 1, i, new byte[bytes]));
        }
        return entries;
    }

    private List<String> segments() {
        return disk.list(directory.resolve("wal")).stream()
                .filter(name -> name.endsWith(".wal"))
                .toList();
    }

    @Test
    void aBatchIsOneSyncHoweverManyProposalsItHas() {
        try (Wal wal = Wal.create(disk, directory.resolve("wal"), WalModel.METADATA, LARGE)) {
            disk.takeSyncs();
            disk.takeWrites();
            wal.save(new HardState(1, 1, 0), entries(1, 1000, 300));
            assertThat(disk.takeSyncs()).isEqualTo(1);
            assertThat(disk.takeWrites()).as("and one write").isEqualTo(1);
            wal.save(new HardState(1, 1, 1000), List.of());
            assertThat(disk.takeSyncs()).as("a commit index alone waits").isZero();
            wal.save(HardState.EMPTY, List.of());
            assertThat(disk.takeWrites()).isLessThanOrEqualTo(2);
            wal.save(new HardState(2, 0, 1000), List.of());
            assertThat(disk.takeSyncs()).as("a term does not").isEqualTo(1);
            wal.save(new HardState(2, 3, 1000), List.of());
            assertThat(disk.takeSyncs()).as("nor does a vote").isEqualTo(1);
            wal.saveSnapshot(new WalSnapshot(1000, 1, ConfState.ofVoters(List.of(1L))));
            assertThat(disk.takeSyncs()).isEqualTo(1);
        }
    }

    @Test
    void withoutSyncsNothingIsSynced() {
        WalOptions unsafe = new WalOptions(16 << 10, true);
        Wal wal = Wal.create(disk, directory.resolve("wal"), WalModel.METADATA, unsafe);
        for (int i = 0; i < 100; i++) {
            wal.save(new HardState(1, 1, 0), entries(1 + i, 1, 1000));
        }
        wal.close();
        assertThat(segments()).hasSizeGreaterThan(3);
        assertThat(disk.takeSyncs()).isZero();
    }

    @Test
    void spaceIsReservedBeforeItIsWritten() throws Exception {
        Path log = directory.resolve("wal");
        try (Wal wal = Wal.create(disk, log, WalModel.METADATA, LARGE)) {
            wal.save(new HardState(1, 1, 0), entries(1, 1, 10));
            Path first = log.resolve(segments().getFirst());
            assertThat(Files.size(first)).isEqualTo(LARGE.segmentBytes());
            // Blocks, not a hole: what is written later needs no new ones.
            assertThat(blocks(first) * 512).isGreaterThanOrEqualTo(LARGE.segmentBytes());
            wal.save(new HardState(1, 1, 0), entries(2, 5000, 1000));
            assertThat(segments()).hasSize(2);
            assertThat(Files.size(first)).isGreaterThan(LARGE.segmentBytes()).isLessThan(6 << 20);
            assertThat(Files.size(log.resolve(segments().getLast())))
                    .isEqualTo(LARGE.segmentBytes());
        }
    }

    private static long blocks(Path file) throws Exception {
        Process stat = new ProcessBuilder("stat", "-c", "%b", file.toString()).start();
        return Long.parseLong(new String(stat.getInputStream().readAllBytes(), US_ASCII).trim());
    }

    @Test
    void segmentsGoOnceASnapshotCoversThem() {
        Path log = directory.resolve("wal");
        try (Wal wal = Wal.create(disk, log, WalModel.METADATA, SMALL)) {
            for (int i = 1; i <= 200; i++) {
                wal.save(new HardState(1, 1, i), entries(i, 1, 1000));
            }
            List<String> all = segments();
            assertThat(all).hasSizeGreaterThan(10);
            assertThat(wal.purge(5)).as("all are in use").isEmpty();
            WalSnapshot snapshot = new WalSnapshot(150, 1, ConfState.ofVoters(List.of(1L)));
            wal.saveSnapshot(snapshot);
            wal.releaseLockTo(150);
            List<String> gone = wal.purge(all.size() - 2);
            assertThat(gone).isEqualTo(all.subList(0, 2));
            // What is released may be taken by whoever wants it; what is not, may not.
            assertThatThrownBy(() -> Wal.open(Disk.real(), log, snapshot, SMALL))
                    .isInstanceOf(DiskException.class)
                    .hasMessageContaining("locked");
            assertThat(wal.purge(1)).isNotEmpty();
            SegmentName first = SegmentName.parse(segments().getFirst()).orElseThrow();
            assertThat(first.index()).as("the one that holds entry 150 stays").isLessThan(151);
            wal.save(new HardState(1, 1, 201), entries(201, 1, 10));
        }
        WalContents contents = Wal.read(Disk.real(), log, new WalSnapshot(150, 1, ConfState.EMPTY));
        assertThat(contents.entries()).hasSize(51);
        assertThat(Wal.validSnapshots(Disk.real(), log)).hasSize(1);
    }

    @Test
    void afterAFailedSyncNothingIsWritten() {
        Wal wal = Wal.create(disk, directory.resolve("wal"), WalModel.METADATA, SMALL);
        disk.beforeSync(path -> {
            throw new DiskException(path, "no space left on device");
        });
        assertThatThrownBy(() -> wal.save(new HardState(1, 1, 0), entries(1, 1, 10)))
                .hasMessageContaining("no space left");
        disk.beforeSync(path -> {});
        disk.takeWrites();
        assertThatThrownBy(() -> wal.save(new HardState(1, 1, 0), entries(1, 1, 10)))
                .hasMessageContaining("an append failed before; restart the member");
        wal.close();
        assertThat(disk.takeWrites()).isZero();
    }
}
