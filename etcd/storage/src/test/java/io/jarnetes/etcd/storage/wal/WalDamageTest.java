package io.jarnetes.etcd.storage.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jarnetes.etcd.raft.Entry;
import io.jarnetes.etcd.raft.EntryType;
import io.jarnetes.etcd.raft.HardState;
import io.jarnetes.etcd.storage.bbolt.Seeds;
import io.jarnetes.etcd.storage.disk.CorruptFileException;
import io.jarnetes.etcd.storage.disk.Disk;
import io.jarnetes.etcd.storage.disk.DiskException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Damaged, truncated and foreign segments. */
class WalDamageTest {
    private static final WalOptions SMALL = new WalOptions(8 << 10, true);

    @TempDir Path directory;
    private final Disk disk = Disk.real();

    private WalModel written(Path path, int batches, long seed) {
        WalModel model = new WalModel();
        Random random = new Random(seed);
        try (Wal wal = Wal.create(disk, path, WalModel.METADATA, SMALL)) {
            for (int i = 0; i < batches; i++) {
                model.batch(wal, random, 700).run();
            }
        }
        return model;
    }

    private List<Path> segments(Path path) {
        return SegmentName.list(disk, path).stream()
                .map(name -> path.resolve(name.fileName()))
                .toList();
    }

    @Test
    void everyBitOfEverySegmentCounts() throws Exception {
        Path path = directory.resolve("bits");
        WalModel model = written(path, 40, 4);
        List<Path> segments = segments(path);
        assertThat(segments).hasSizeGreaterThan(1);
        for (Path segment : segments) {
            byte[] good = Files.readAllBytes(segment);
            int end = good.length;
            while (good[end - 1] == 0) {
                end--;
            }
            for (int bit = 0; bit < end * 8; bit += 31) {
                byte[] bad = good.clone();
                bad[bit / 8] ^= (byte) (1 << bit % 8);
                Files.write(segment, bad);
                requireFound(path, model, segment, bit);
            }
            Files.write(segment, good);
        }
    }

    /** Where records have whole sectors of zeros, damage looks like a write that was torn. */
    @Test
    void damageAmongZerosIsNotTakenForATornTail() throws Exception {
        Path path = directory.resolve("zeros");
        WalModel model = new WalModel();
        WalOptions large = new WalOptions(1 << 17, true);
        try (Wal wal = Wal.create(disk, path, WalModel.METADATA, large)) {
            for (long i = 1; i <= 30; i++) {
                Entry entry = new Entry(EntryType.NORMAL, 1, i, new byte[(int) (700 + 97 * i)]);
                model.entries.add(entry);
                model.state = new HardState(1, 1, i);
                wal.save(model.state, List.of(entry));
            }
        }
        Path segment = segments(path).getFirst();
        byte[] good = Files.readAllBytes(segment);
        // The last batches may be a torn tail, as far as anybody can tell.
        int end = 56_000;
        for (int bit = 0; bit < end * 8; bit += 701) {
            byte[] bad = good.clone();
            bad[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(segment, bad);
            requireFound(path, model, segment, bit);
        }
    }

    /** A size whose one bit is lost at the end of a sector: a zero, with nothing beside it. */
    @Test
    void aSizeThatBecameZeroIsFound() throws Exception {
        Path path = directory.resolve("size");
        WalModel model = new WalModel();
        WalOptions large = new WalOptions(1 << 20, true);
        int found = 0;
        try (Wal wal = Wal.create(disk, path, WalModel.METADATA, large)) {
            for (long i = 1; i <= 2500; i++) {
                // With its own fields a record of 64, 128, 256 or 512 bytes.
                byte[] data = new byte[(1 << 6 + (int) (i % 4)) - 20 - (int) (i % 5)];
                Arrays.fill(data, (byte) i);
                Entry entry = new Entry(EntryType.NORMAL, 1, i, data);
                model.entries.add(entry);
                model.state = new HardState(1, 1, i);
                wal.save(model.state, List.of(entry));
            }
        }
        assertThat(segments(path)).as("damage may be a torn tail in the last one").hasSize(1);
        Path segment = segments(path).getFirst();
        byte[] good = Files.readAllBytes(segment);
        ByteBuffer frames = ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; frames.getLong(at) != 0; ) {
            long header = frames.getLong(at);
            if (at % 512 == 504 && Long.bitCount(header) == 1 && at < 500_000) {
                byte[] bad = good.clone();
                Arrays.fill(bad, at, at + 8, (byte) 0);
                Files.write(segment, bad);
                requireFound(path, model, segment, at * 8);
                found++;
            }
            long size = Frame.recordBytes(header);
            at += (int) (8 + size + Frame.padding(size));
        }
        assertThat(found).isPositive();
    }

