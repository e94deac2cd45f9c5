package io.jarnetes.etcd.storage.bbolt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jarnetes.etcd.storage.disk.CorruptFileException;
import io.jarnetes.etcd.storage.disk.Disk;
import io.jarnetes.etcd.storage.disk.DiskException;
import io.jarnetes.etcd.storage.disk.FileLockedException;
import io.jarnetes.etcd.storage.disk.MissingFileException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Damaged, truncated and foreign files: an error that names the file, and nothing worse. */
class DbDamageTest {
    private static final Options SMALL =
            Options.DEFAULTS
                    .withSizes(512, 0, 64 << 10)
                    .withNoSync(true)
                    .withLockTimeout(Duration.ZERO);

    @TempDir Path directory;
    private final Disk disk = Disk.real();

    private Path written(long seed) {
        Path path = directory.resolve("db" + seed);
        Random random = new Random(seed);
        Model model = new Model();
        try (Db db = Db.open(disk, path, SMALL.withFreelistSync(seed % 3 == 0))) {
            for (int i = 0; i < 8; i++) {
                db.update(tx -> {
                    for (int j = 0; j < 60; j++) {
                        model.change(tx.root(), random, 0, 2000);
                    }
                });
            }
        }
        return path;
    }

    /** Everything that reads: open, check, and a walk over all pairs. */
    private List<String> use(Path path, boolean readOnly) {
        try (Db db = Db.open(disk, path, SMALL.withReadOnly(readOnly))) {
            List<String> problems = db.check();
            db.view(tx -> walk(tx.root(), 0));
            return problems;
        }
    }

    private static int walk(Bucket bucket, int depth) {
        int count = 0;
        Cursor cursor = bucket.cursor();
        // A damaged file may have loops, which the check has reported; they are not walked.
        for (boolean on = cursor.first(); on && count < 5000; on = cursor.next()) {
            count += cursor.keyBytes().length + cursor.valueBytes().length;
            Bucket nested = cursor.isBucket() ? bucket.bucket(cursor.keyBytes()) : null;
            if (nested != null && depth < 5) {
                count += walk(nested, depth + 1);
            }
        }
        return count;
    }

    private static byte[] bytes(Path path) {
        try {
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path path, byte[] bytes) {
        try {
            Files.write(path, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @TestFactory
    Stream<DynamicTest> flippedBits() {
        return Seeds.of(
                20,
                seed -> {
                    Path path = written(seed);
                    byte[] good = bytes(path);
                    Random random = new Random(seed);
                    for (int i = 0; i < 60; i++) {
                        byte[] bad = good.clone();
                        for (int j = random.nextInt(3); j >= 0; j--) {
                            // Mostly in headers and elements: they lead elsewhere.
                            int page = random.nextInt(good.length / 512) * 512;
                            int at = page + random.nextInt(random.nextInt(4) == 0 ? 512 : 48);
                            bad[at] ^= (byte) (1 << random.nextInt(8));
                        }
                        requireTyped(path, bad, random.nextBoolean());
                    }
                });
    }

    @TestFactory
    Stream<DynamicTest> truncatedFiles() {
        return Seeds.of(
                10,
                seed -> {
                    Path path = written(seed);
                    byte[] good = bytes(path);
                    Random random = new Random(seed);
                    for (int i = 0; i < 20; i++) {
                        byte[] bad = Arrays.copyOf(good, random.nextInt(good.length - 512));
                        if (bad.length >= 2048) {
                            requireTyped(path, bad, random.nextBoolean());
                        }
                    }
                });
    }

    private void requireTyped(Path path, byte[] bad, boolean readOnly) {
        write(path, bad);
        try {
            // Damage in a value, or in a free page, shows nowhere: the format has no checksums.
            assertThat(use(path, readOnly)).isNotNull();
        } catch (CorruptFileException e) {
            assertThat(e).hasMessageContaining(path + ": corrupt at offset ");
            assertThat(e).hasMessageContaining("restore");
        }
        assertThat(bytes(path)).isEqualTo(bad);
    }

    @Test
    void foreignFilesAreRefusedAndLeftAlone() {
        Path path = directory.resolve("foreign");
        Random random = new Random(7);
        for (int i = 0; i < 200; i++) {
            byte[] noise = new byte[1 + random.nextInt(20_000)];
            random.nextBytes(noise);
            write(path, noise);
            assertThatThrownBy(() -> use(path, false))
                    .isInstanceOf(CorruptFileException.class)
                    .hasMessageContaining("no valid meta page")
                    .hasMessageContaining("this is no bbolt file");
            assertThat(path).hasBinaryContent(noise);
        }
    }

    @Test
    void aTornMetaPageGivesTheVersionBefore() {
        Path path = directory.resolve("torn");
        byte[] key = "k".getBytes(StandardCharsets.UTF_8);
        long txid;
        try (Db db = Db.open(disk, path, SMALL)) {
            db.update(tx -> tx.createBucketIfNotExists(key).put(key, new byte[] {1}));
            db.update(tx -> tx.createBucketIfNotExists(key).put(key, new byte[] {2}));
            txid = db.stats().txid();
        }
        byte[] bytes = bytes(path);
        bytes[(int) (txid & 1) * 512 + 60] ^= 1;
        write(path, bytes);
        try (Db db = Db.open(disk, path, SMALL)) {
            assertThat(db.check()).isEmpty();
            byte[] value = db.view(tx -> tx.root().bucket(key).getBytes(key));
            assertThat(value).containsExactly(1);
        }
    }

    @Test
    void locksAndMissingFiles() {
        Path path = directory.resolve("locked");
        assertThatThrownBy(() -> Db.open(disk, path, SMALL.withReadOnly(true)))
                .isInstanceOf(MissingFileException.class);
        try (Db db = Db.open(disk, path, SMALL)) {
            assertThatThrownBy(() -> Db.open(disk, path, SMALL))
                    .isInstanceOf(FileLockedException.class);
            assertThatThrownBy(() -> Db.open(disk, path, SMALL.withReadOnly(true)))
                    .isInstanceOf(FileLockedException.class);
            assertThat(db.check()).isEmpty();
        }
        try (Db one = Db.open(disk, path, SMALL.withReadOnly(true));
                Db two = Db.open(disk, path, SMALL.withReadOnly(true))) {
            assertThat(one.check()).isEmpty();
            assertThatThrownBy(() -> two.begin(true)).isInstanceOf(DiskException.class);
        }
    }
}
