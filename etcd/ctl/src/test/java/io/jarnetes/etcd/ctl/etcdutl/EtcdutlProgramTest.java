package io.jarnetes.etcd.ctl.etcdutl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.base.Invocation;
import io.jarnetes.etcd.storage.backend.Backend;
import io.jarnetes.etcd.storage.backend.BackendOptions;
import io.jarnetes.etcd.storage.bbolt.Options;
import io.jarnetes.etcd.storage.disk.Disk;
import io.jarnetes.etcd.storage.lease.Lessor;
import io.jarnetes.etcd.storage.membership.Member;
import io.jarnetes.etcd.storage.membership.RaftCluster;
import io.jarnetes.etcd.storage.mvcc.KeyRange;
import io.jarnetes.etcd.storage.mvcc.Mvcc;
import io.jarnetes.etcd.storage.wal.Wal;
import io.jarnetes.etcd.storage.wal.WalContents;
import io.jarnetes.etcd.storage.wal.WalSnapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On files that this project's storage made; EtcdutlExchangeTest compares with upstream's. */
class EtcdutlProgramTest {
    private static final int PUTS = 300;
    private static final int FUZZED = 150;
    private static final String[][] COMMANDS = {
        {"check"}, {"hashkv"}, {"snapshot", "status"}, {"snapshot", "status", "-w", "json"}
    };

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir Path folder;
    private Path saved;

    @BeforeEach
    void save() throws Exception {
        saved = folder.resolve("saved.db");
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (Backend backend =
                        Backend.open(
                                Disk.real(),
                                folder.resolve("source"),
                                Options.DEFAULTS,
                                BackendOptions.defaults());
                OutputStream file = Files.newOutputStream(saved)) {
            Mvcc store = Mvcc.open(backend, Lessor.open(backend, 1, System::nanoTime));
            for (int i = 0; i < PUTS; i++) {
                store.put(("key" + i % 100).getBytes(UTF_8), ("value" + i).getBytes(UTF_8), 0);
            }
            store.deleteRange(KeyRange.of("key0".getBytes(UTF_8)));
            RaftCluster.open(backend, 1, 2, 1).addMember(new Member(77));
            backend.applied(500, 9);
            assertThat(backend.commit()).isTrue();
            try (Backend.Snapshot snapshot = backend.snapshot()) {
                snapshot.writeTo(Channels.newChannel(new DigestOutputStream(file, digest)));
            }
        }
        Files.write(saved, digest.digest(), StandardOpenOption.APPEND);
    }

    private int run(String... args) {
        out.reset();
        err.reset();
        return new EtcdutlProgram()
                .run(
                        new Invocation(
                                List.of(args),
                                Map.of(),
                                new PrintStream(out, true, UTF_8),
                                new PrintStream(err, true, UTF_8),
                                new CompletableFuture<>()));
    }

    private int restore(Path to, String... more) {
        List<String> args =
                new ArrayList<>(
                        List.of("snapshot", "restore", saved.toString(), "--data-dir", "" + to));
        args.addAll(List.of(more));
        return run(args.toArray(String[]::new));
    }

    @Test
    void statusCountsKeysAsEachVersionDoes() {
        assertThat(run("snapshot", "status", saved.toString(), "-w", "json")).isZero();
        assertThat(out.toString(UTF_8))
                .contains("\"revision\":302,\"totalKey\":99,")
                .endsWith("\"version\":\"\"}\n");
        assertThat(
                        run(
                                "snapshot",
                                "status",
                                saved.toString(),
                                "-w",
                                "json",
                                "--cluster-compatibility=3.5"))
                .isZero();
        // 301 revisions, the member, the applied index and its term.
        assertThat(out.toString(UTF_8)).contains("\"totalKey\":304,").doesNotContain("version");
    }

    @Test
    void aRestoredDirectoryBeginsBehindTheMembersItNames() {
        Path to = folder.resolve("restored");
        assertThat(
                        restore(
                                to,
                                "--name=b",
                                "--initial-cluster=a=http://127.0.0.1:1,b=http://127.0.0.1:2",
                                "--initial-advertise-peer-urls=http://127.0.0.1:2"))
                .as(err.toString(UTF_8))
                .isZero();
        assertThat(run("check", "--data-dir", to.toString())).as(out.toString(UTF_8)).isZero();
        List<WalSnapshot> known = Wal.validSnapshots(Disk.real(), to.resolve("member/wal"));
        assertThat(known.getLast().index()).isEqualTo(2);
        WalContents log = Wal.read(Disk.real(), to.resolve("member/wal"), WalSnapshot.BEGINNING);
        assertThat(log.entries()).hasSize(2);
        assertThat(log.hardState().commit()).isEqualTo(2);
        try (Backend backend =
                Backend.open(
                        Disk.real(),
                        to.resolve("member/snap/db"),
                        Options.DEFAULTS,
                        BackendOptions.defaults())) {
            assertThat(backend.consistentIndex()).isEqualTo(2);
            assertThat(backend.consistentTerm()).isEqualTo(1);
            assertThat(RaftCluster.open(backend, 0, 0, 1).members())
                    .extracting(Member::name)
                    .containsExactlyInAnyOrder("a", "b");
        }
    }

