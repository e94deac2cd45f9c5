package io.jarnetes.etcd.storage.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.etcd.raft.Entry;
import io.jarnetes.etcd.storage.bbolt.Bucket;
import io.jarnetes.etcd.storage.bbolt.Cursor;
import io.jarnetes.etcd.storage.bbolt.Db;
import io.jarnetes.etcd.storage.bbolt.Options;
import io.jarnetes.etcd.storage.bbolt.Tx;
import io.jarnetes.etcd.storage.disk.Disk;
import io.jarnetes.etcd.storage.wal.Wal;
import io.jarnetes.etcd.storage.wal.WalContents;
import io.jarnetes.etcd.storage.wal.WalSnapshot;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that writes log and database is killed at random instants, again and again. */
@Tag("crash")
class StorageCrashTest {
    private static final int KILLS = Integer.getInteger("kills", 100);

    @TempDir Path data;
    private final Disk disk = Disk.real();

    /** What the writer said before it died. */
    private record Acknowledged(long logged, long committed) {}

    @Test
    void whatWasAcknowledgedIsThere() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < KILLS; i++) {
            Acknowledged acknowledged = writeAndKill(random);
            assertThat(acknowledged.logged()).as("seed %d, kill %d", seed, i).isPositive();
            check(acknowledged);
        }
    }

    private Acknowledged writeAndKill(Random random) throws Exception {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty(
                                        "surefire.test.class.path",
                                        System.getProperty("java.class.path")),
                                Writer.class.getName(),
                                data.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        long logged = 0;
        long committed = 0;
        try (BufferedReader lines = process.inputReader()) {
            long lifeNanos = random.nextLong(150_000_000);
            long end = Long.MAX_VALUE;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                // The last line may be cut, which makes its number smaller.
                long index = line.length() < 3 ? 0 : Long.parseLong(line.substring(2));
                if (line.startsWith("w")) {
                    logged = Math.max(logged, index);
                } else {
                    committed = Math.max(committed, index);
                }
                // Its life counts from its first word: a start takes longer than what follows.
                end = end == Long.MAX_VALUE ? System.nanoTime() + lifeNanos : end;
                if (System.nanoTime() > end) {
                    // Not by the Process, which would close the stream that is being read.
                    process.toHandle().destroyForcibly();
                }
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        return new Acknowledged(logged, committed);
    }

    private void check(Acknowledged acknowledged) {
        Path log = data.resolve("wal");
        List<WalSnapshot> known = Wal.validSnapshots(disk, log);
        WalContents contents = Wal.read(disk, log, known.getLast());
        long last = Writer.lastIndex(known.getLast(), contents);
        assertThat(last).isGreaterThanOrEqualTo(acknowledged.logged());
        for (Entry entry : contents.entries()) {
            assertThat(entry.data()).isEqualTo(Writer.value(entry.index()));
        }
        try (Db db = Db.open(disk, data.resolve("db"), Options.DEFAULTS)) {
            assertThat(db.check()).isEmpty();
            long applied = db.view(Writer::applied);
            // The database never knows of an entry that the log has lost.
            assertThat(applied).isBetween(acknowledged.committed(), last);
            db.view(tx -> {
                requireContents(tx, applied);
                return true;
            });
        }
    }

    private static void requireContents(Tx tx, long applied) {
        // Each round goes through all keys: what is older than the last two rounds is overwritten.
        TreeMap<byte[], byte[]> expected = new TreeMap<>(Arrays::compareUnsigned);
        for (long i = Math.max(1, applied - 2L * Writer.KEYS); i <= applied; i++) {
            if (i % 5 == 0) {
                expected.remove(Writer.key(i));
            } else {
                expected.put(Writer.key(i), Writer.value(i));
            }
        }
        Bucket bucket = tx.bucket(Writer.BUCKET);
        if (bucket == null) {
            assertThat(expected).isEmpty();
            return;
        }
        Cursor cursor = bucket.cursor();
        boolean on = cursor.first();
        for (var pair : expected.entrySet()) {
            assertThat(on).isTrue();
            assertThat(cursor.keyBytes()).isEqualTo(pair.getKey());
            assertThat(cursor.valueBytes()).isEqualTo(pair.getValue());
            on = cursor.next();
        }
        assertThat(on).isFalse();
    }
}
