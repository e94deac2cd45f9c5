package io.jarnetes.etcd.storage.bbolt;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.etcd.storage.disk.Disk;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What readers of old versions hold back, and that nothing of it is lost once they have gone. */
class DbReadersTest {
    private static final byte[] NAME = {'b'};
    private static final int KEYS = 200;
    private static final Options UNSYNCED = Options.DEFAULTS.withNoSync(true);

    @TempDir Path directory;
    private final Disk disk = Disk.real();

    private static byte[] key(int number) {
        return ByteBuffer.allocate(4).putInt(number).array();
    }

    private static byte[] value(int version) {
        byte[] value = new byte[900];
        ByteBuffer.wrap(value).putInt(version);
        return value;
    }

    private static void writeAll(Db db, int version) {
        db.update(tx -> {
            Bucket bucket = tx.createBucketIfNotExists(NAME);
            for (int i = 0; i < KEYS; i++) {
                bucket.put(key(i), value(version));
            }
        });
    }

    private static void requireVersion(Tx tx, int version) {
        Bucket bucket = tx.bucket(NAME);
        assertThat(bucket).isNotNull();
        for (int i = 0; i < KEYS; i += 7) {
            assertThat(bucket.getBytes(key(i))).isEqualTo(value(version));
        }
    }

    @Test
    void aReaderHoldsItsPagesBackAndNoMore() {
        try (Db db = Db.open(disk, directory.resolve("db"), UNSYNCED)) {
            writeAll(db, 0);
            writeAll(db, 1);
            Tx reader = db.begin(false);
            writeAll(db, 2);
            writeAll(db, 3);
            long withReader = db.stats().sizeBytes();
            // Each transaction frees as much as it writes: only the reader's version is kept.
            for (int i = 4; i < 60; i++) {
                writeAll(db, i);
                assertThat(db.stats().sizeBytes()).as("after %d", i).isEqualTo(withReader);
            }
            requireVersion(reader, 1);
            assertThat(db.check()).isEmpty();
            reader.close();
            writeAll(db, 60);
            writeAll(db, 61);
            assertThat(db.stats().pendingPages())
                    .as("what the last transaction freed, alone")
                    .isLessThan(2L * KEYS / 3);
            assertThat(db.stats().sizeBytes()).isEqualTo(withReader);
        }
    }

    @TestFactory
    Stream<DynamicTest> afterAllReadersNothingIsLeaked() {
        return Seeds.of(
                12,
                seed -> {
                    Random random = new Random(seed);
                    Path path = directory.resolve("db" + seed);
                    Options options = UNSYNCED.withFreelistSync(random.nextBoolean());
                    try (Db db = Db.open(disk, path, options)) {
                        List<Tx> readers = new ArrayList<>();
                        List<Integer> versions = new ArrayList<>();
                        for (int i = 0; i < 60; i++) {
                            writeAll(db, i);
                            readers.add(db.begin(false));
                            versions.add(i);
                            while (readers.size() > random.nextInt(8)) {
                                int which = random.nextInt(readers.size());
                                try (Tx tx = readers.remove(which)) {
                                    requireVersion(tx, versions.remove(which));
                                }
                            }
                            assertThat(db.check()).isEmpty();
                        }
                        readers.forEach(Tx::close);
                        db.update(tx -> {});
                        db.update(tx -> {});
                        Stats stats = db.stats();
                        long pages = stats.sizeBytes() / db.pageSize();
                        // Two meta pages, and what one version needs; the rest is free to be used.
                        long used = pages - stats.freePages() - stats.pendingPages();
                        assertThat(used).isLessThan(2 + 10 + KEYS);
                        assertThat(stats.openReaders()).isZero();
                        long before = stats.sizeBytes();
                        for (int i = 0; i < 20; i++) {
                            writeAll(db, 100 + i);
                        }
                        // A list of free pages needs neighbours, which there may be none of.
                        assertThat(db.stats().sizeBytes())
                                .isBetween(before, before + 8L * db.pageSize());
                    }
                });
    }

    @Test
    void aFileGrowsByWhatACommitNeedsAndSixteenMebibytes() throws Exception {
        Path path = directory.resolve("growth");
        long step = 16L << 20;
        try (Db db = Db.open(disk, path, UNSYNCED)) {
            assertThat(Files.size(path)).isEqualTo(4 * 4096);
            writeAll(db, 0);
            long first = db.stats().sizeBytes() + 4096 + step;
            assertThat(Files.size(path)).isEqualTo(first);
            List<Long> sizes = new ArrayList<>();
            for (int i = 0; sizes.size() < 2; i++) {
                long before = Files.size(path);
                int round = i;
                db.update(tx -> {
                    Bucket bucket = tx.createBucketIfNotExists(NAME);
                    bucket.put(key(1000 + round), new byte[1 << 20]);
                });
                if (Files.size(path) != before) {
                    // Upstream: one page beyond the high-water mark, and its AllocSize.
                    assertThat(Files.size(path)).isEqualTo(db.stats().sizeBytes() + 4096 + step);
                    sizes.add(Files.size(path));
                }
                assertThat(db.stats().fileBytes()).isEqualTo(Files.size(path));
            }
            assertThat(db.check()).isEmpty();
        }
        try (Db db = Db.open(disk, path, UNSYNCED)) {
            assertThat(db.stats().fileBytes()).isGreaterThan(db.stats().sizeBytes());
            assertThat(db.check()).isEmpty();
        }
    }

    @Test
    void valuesAreHandedOutWhereTheyAreMapped() {
        try (Db db = Db.open(disk, directory.resolve("mapped"), UNSYNCED)) {
            writeAll(db, 1);
            try (Tx tx = db.begin(false)) {
                Bucket bucket = tx.bucket(NAME);
                assertThat(bucket).isNotNull();
                assertThat(bucket.get(key(3)).isMapped()).isTrue();
                assertThat(bucket.get(key(3)).isReadOnly()).isTrue();
                Cursor cursor = bucket.cursor();
                cursor.first();
                assertThat(cursor.key().isMapped()).isTrue();
                assertThat(cursor.value().isMapped()).isTrue();
            }
        }
    }
}