    @Test
    void nothingIsOverwritten() throws IOException {
        Path to = Files.createDirectories(folder.resolve("there"));
        Files.writeString(to.resolve("mine"), "mine");
        assertThat(restore(to)).isEqualTo(1);
        assertThat(err.toString(UTF_8))
                .isEqualTo("Error: data-dir \"" + to + "\" not empty or could not be read\n");
        assertThat(Disk.real().list(to)).containsExactly("mine");
    }

    @Test
    void theLogMayHaveADirectoryOfItsOwn() {
        Path to = folder.resolve("restored");
        Path log = folder.resolve("logs/wal");
        assertThat(restore(to, "--wal-dir=" + log)).as("%s", err).isZero();
        assertThat(Wal.exists(Disk.real(), log)).isTrue();
        assertThat(run("check", "--data-dir=" + to, "--wal-dir=" + log)).isZero();
        assertThat(run("check", "--data-dir=" + to)).isEqualTo(1);
        assertThat(out.toString(UTF_8)).contains("no log is there");
        assertThat(restore(folder.resolve("again"), "--wal-dir=" + log)).isEqualTo(1);
        assertThat(err.toString(UTF_8)).isEqualTo("Error: wal-dir \"" + log + "\" exists\n");
    }

    @Test
    void damageIsFound() throws IOException {
        byte[] bytes = Files.readAllBytes(saved);
        bytes[bytes.length - 1] ^= 1;
        Files.write(saved, bytes);
        assertThat(restore(folder.resolve("restored"))).isEqualTo(1);
        assertThat(err.toString(UTF_8)).contains("Error: expected sha256 [");
        assertThat(restore(folder.resolve("anyway"), "--skip-hash-check")).isZero();

        // The id at the head of a page that is in use.
        bytes[3 * 4096] ^= 1;
        Files.write(saved, bytes);
        boolean found = run("check", saved.toString()) == 1;
        bytes[4 * 4096] ^= 1;
        Files.write(saved, bytes);
        assertThat(found || run("check", saved.toString()) == 1).isTrue();
        assertThat(err.toString(UTF_8)).contains(saved + " is not sound: ");
    }

    @Test
    void checkWantsOneFileOrADirectory() {
        assertThat(run("check")).isEqualTo(128);
        assertThat(err.toString(UTF_8))
                .isEqualTo("Error: check requires exactly one file, or --data-dir\n");
    }

    @Test
    void anUnknownVersionIsRefused() {
        assertThat(run("version", "--cluster-compatibility=3.7")).isEqualTo(4);
        assertThat(run("version", "--cluster-compatibility=3.5")).isZero();
        assertThat(out.toString(UTF_8)).contains("API version: 3.5");
    }

    @Test
    void whateverIsInAFileIsAnAnswerOrAnError() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] sound = Files.readAllBytes(saved);
        for (int i = 0; i < FUZZED; i++) {
            byte[] bytes =
                    random.nextInt(8) == 0
                            ? Arrays.copyOf(sound, random.nextInt(sound.length))
                            : sound.clone();
            for (int flips = random.nextInt(1, 5); flips > 0 && bytes.length > 0; flips--) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            Path file = folder.resolve("fuzzed");
            Files.write(file, bytes);
            String name = "seed " + seed + ", file " + i;
            for (String[] command : COMMANDS) {
                List<String> args = new ArrayList<>(List.of(command));
                args.add(file.toString());
                assertAnswered(name, run(args.toArray(String[]::new)));
            }
            if (i % 10 == 0) {
                assertAnswered(
                        name,
                        run(
                                "snapshot",
                                "restore",
                                file.toString(),
                                "--data-dir=" + folder.resolve("fuzzed" + i),
                                "--skip-hash-check",
                                "--bump-revision=5",
                                "--mark-compacted"));
            }
        }
    }

    private void assertAnswered(String name, int status) {
        assertThat(status).as(name).isBetween(0, 1);
        if (status == 1) {
            assertThat(err.toString(UTF_8)).as(name).containsPattern("(?m)^Error: .");
        }
    }
}
