package io.jarnetes.etcd.storage.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jarnetes.base.Eventually;
import io.jarnetes.etcd.raft.Entry;
import io.jarnetes.etcd.raft.Snapshot;
import io.jarnetes.etcd.storage.bbolt.Db;
import io.jarnetes.etcd.storage.bbolt.Options;
import io.jarnetes.etcd.storage.disk.Disk;
import io.jarnetes.etcd.storage.disk.FileLockedException;
import io.jarnetes.etcd.storage.snap.Snapshotter;
import io.jarnetes.etcd.storage.wal.Wal;
import io.jarnetes.etcd.storage.wal.WalContents;
import io.jarnetes.etcd.storage.wal.WalOptions;
import io.jarnetes.etcd.storage.wal.WalSnapshot;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Data directories of upstream's etcd, read and written by this room. */
@Tag("exchange")
class StorageExchangeTest {
    private static final Options AT_ONCE = Options.DEFAULTS.withLockTimeout(Duration.ZERO);
    private static final int PUTS = 250;

    @TempDir Path scratch;
    private final Disk disk = Disk.real();

    /** Writes through several snapshots; returns what the member then holds. */
    private static String fill(Peer peer) throws Exception {
        for (int i = 0; i < PUTS; i++) {
            peer.put("key" + i % 40, "value".repeat(1 + i % 300) + i);
            if (i % 17 == 0) {
                peer.delete("key" + i % 13);
            }
        }
        peer.put("large", "x".repeat(100_000));
        return peer.everything();
    }

    /** What a member that starts would read: snapshot, log, database. */
    private record Directory(List<WalSnapshot> known, Snapshot snapshot, WalContents contents) {
        static Directory read(Disk disk, Path data) {
            Path wal = data.resolve("member/wal");
            List<WalSnapshot> known = Wal.validSnapshots(disk, wal);
            Snapshot snapshot =
                    new Snapshotter(disk, data.resolve("member/snap"))
                            .loadNewestAvailable(known)
                            .orElse(Snapshot.EMPTY);
            WalSnapshot from =
                    known.stream()
                            .filter(s -> s.index() == snapshot.metadata().index())
                            .findFirst()
                            .orElseThrow();
            return new Directory(known, snapshot, Wal.read(disk, wal, from));
        }
    }

    @ParameterizedTest
    @CsvSource({"3.4.23,false", "3.5.16,true", "3.5.30,false", "3.5.30,true"})
    void whatUpstreamWroteIsReadAndWrittenAnewAndUpstreamStartsOnIt(String version, boolean kill)
            throws Exception {
        Path data = scratch.resolve("data");
        String before;
        try (Peer peer = Peer.start(version, data, "--snapshot-count=50")) {
            before = fill(peer);
            if (kill) {
                peer.kill();
            } else {
                peer.stop();
            }
        }
        Directory read = Directory.read(disk, data);
        assertThat(read.snapshot().metadata().index()).isGreaterThan(100);
        assertThat(read.contents().entries()).isNotEmpty();
        assertThat(new String(read.snapshot().data(), StandardCharsets.UTF_8))
                .contains("raftAttributes");

        Path copy = scratch.resolve("copy");
        rewrite(read, data, copy);
        for (Path started : List.of(data, copy)) {
            try (Peer peer = Peer.start(version, started)) {
                assertThat(peer.everything()).isEqualTo(before);
                peer.put("after", "restart");
            }
        }
    }

