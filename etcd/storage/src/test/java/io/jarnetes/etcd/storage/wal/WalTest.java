package io.jarnetes.etcd.storage.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jarnetes.etcd.raft.Entry;
import io.jarnetes.etcd.raft.EntryType;
import io.jarnetes.etcd.raft.HardState;
import io.jarnetes.etcd.storage.bbolt.Seeds;
import io.jarnetes.etcd.storage.disk.Disk;
import io.jarnetes.etcd.storage.disk.FileLockedException;
import io.jarnetes.etcd.storage.disk.MissingFileException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The log on the machine's own files. */
class WalTest {
    private static final WalOptions SMALL = new WalOptions(8 << 10, true);

    @TempDir Path directory;
    private final Disk disk = Disk.real();

    @TestFactory
    Stream<DynamicTest> batchesAndRestarts() {
        return Seeds.of(30, seed -> run(directory.resolve("wal" + seed), new Random(seed)));
    }

    private void run(Path path, Random random) {
        WalModel model = new WalModel();
        Wal wal = Wal.create(disk, path, WalModel.METADATA, SMALL);
        for (int i = 0; i < 200; i++) {
            model.batch(wal, random, 20_000).run();
            if (random.nextInt(20) == 0) {
                model.snapshot(wal).run();
                wal.releaseLockTo(model.snapshot.index());
                wal.purge(random.nextInt(4));
            }
            if (random.nextInt(20) == 0) {
                wal.close();
                assertThat(Wal.validSnapshots(disk, path)).contains(model.snapshot);
                model.check(Wal.read(disk, path, model.snapshot));
                Wal.Opened opened = Wal.open(disk, path, model.snapshot, SMALL);
                model.check(opened.contents());
                assertThat(opened.contents().repaired()).isNull();
                wal = opened.wal();
            }
        }
        wal.close();
        model.check(Wal.read(disk, path, model.snapshot));
    }

    @Test
    void aChangeThatLeavesAJointConfigurationHasNoData() {
        Path path = directory.resolve("joint");
        Entry leave = new Entry(EntryType.CONF_CHANGE_V2, 2, 1, Entry.NO_DATA);
        try (Wal wal = Wal.create(disk, path, WalModel.METADATA, SMALL)) {
            wal.save(new HardState(2, 7, 0), List.of(leave));
        }
        assertThat(Wal.read(disk, path, WalSnapshot.BEGINNING).entries()).containsExactly(leave);
    }

    /** A state of term 1 or 2 whose type was damaged; its vote is where an entry has its term. */
    @Test
    void anyOtherChangeWithoutDataIsDamage() {
        List<Entry> states =
                List.of(
                        new Entry(EntryType.CONF_CHANGE, 1, 1, Entry.NO_DATA),
                        new Entry(EntryType.CONF_CHANGE_V2, 0, 1, Entry.NO_DATA),
                        new Entry(EntryType.CONF_CHANGE_V2, 0x8e9e05c52164694dL, 1, Entry.NO_DATA));
        for (int i = 0; i < states.size(); i++) {
            Path path = directory.resolve("state" + i);
            try (Wal wal = Wal.create(disk, path, WalModel.METADATA, SMALL)) {
                wal.save(HardState.EMPTY, List.of(states.get(i)));
            }
            assertThatThrownBy(() -> Wal.read(disk, path, WalSnapshot.BEGINNING))
                    .hasMessageContaining("a change of members that is empty");
        }
    }

    @Test
    void theChecksumGoesOnFromAnyValue() {
        Random random = new Random(1);
        for (int i = 0; i < 1000; i++) {
            byte[] data = new byte[random.nextInt(50)];
            random.nextBytes(data);
            int cut = random.nextInt(data.length + 1);
            CRC32C whole = new CRC32C();
            whole.update(data, 0, cut);
            Crc32cChain chain = new Crc32cChain();
            chain.seed((int) whole.getValue());
            assertThat(chain.value()).isEqualTo((int) whole.getValue());
            whole.update(data, cut, data.length - cut);
            chain.update(ByteBuffer.wrap(data, cut, data.length - cut));
            assertThat(chain.value()).isEqualTo((int) whole.getValue());
        }
    }

    @Test
    void aNewLogHasTheBytesThatUpstreamWrites() throws Exception {
        Path path = directory.resolve("new");
        Wal.create(disk, path, WalModel.METADATA, WalOptions.DEFAULTS).close();
        Path segment = path.resolve("0000000000000000-0000000000000000.wal");
        assertThat(Files.size(segment)).isEqualTo(64_000_000);
        byte[] start = new byte[64];
        try (var in = Files.newInputStream(segment)) {
            in.readNBytes(start, 0, start.length);
        }
        // crc(0): a record of 4 bytes and 4 bytes of padding.
        assertThat(start).startsWith(4, 0, 0, 0, 0, 0, 0, 0x84, 0x08, 4, 0x10, 0, 0, 0, 0, 0);
    }

    @Test
    void onlyOneOpensALog() {
        Path path = directory.resolve("locked");
        try (Wal wal = Wal.create(disk, path, WalModel.METADATA, SMALL)) {
            assertThatThrownBy(() -> Wal.open(disk, path, WalSnapshot.BEGINNING, SMALL))
                    .isInstanceOf(FileLockedException.class)
                    .hasMessageContaining("stop the other etcd");
            assertThatThrownBy(() -> Wal.create(disk, path, WalModel.METADATA, SMALL))
                    .hasMessageContaining("there is a log already");
            wal.save(new HardState(1, 1, 0), List.of());
        }
        Wal.Opened opened = Wal.open(disk, path, WalSnapshot.BEGINNING, SMALL);
        assertThat(opened.contents().hardState()).isEqualTo(new HardState(1, 1, 0));
        opened.wal().close();
    }

    @Test
    void aSnapshotThatNoSegmentHoldsIsMissing() {
        Path path = directory.resolve("none");
        assertThatThrownBy(() -> Wal.read(disk, path, WalSnapshot.BEGINNING))
                .isInstanceOf(MissingFileException.class);
        try (Wal wal = Wal.create(disk, path, WalModel.METADATA, SMALL)) {
            wal.save(
                    new HardState(1, 1, 1),
                    List.of(new Entry(EntryType.NORMAL, 1, 1, new byte[] {1})));
        }
        assertThatThrownBy(() -> Wal.read(disk, path, new WalSnapshot(1, 1, null)))
                .hasMessageContaining("no record of the snapshot at 1");
    }
}