    /**
     * Either the damage is reported, or it sits where nothing is said: nothing is lost silently.
     */
    private void requireFound(Path path, WalModel model, Path segment, int bit) {
        try {
            WalContents contents = Wal.read(disk, path, WalSnapshot.BEGINNING);
            assertThat(contents.repaired()).as("%s bit %d", segment, bit).isNull();
            model.check(contents);
        } catch (CorruptFileException e) {
            assertThat(e.getMessage()).contains(directory.toString(), "offset");
        }
    }

    @TestFactory
    Stream<DynamicTest> aTailThatWasTornOffIsCut() {
        return Seeds.of(
                25,
                seed -> {
                    Path path = directory.resolve("torn" + seed);
                    WalModel model = written(path, 15, seed);
                    Path last = segments(path).getLast();
                    Random random = new Random(seed);
                    try {
                        byte[] good = Files.readAllBytes(last);
                        int end = good.length;
                        while (good[end - 1] == 0) {
                            end--;
                        }
                        int cut = 100 + random.nextInt(end - 100);
                        byte[] bad = good.clone();
                        // From here on nothing was written; or the file is shorter, too.
                        int sector = random.nextBoolean() ? cut / 512 * 512 : cut;
                        Arrays.fill(bad, sector, bad.length, (byte) 0);
                        boolean whole = sector % 512 == 0;
                        Files.write(last, whole ? bad : Arrays.copyOf(good, cut));
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                    prefixIsRead(path, model);
                });
    }

    private void prefixIsRead(Path path, WalModel model) {
        if (segments(path).getLast().toFile().length() == 0) {
            return;
        }
        Wal.Opened opened;
        try {
            opened = Wal.open(disk, path, WalSnapshot.BEGINNING, SMALL);
        } catch (CorruptFileException e) {
            // So much is gone that not even the first records are left.
            assertThat(e).hasMessageContaining("the log has no");
            return;
        }
        List<Entry> entries = opened.contents().entries();
        assertThat(entries.size()).isLessThanOrEqualTo(model.entries.size() + 10);
        WalModel next = new WalModel();
        next.entries.addAll(entries);
        next.state = opened.contents().hardState();
        next.batch(opened.wal(), new Random(1), 100).run();
        opened.wal().close();
        WalContents again = Wal.read(disk, path, WalSnapshot.BEGINNING);
        assertThat(again.repaired()).isNull();
        assertThat(again.entries()).isEqualTo(next.entries);
    }

    @TestFactory
    Stream<DynamicTest> foreignFiles() {
        return Seeds.of(
                100,
                seed -> {
                    Random random = new Random(seed);
                    byte[] noise = new byte[random.nextInt(5000)];
                    random.nextBytes(noise);
                    // Sizes that look right now and then, so that the reader goes deeper.
                    for (int at = 0; at + 8 < noise.length; at += 8 * (1 + random.nextInt(20))) {
                        Arrays.fill(noise, at + 2, at + 8, (byte) 0);
                        noise[at] &= (byte) 0xF8;
                    }
                    Path path = directory.resolve("foreign" + seed);
                    disk.createDirectories(path);
                    Path file = path.resolve(new SegmentName(0, 0).fileName());
                    write(file, noise);
                    assertThatThrownBy(() -> Wal.open(disk, path, WalSnapshot.BEGINNING, SMALL))
                            .isInstanceOf(DiskException.class)
                            .hasMessageContaining(path.toString());
                    assertThat(file).hasBinaryContent(noise);
                });
    }

    private static void write(Path file, byte[] bytes) {
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aMissingSegmentIsNamed() throws Exception {
        Path path = directory.resolve("missing");
        written(path, 150, 1);
        List<Path> segments = segments(path);
        assertThat(segments).hasSizeGreaterThan(2);
        Files.delete(segments.get(1));
        assertThatThrownBy(() -> Wal.open(disk, path, WalSnapshot.BEGINNING, SMALL))
                .isInstanceOf(CorruptFileException.class)
                .hasMessageContaining(segments.get(2).getFileName().toString())
                .hasMessageContaining("segment before it is missing");
    }
}