    /** The directory once more, each file made by this room. */
    private void rewrite(Directory read, Path data, Path copy) {
        Path snap = copy.resolve("member/snap");
        disk.createDirectories(snap);
        new Snapshotter(disk, snap).save(read.snapshot());
        List<Entry> entries = read.contents().entries();
        WalContents contents = read.contents();
        try (Wal wal =
                Wal.create(
                        disk,
                        copy.resolve("member/wal"),
                        contents.metadata(),
                        new WalOptions(100_000, false))) {
            WalSnapshot from =
                    new WalSnapshot(
                            read.snapshot().metadata().index(),
                            read.snapshot().metadata().term(),
                            read.snapshot().metadata().confState());
            wal.saveSnapshot(from);
            entries.forEach(entry -> wal.save(contents.hardState(), List.of(entry)));
        }
        try (Db db = Db.open(disk, data.resolve("member/snap/db"), AT_ONCE);
                Db target = Db.open(disk, snap.resolve("db"), AT_ONCE)) {
            assertThat(db.check()).isEmpty();
            Db.compact(db, target);
            assertThat(target.check()).isEmpty();
            // Also a plain change to upstream's own file, which upstream then starts on.
            db.update(tx -> tx.createBucketIfNotExists("test".getBytes(StandardCharsets.UTF_8)));
            assertThat(db.check()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.5.16", "3.5.30"})
    void neitherOpensWhatTheOtherHasOpen(String version) throws Exception {
        Path data = scratch.resolve("data");
        Path file = data.resolve("member/snap/db");
        Path wal = data.resolve("member/wal");
        try (Peer peer = Peer.start(version, data)) {
            assertThatThrownBy(() -> Db.open(disk, file, AT_ONCE))
                    .isInstanceOf(FileLockedException.class);
            assertThatThrownBy(() -> Db.open(disk, file, AT_ONCE.withReadOnly(true)))
                    .isInstanceOf(FileLockedException.class);
            assertThatThrownBy(
                            () -> Wal.open(disk, wal, WalSnapshot.BEGINNING, WalOptions.DEFAULTS))
                    .isInstanceOf(FileLockedException.class);
            peer.put("still", "alive");
            peer.stop();
        }
        try (Wal held = Wal.open(disk, wal, WalSnapshot.BEGINNING, WalOptions.DEFAULTS).wal()) {
            held.sync();
            try (Peer peer = Peer.launch(version, data)) {
                awaitLog(peer, "file already locked");
            }
        }
        Db held = Db.open(disk, file, AT_ONCE);
        try (Peer peer = Peer.launch(version, data)) {
            // It waits for the lock, and says so after ten seconds only.
            try (held) {
                Eventually.until("etcd to reach the database", () -> peer.hasOpen(file));
                assertThat(peer.healthy()).isFalse();
            }
            peer.awaitHealthy();
            assertThat(peer.everything()).contains("c3RpbGw=");
        }
    }

    private static void awaitLog(Peer peer, String text) throws Exception {
        Eventually.until("\"" + text + "\" in etcd's log", () -> peer.log().contains(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.5.30"})
    void upstreamFindsASnapshotOfOursSound(String version) throws Exception {
        Path data = scratch.resolve("data");
        String before;
        try (Peer peer = Peer.start(version, data)) {
            before = fill(peer);
            peer.stop();
        }
        Path saved = scratch.resolve("saved.db");
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (Db db = Db.open(disk, data.resolve("member/snap/db"), AT_ONCE);
                OutputStream out =
                        Channels.newOutputStream(
                                FileChannel.open(
                                        saved,
                                        StandardOpenOption.CREATE,
                                        StandardOpenOption.WRITE));
                OutputStream digesting = new DigestOutputStream(out, digest)) {
            long size = db.view(tx -> tx.writeTo(Channels.newChannel(digesting)));
            assertThat(size).isEqualTo(db.stats().sizeBytes());
        }
        Files.write(saved, digest.digest(), StandardOpenOption.APPEND);
        String status =
                Peer.run(version, "etcdutl", "snapshot", "status", saved.toString(), "-w", "json");
        assertThat(status).contains("\"totalKey\"");
        Path restored = scratch.resolve("restored");
        Peer.run(
                version,
                "etcdutl",
                "snapshot",
                "restore",
                saved.toString(),
                "--name=a",
                "--initial-cluster=a=http://127.0.0.1:1",
                "--initial-advertise-peer-urls=http://127.0.0.1:1",
                "--data-dir=" + restored);
        Directory read = Directory.read(disk, restored);
        assertThat(read.snapshot().metadata().index()).isPositive();
        try (Db db = Db.open(disk, restored.resolve("member/snap/db"), AT_ONCE)) {
            assertThat(db.check()).isEmpty();
        }
        try (Peer peer = Peer.start(version, restored)) {
            assertThat(peer.everything()).isEqualTo(before);
        }
    }
}
