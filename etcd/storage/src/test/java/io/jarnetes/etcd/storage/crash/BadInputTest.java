package io.jarnetes.etcd.storage.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.sun.management.ThreadMXBean;
import io.jarnetes.etcd.storage.alarm.AlarmStore;
import io.jarnetes.etcd.storage.auth.AuthStore;
import io.jarnetes.etcd.storage.auth.TokenProviders;
import io.jarnetes.etcd.storage.backend.Backend;
import io.jarnetes.etcd.storage.bbolt.Db;
import io.jarnetes.etcd.storage.bbolt.Options;
import io.jarnetes.etcd.storage.bbolt.Seeds;
import io.jarnetes.etcd.storage.disk.CorruptFileException;
import io.jarnetes.etcd.storage.disk.Disk;
import io.jarnetes.etcd.storage.disk.DiskException;
import io.jarnetes.etcd.storage.membership.Member;
import io.jarnetes.etcd.storage.membership.RaftCluster;
import io.jarnetes.etcd.storage.snap.Snapshotter;
import io.jarnetes.etcd.storage.wal.Wal;
import io.jarnetes.etcd.storage.wal.WalOptions;
import io.jarnetes.etcd.storage.wal.WalSnapshot;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * A member starts on a directory in which one file is truncated, damaged or another program's: it
 * works, or it says which file, where, and what to do; it does not hang, does not take memory for
 * what a file claims, and leaves every file as it was.
 */
class BadInputTest {
    private static final int CASES = 40;
    private static final Duration LONGEST = Duration.ofSeconds(20);
    // A start on the good directory takes a tenth of this.
    private static final long MOST_ALLOCATED_BYTES = 64L << 20;
    private static final long SPARSE_BYTES = 700L << 20;
    private static final byte[] PICTURE =
            HexFormat.of().parseHex("89504e470d0a1a0a0000000d49484452000000010000000108060000");
    private static final MiniMember.Sizes SIZES =
            new MiniMember.Sizes(
                    new WalOptions(60_000, true),
                    Options.DEFAULTS
                            .withSizes(4096, 64 << 10, 256 << 10)
                            .withNoSync(true)
                            .withLockTimeout(Duration.ZERO));

    @TempDir Path folder;
    private final Disk disk = Disk.real();
    private final Map<String, byte[]> good = new HashMap<>();

