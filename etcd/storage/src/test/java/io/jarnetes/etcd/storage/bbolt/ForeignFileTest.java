package io.jarnetes.etcd.storage.bbolt;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.etcd.storage.disk.Disk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Upstream's bbolt and ours write the same file in turn; each reads and checks the other's. */
@Tag("peers")
class ForeignFileTest {
    private static final byte[] OURS = "java".getBytes(StandardCharsets.US_ASCII);
    private static final HexFormat HEX = HexFormat.of();

    @TempDir Path directory;
    private final Disk disk = Disk.real();

    private static String upstream(String... arguments) {
        String root = System.getProperty("JARNETES_PEERS", System.getenv("JARNETES_PEERS"));
        Path program = Path.of(String.valueOf(root), "bbolt", "usr", "bin", "bbolt");
        if (!Files.isExecutable(program)) {
            throw new IllegalStateException(
                    program + " is missing: hack/test builds it with Go, and sets JARNETES_PEERS");
        }
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as("%s: %s", command, said).isZero();
            return said;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> lines(Db db) {
        return db.view(tx -> {
            List<String> lines = new ArrayList<>();
            Cursor names = tx.cursor();
            for (boolean on = names.first(); on; on = names.next()) {
                lines(tx.root(), names.keyBytes(), "", lines);
            }
            return lines;
        });
    }

    private static void lines(Bucket parent, byte[] name, String above, List<String> lines) {
        Bucket bucket = parent.bucket(name);
        assertThat(bucket).isNotNull();
        String path = above + "/" + HEX.formatHex(name);
        lines.add(path + " = " + Long.toUnsignedString(bucket.sequence()));
        Cursor cursor = bucket.cursor();
        for (boolean on = cursor.first(); on; on = cursor.next()) {
            if (cursor.isBucket()) {
                lines(bucket, cursor.keyBytes(), path, lines);
            } else {
                String key = HEX.formatHex(cursor.keyBytes());
                lines.add(path + " " + key + " " + hash(cursor.valueBytes()));
            }
        }
    }

    private static String hash(byte[] value) {
        try {
            return HEX.formatHex(MessageDigest.getInstance("SHA-256").digest(value));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void requireSame(Db db, Path path) {
        assertThat(db.check()).isEmpty();
        assertThat(lines(db)).isEqualTo(upstream("dump", path.toString()).lines().toList());
    }

    @TestFactory
    Stream<DynamicTest> bothWriteInTurn() {
        return Seeds.of(16, this::writeInTurn);
    }

    private void writeInTurn(long seed) {
        Random random = new Random(seed);
        Path path = directory.resolve("db" + seed);
        int page = random.nextBoolean() ? 4096 : 1024;
        Model model = new Model();
        for (int round = 0; round < 3; round++) {
            upstream(
                    "write",
                    path.toString(),
                    Long.toString(100 * seed + round),
                    Integer.toString(1 + random.nextInt(30)),
                    Integer.toString(page),
                    random.nextBoolean() ? "array" : "hashmap",
                    random.nextBoolean() ? "sync" : "nosync");
            upstream("check", path.toString());
            readOnly(path);
            Options options =
                    Options.DEFAULTS
                            .withSizes(page, random.nextInt(200_000), 64L << 10)
                            .withFreelistSync(random.nextBoolean())
                            .withNoSync(true);
            try (Db db = Db.open(disk, path, options)) {
                assertThat(db.check()).isEmpty();
                for (int i = random.nextInt(20); i >= 0; i--) {
                    db.update(tx -> {
                        Bucket ours = tx.createBucketIfNotExists(OURS);
                        for (int j = random.nextInt(60); j >= 0; j--) {
                            model.change(ours, random, 0, 9000);
                        }
                    });
                }
                assertThat(db.check()).isEmpty();
            }
            upstream("check", path.toString());
            readOnly(path);
        }
        try (Db db = Db.open(disk, path, Options.DEFAULTS)) {
            db.view(tx -> {
                model.check(tx.root().bucket(OURS));
                return true;
            });
        }
    }

    /** With the freelist that is in the file, where there is one. */
    private void readOnly(Path path) {
        try (Db db = Db.open(disk, path, Options.DEFAULTS.withReadOnly(true))) {
            requireSame(db, path);
        }
    }

    @TestFactory
    Stream<DynamicTest> upstreamFindsEitherMetaPageDamagedAsWeDo() {
        return Seeds.of(
                6,
                seed -> {
                    Path path = directory.resolve("meta" + seed);
                    upstream("write", path.toString(), seed + "", "9", "4096", "array", "sync");
                    byte[] good = read(path);
                    byte[] bad = good.clone();
                    // One page of the two: 0 and 4096.
                    bad[(int) (seed % 2) * 4096 + 16 + (int) (seed * 9)] ^= 4;
                    write(path, bad);
                    readOnly(path);
                    assertThat(read(path)).isEqualTo(bad);
                    try (Db db = Db.open(disk, path, Options.DEFAULTS)) {
                        db.update(tx -> tx.createBucketIfNotExists(OURS));
                        db.update(tx -> tx.createBucketIfNotExists(OURS).put(OURS, OURS));
                    }
                    upstream("check", path.toString());
                    readOnly(path);
                });
    }

    @Test
    void aCompactedFileIsSound() {
        Path path = directory.resolve("compact");
        upstream("write", path.toString(), "5", "200", "4096", "hashmap", "nosync");
        Path to = directory.resolve("compacted");
        try (Db from = Db.open(disk, path, Options.DEFAULTS);
                Db target = Db.open(disk, to, Options.DEFAULTS)) {
            Db.compact(from, target);
            assertThat(lines(target)).isEqualTo(lines(from));
            assertThat(target.stats().sizeBytes()).isLessThan(from.stats().sizeBytes());
        }
        upstream("check", to.toString());
        readOnly(to);
    }

    private static byte[] read(Path path) {
        try {
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void write(Path path, byte[] bytes) {
        try {
            Files.write(path, bytes);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