    /** A member with everything in its files, that has just received a snapshot. */
    @BeforeEach
    void write() throws IOException {
        Path data = folder.resolve("good");
        try (MiniMember member = MiniMember.open(disk, data, SIZES, Scenario.Plant.NONE)) {
            member.append(250);
            member.apply();
            RaftCluster cluster = RaftCluster.open(member.backend(), 1, 1, 1);
            cluster.addMember(new Member(1, "a", List.of("http://a"), List.of("http://b"), false));
            AlarmStore.open(member.backend()).activate(1, AlarmStore.AlarmType.NOSPACE);
            auth(member.backend()).userAdd("alice", "", "aGFzaA==", false);
            member.snapshot(5);
            for (int i = 0; i < 5; i++) {
                member.append(20);
            }
            member.apply();
            member.backend().commit();
        }
        Path ahead = folder.resolve("leader");
        try (MiniMember member = MiniMember.open(disk, data, SIZES, Scenario.Plant.NONE);
                MiniMember leader = MiniMember.open(disk, ahead, SIZES, Scenario.Plant.NONE)) {
            leader.append(400);
            leader.apply();
            leader.backend().commit();
            member.receiveFile(leader, 1);
            member.append(20);
        }
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                good.put(data.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        assertThat(good.keySet())
                .anyMatch(name -> name.endsWith(".snap"))
                .anyMatch(name -> name.endsWith(".snap.db"))
                .contains("snap/db");
        assertThat(good.keySet().stream().filter(n -> n.endsWith(".wal")).count()).isGreaterThan(2);
    }

    private static AuthStore auth(Backend backend) {
        var tokens = TokenProviders.parse("simple", 0, new Random(1), () -> 0);
        return AuthStore.open(backend, tokens, 4);
    }

    private Path copy(String name) {
        Path data = folder.resolve(name);
        good.forEach((file, bytes) -> put(data.resolve(file), bytes));
        return data;
    }

    private static void put(Path file, byte[] bytes) {
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Everything that a start reads. */
    private void start(Path data) {
        try (MiniMember member = MiniMember.open(disk, data, SIZES, Scenario.Plant.NONE)) {
            RaftCluster.open(member.backend(), 1, 1, 1);
            AlarmStore.open(member.backend());
            auth(member.backend());
            member.store().hashByRev(0);
        }
        try (Db db = Db.open(disk, data.resolve("snap/db"), SIZES.pages())) {
            db.check();
        }
    }

    /** Either it starts, or the error is one that helps and nothing has changed. */
    private void require(Path data, String what) {
        Map<String, byte[]> before = contents(data);
        DiskException refused =
                assertTimeoutPreemptively(
                        LONGEST,
                        () -> {
                            long allocated = allocated();
                            try {
                                start(data);
                                return null;
                            } catch (DiskException e) {
                                return e;
                            } finally {
                                assertThat(allocated() - allocated)
                                        .as("bytes allocated: " + what)
                                        .isLessThan(MOST_ALLOCATED_BYTES);
                            }
                        },
                        what);
        if (refused == null) {
            return;
        }
        assertThat(refused).as(what).hasMessageContaining(data.toString());
        if (refused instanceof CorruptFileException) {
            assertThat(refused).as(what).hasMessageMatching("(?s).* at offset \\d+: .*; .+");
        }
        Map<String, byte[]> after = contents(data);
        before.forEach((file, bytes) -> {
            // A damaged .snap is put aside, and a log whose tail was cut is kept, as upstream does.
            // A received database whose pages are sound has taken its place before its pairs are
            // read.
            boolean taken = after.keySet().stream().noneMatch(name -> name.endsWith(".snap.db"));
            boolean kept =
                    Arrays.equals(after.get(file), bytes)
                            || Arrays.equals(after.get(file + ".broken"), bytes)
                            || taken && file.endsWith(".snap.db")
                            || taken && file.equals("snap/db");
            assertThat(kept).as("%s: %s is as it was", what, file).isTrue();
        });
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getCurrentThreadAllocatedBytes();
    }

    private static Map<String, byte[]> contents(Path data) {
        Map<String, byte[]> contents = new HashMap<>();
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                contents.put(data.relativize(file).toString(), Files.readAllBytes(file));
            }
            return contents;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @TestFactory
    Stream<DynamicTest> damagedTruncatedAndForeignFiles() {
        return Seeds.of(
                12,
                seed -> {
                    Random random = new Random(seed);
                    List<String> names = good.keySet().stream().sorted().toList();
                    for (int i = 0; i < CASES; i++) {
                        String name = names.get(random.nextInt(names.size()));
                        Path data = copy("seed" + seed + "-" + i);
                        byte[] bad = spoil(name, random);
                        put(data.resolve(name), bad);
                        require(data, "seed " + seed + ", case " + i + ", " + name);
                    }
                });
    }

    private byte[] spoil(String name, Random random) {
        byte[] bytes = good.get(name).clone();
        switch (random.nextInt(8)) {
            case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 1 -> random.nextBytes(bytes);
            case 2 -> {
                int from = random.nextInt(bytes.length);
                Arrays.fill(bytes, from, Math.min(bytes.length, from + 4096), (byte) 0);
            }
            case 3 -> {
                List<byte[]> others = good.values().stream().filter(b -> b.length > 0).toList();
                bytes = others.get(random.nextInt(others.size()));
            }
            case 4 -> bytes = Arrays.copyOf(PICTURE, PICTURE.length + random.nextInt(9000));
            default -> {
                for (int i = random.nextInt(4); i >= 0; i--) {
                    // Mostly near the beginning of a page or record, where sizes and places are.
                    int page = random.nextInt(bytes.length / 512 + 1) * 512;
                    int at = page + random.nextInt(random.nextBoolean() ? 64 : 512);
                    bytes[Math.min(at, bytes.length - 1)] ^= (byte) (1 << random.nextInt(8));
                }
            }
        }
        return bytes;
    }

    /** Every pair of every bucket, one after the other, is something else. */
    @Test
    void pairsThatAreNotWhatTheirBucketHolds() {
        byte[] noise = {(byte) 0xff, 0x0f, 7};
        for (var bucket : io.jarnetes.etcd.storage.backend.Bucket.values()) {
            Path data = copy("pair-" + bucket.diskName());
            try (Db db = Db.open(disk, data.resolve("snap/db"), SIZES.pages())) {
                db.update(tx -> {
                    var pairs = tx.bucket(bucket.diskNameBytes());
                    byte[] name = "consistent_index".getBytes(StandardCharsets.US_ASCII);
                    var cursor = pairs.cursor();
                    boolean meta = bucket == io.jarnetes.etcd.storage.backend.Bucket.META;
                    pairs.put(meta || !cursor.first() ? name : cursor.keyBytes(), noise);
                    if (bucket == io.jarnetes.etcd.storage.backend.Bucket.ALARM) {
                        pairs.put(noise, new byte[0]);
                    }
                });
            }
            // The database in place is looked at, not the one that was received.
            delete(data, ".snap.db");
            require(data, bucket.diskName());
        }
    }

    private static void delete(Path data, String ending) {
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.filter(f -> f.toString().endsWith(ending)).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aValueThatIsNoKeyValueIsNamedByFileAndOffset() throws IOException {
        Path data = folder.resolve("named");
        byte[] sign = "a value that is easily found".getBytes(StandardCharsets.US_ASCII);
        try (MiniMember member = MiniMember.open(disk, data, SIZES, Scenario.Plant.NONE)) {
            member.store().put(new byte[] {'k'}, sign, 0);
            member.backend().commit();
        }
        Path db = data.resolve("snap/db");
        byte[] bytes = Files.readAllBytes(db);
        int at =
                new String(bytes, StandardCharsets.ISO_8859_1)
                        .indexOf(new String(sign, StandardCharsets.ISO_8859_1));
        // The length of the value: it goes beyond the pair now.
        bytes[at - 1] = 127;
        Files.write(db, bytes);
        int start = at - 11;
        assertThat(bytes[start]).as("the tag of the key").isEqualTo((byte) 0x0a);
        assertThatThrownBy(() -> start(data))
                .isInstanceOf(CorruptFileException.class)
                .hasMessageContaining(db + ": corrupt at offset " + start)
                .hasMessageContaining("no mvccpb.KeyValue")
                .hasMessageContaining("restore");
        assertThat(Files.readAllBytes(db)).isEqualTo(bytes);
    }

    @Test
    void anotherProgramsBboltFileIsLeftAlone() throws IOException {
        Path path = folder.resolve("other");
        try (Db db = Db.open(disk, path, SIZES.pages())) {
            db.update(tx -> tx.createBucketIfNotExists(new byte[] {'x'}));
        }
        byte[] before = Files.readAllBytes(path);
        assertThatThrownBy(() ->
                        Backend.open(
                                disk,
                                path,
                                SIZES.pages(),
                                io.jarnetes.etcd.storage.backend.BackendOptions.defaults()))
                .isInstanceOf(CorruptFileException.class)
                .hasMessageContaining(path.toString())
                .hasMessageContaining("it has [x]")
                .hasMessageContaining("--data-dir");
        assertThat(Files.readAllBytes(path)).isEqualTo(before);
    }

    /** Files of hundreds of megabytes that are mostly holes, and claim to be full. */
    @Test
    void largeClaimsTakeNoMemory() throws IOException {
        for (String name : good.keySet()) {
            if (name.endsWith(".wal") && !name.endsWith("0000.wal")) {
                continue;
            }
            Path data = copy("large-" + name.replace('/', '-'));
            try (RandomAccessFile file = new RandomAccessFile(data.resolve(name).toFile(), "rw")) {
                if (name.endsWith(".wal")) {
                    // The second record says that it has most of the file.
                    file.seek(16);
                    file.writeLong(Long.reverseBytes(SPARSE_BYTES - 4096));
                }
                if (name.endsWith("db")) {
                    // Page 3 says that it overflows to the end.
                    file.seek(3 * 4096 + 12);
                    file.writeInt(Integer.reverseBytes((int) (SPARSE_BYTES / 4096 - 8)));
                }
                file.setLength(SPARSE_BYTES);
            }
            assertTimeoutPreemptively(
                    LONGEST,
                    () -> {
                        long allocated = allocated();
                        try {
                            start(data);
                        } catch (DiskException e) {
                            assertThat(e).hasMessageContaining(data.toString());
                        }
                        assertThat(allocated() - allocated)
                                .as(name)
                                .isLessThan(MOST_ALLOCATED_BYTES);
                    });
        }
    }

    @Test
    void aReceivedDatabaseThatIsBrokenDoesNotReplaceASoundOne() {
        Path data = copy("received");
        String name = good.keySet().stream().filter(n -> n.endsWith(".snap.db")).findAny().get();
        byte[] bad = Arrays.copyOf(good.get(name), good.get(name).length / 2);
        put(data.resolve(name), bad);
        assertThatThrownBy(() -> start(data))
                .isInstanceOf(CorruptFileException.class)
                .hasMessageContaining(name)
                .hasMessageContaining("truncated");
        assertThat(data.resolve("snap/db")).hasBinaryContent(good.get("snap/db"));
        // Older than the snapshot it came with: the db before it, under its name.
        put(data.resolve(name), good.get("snap/db"));
        assertThatThrownBy(() -> start(data))
                .hasMessageContaining("it holds entries up to")
                .hasMessageContaining("get the snapshot from its cluster again");
        assertThat(data.resolve("snap/db")).hasBinaryContent(good.get("snap/db"));
    }

    @Test
    void toolsReadWithoutTouchingAnything() {
        Path data = copy("tools");
        Map<String, byte[]> before = contents(data);
        List<WalSnapshot> known = Wal.validSnapshots(disk, data.resolve("wal"));
        assertThat(known).isNotEmpty();
        Wal.read(disk, data.resolve("wal"), known.getLast());
        assertThat(new Snapshotter(disk, data.resolve("snap")).loadNewestAvailable(known))
                .isPresent();
        assertThat(contents(data).keySet()).isEqualTo(before.keySet());
        contents(data).forEach((name, bytes) -> assertThat(bytes).isEqualTo(before.get(name)));
    }
}
