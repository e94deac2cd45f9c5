package io.jarnetes.etcd.storage.backend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.jarnetes.etcd.storage.bbolt.Db;
import io.jarnetes.etcd.storage.bbolt.Options;
import io.jarnetes.etcd.storage.disk.Disk;
import io.jarnetes.etcd.storage.disk.DiskException;
import io.jarnetes.etcd.storage.disk.DiskFile;
import io.jarnetes.etcd.storage.disk.ForwardingDisk;
import io.jarnetes.etcd.storage.disk.OpenMode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackendTest {
    private static final long INTERVAL = 100;

    private final AtomicLong clock = new AtomicLong(1000);
    private final AtomicLong synced = new AtomicLong(Long.MAX_VALUE);
    private final MemoryFile file = new MemoryFile();
    private final Backend backend = Backend.over(file, options());

    @TempDir Path folder;

    private BackendOptions options() {
        return new BackendOptions(INTERVAL, 10, clock::get, synced::get);
    }

    private static byte[] b(String text) {
        return text.getBytes(UTF_8);
    }

    private static byte[] revision(long main) {
        return ByteBuffer.allocate(17).putLong(main).put((byte) '_').putLong(0).array();
    }

    private String meta(String key) {
        byte[] value = backend.get(Bucket.META, b(key));
        return value == null ? "nothing" : new String(value, UTF_8);
    }

    private static List<String> scan(Backend backend, Bucket bucket) {
        List<String> found = new ArrayList<>();
        try (View view = backend.view()) {
            view.scan(
                    bucket,
                    new byte[0],
                    null,
                    (key, value) -> {
                        found.add(new String(key, UTF_8) + "=" + new String(value, UTF_8));
                        return true;
                    });
        }
        return found;
    }

    /** A peer's question may come while its member stops, on a thread that others need too. */
    @Test
    void whoAsksAfterTheEndIsToldSo() {
        backend.close();
        assertTimeoutPreemptively(
                Duration.ofSeconds(30),
                () ->
                        assertThatThrownBy(() -> backend.get(Bucket.META, b("a")))
                                .isInstanceOf(IllegalStateException.class)
                                .hasMessageContaining("closed"));
    }

    @Test
    void changesShowAtOnceAndAreCommittedLater() {
        backend.put(Bucket.META, b("a"), b("1"));
        backend.put(Bucket.META, b("empty"), new byte[0]);
        assertThat(meta("a")).isEqualTo("1");
        assertThat(meta("empty")).isEmpty();
        assertThat(file.commits()).isZero();
        assertThat(backend.commit()).isTrue();
        assertThat(meta("empty")).isEmpty();
        backend.delete(Bucket.META, b("a"));
        backend.put(Bucket.META, b("b"), b("2"));
        assertThat(meta("a")).isEqualTo("nothing");
        assertThat(scan(backend, Bucket.META)).containsExactly("b=2", "empty=");
        Backend crashed = Backend.over(file.copy(), options());
        assertThat(scan(crashed, Bucket.META)).containsExactly("a=1", "empty=");
    }

    @Test
    void aBatchIsDueWhenItIsFullOrOld() {
        assertThat(backend.commitDue(clock.get())).isFalse();
        backend.put(Bucket.META, b("a"), b("1"));
        assertThat(backend.commitDue(clock.get() + INTERVAL - 1)).isFalse();
        assertThat(backend.commitDue(clock.get() + INTERVAL)).isTrue();
        for (int i = 0; i < 9; i++) {
            backend.put(Bucket.KEY, revision(i), b("v"));
        }
        assertThat(backend.commitDue(clock.get())).isTrue();
        Backend.Commit commit = Objects.requireNonNull(backend.freeze());
        assertThat(backend.freeze()).as("one at a time").isNull();
        backend.put(Bucket.META, b("b"), b("1"));
        assertThat(meta("a")).as("seen while it is written").isEqualTo("1");
        commit.run();
        assertThat(backend.pending()).isEqualTo(1);
        assertThat(file.commits()).isEqualTo(1);
        backend.requestCommit();
        assertThat(backend.commitDue(clock.get())).isTrue();
    }

    @Test
    void whatIsBeingWrittenIsNotCommittedYet() {
        backend.put(Bucket.META, b("a"), b("1"));
        Backend.Commit commit = Objects.requireNonNull(backend.freeze());
        assertThat(backend.pending()).isZero();
        assertThat(backend.commit()).isFalse();
        commit.run();
        assertThat(backend.commit()).isTrue();
    }

    @Test
    void afterACommitThatFailedNobodyWaitsForIt() {
        backend.put(Bucket.META, b("a"), b("1"));
        file.fail();
        assertThatThrownBy(backend::commit).hasMessageContaining("made to fail");
        assertThatThrownBy(backend::commit).hasMessageContaining("a commit failed before");
        backend.close();
        assertThat(file.closed()).isTrue();
    }

    @Test
    void theAppliedIndexGoesWithTheDataAndNeverBeyondTheLog() {
        synced.set(4);
        backend.put(Bucket.META, b("a"), b("1"));
        backend.applied(5, 2);
        assertThat(backend.freeze()).as("entry 5 is not synced yet").isNull();
        assertThat(backend.commit()).isFalse();
        assertThat(file.commits()).isZero();
        synced.set(5);
        assertThat(backend.commit()).isTrue();
        Backend again = Backend.over(file.copy(), options());
        assertThat(again.consistentIndex()).isEqualTo(5);
        assertThat(again.consistentTerm()).isEqualTo(2);
        assertThat(again.pending()).isZero();
        again.applied(6, 2);
        assertThat(again.pending()).as("an index alone is committed too").isEqualTo(1);
    }

    @Test
    void aViewReadsWhileBatchesComeAndGo() {
        backend.put(Bucket.KEY, revision(1), b("1"));
        backend.commit();
        backend.put(Bucket.KEY, revision(2), b("2"));
        View view = backend.view();
        BooleanSupplier gone = backend.viewsGone();
        backend.commit();
        backend.put(Bucket.KEY, revision(3), b("3"));
        backend.delete(Bucket.KEY, revision(1));
        backend.commit();
        assertThat(view.get(Bucket.KEY, revision(1))).isEqualTo(b("1"));
        assertThat(view.get(Bucket.KEY, revision(2))).isEqualTo(b("2"));
        assertThat(gone.getAsBoolean()).isFalse();
        view.close();
        assertThat(gone.getAsBoolean()).isTrue();
        assertThat(backend.get(Bucket.KEY, revision(1))).isNull();
        assertThat(file.readers()).isEqualTo(1);
    }

    @Test
    void aDeletedRevisionIsGoneOnceCommitted() {
        backend.put(Bucket.KEY, revision(1), b("1"));
        backend.delete(Bucket.KEY, revision(1));
        backend.commit();
        assertThat(backend.get(Bucket.KEY, revision(1))).isNull();
    }

    @Test
    void revisionsMustRise() {
        backend.put(Bucket.KEY, revision(2), b("2"));
        assertThatThrownBy(() -> backend.put(Bucket.KEY, revision(2), b("2")))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aFailedCommitIsNotRetried() {
        backend.put(Bucket.META, b("a"), b("1"));
        file.fail();
        assertThatThrownBy(backend::commit).hasMessageContaining("made to fail");
        backend.put(Bucket.META, b("b"), b("1"));
        assertThat(backend.freeze()).isNull();
        assertThat(meta("a")).isEqualTo("1");
    }

    @Test
    void theHashLeavesOutWhatDiffersBetweenMembers() {
        backend.put(Bucket.META, b("confState"), b("{}"));
        backend.commit();
        int hash = backend.hash();
        backend.applied(9, 9);
        backend.put(Bucket.META, b(Meta.STORAGE_VERSION), b("3.6.0"));
        backend.commit();
        assertThat(backend.hash()).isEqualTo(hash);
        backend.put(Bucket.META, b("confState"), b("{ }"));
        backend.commit();
        assertThat(backend.hash()).isNotEqualTo(hash);
    }

    @Test
    void closingCommitsAndWaitsForNobody() {
        backend.put(Bucket.META, b("a"), b("1"));
        View view = backend.view();
        backend.close();
        assertThat(file.commits()).isEqualTo(1);
        assertThat(file.closed()).isFalse();
        view.close();
        assertThat(file.closed()).isTrue();
    }

    @Test
    void aRealFileIsDefragmentedWhileItIsRead() throws IOException {
        Path db = folder.resolve("db");
        Files.writeString(folder.resolve("db.tmp.123"), "left by a crash");
        try (Backend real = Backend.open(Disk.real(), db, Options.DEFAULTS, options())) {
            assertThat(folder.resolve("db.tmp.123")).doesNotExist();
            for (int i = 1; i <= 2000; i++) {
                real.put(Bucket.KEY, revision(i), new byte[1000]);
            }
            real.commit();
            for (int i = 1; i < 2000; i++) {
                real.delete(Bucket.KEY, revision(i));
            }
            real.commit();
            long before = real.size();
            real.put(Bucket.META, b("waits"), b("1"));
            View view = real.view();
            int hash = real.hash();
            real.defrag();
            assertThat(view.get(Bucket.KEY, revision(2000))).hasSize(1000);
            view.close();
            assertThat(real.size()).isLessThan(before / 4);
            assertThat(real.sizeInUse()).isLessThanOrEqualTo(real.size());
            assertThat(real.hash()).isEqualTo(hash);
            assertThat(real.commit()).isTrue();
            assertThat(real.get(Bucket.META, b("waits"))).isEqualTo(b("1"));
        }
        try (Db checked = Db.open(Disk.real(), db, Options.DEFAULTS)) {
            assertThat(checked.check()).isEmpty();
        }
    }

    /** A full disk, before and after the new file has taken the old one's name. */
    @Test
    void aDefragmentationThatFailsLosesNothing() {
        AtomicReference<String> failing = new AtomicReference<>("nothing");
        Disk faulty =
                new ForwardingDisk(Disk.real()) {
                    @Override
                    public DiskFile open(Path path, OpenMode mode) {
                        return new File(super.open(path, mode)) {
                            @Override
                            public void sync() {
                                refuse(path, path.toString().endsWith(".defrag") ? "sync" : "");
                                super.sync();
                            }
                        };
                    }

                    @Override
                    public void rename(Path from, Path to) {
                        super.rename(from, to);
                        failing.compareAndSet("after the rename", "directory");
                    }

                    @Override
                    public void syncDirectory(Path directory) {
                        refuse(directory, "directory");
                        super.syncDirectory(directory);
                    }

                    private void refuse(Path path, String what) {
                        if (what.equals(failing.get())) {
                            throw new DiskException(path, "no space left on device");
                        }
                    }
                };
        Path db = folder.resolve("db");
        Backend real = Backend.open(faulty, db, Options.DEFAULTS, options());
        real.put(Bucket.META, b("a"), b("1"));
        real.commit();
        failing.set("sync");
        assertThatThrownBy(real::defrag).hasMessageContaining("no space left");
        real.put(Bucket.META, b("a"), b("2"));
        assertThat(real.commit()).as("the old file is still in its place").isTrue();
        failing.set("after the rename");
        assertThatThrownBy(real::defrag).hasMessageContaining("no space left");
        real.put(Bucket.META, b("a"), b("3"));
        assertThatThrownBy(real::commit).hasMessageContaining("restart the member");
        real.close();
        try (Backend again = Backend.open(Disk.real(), db, Options.DEFAULTS, options())) {
            assertThat(scan(again, Bucket.META)).containsExactly("a=2");
            assertThat(Disk.real().list(folder)).containsExactly("db");
        }
    }

    @Test
    void aFileOpenedForReadingIsNotWritten() {
        Path db = folder.resolve("db");
        Backend.open(Disk.real(), db, Options.DEFAULTS, options()).close();
        Options reading = Options.DEFAULTS.withReadOnly(true);
        try (Backend real = Backend.open(Disk.real(), db, reading, options())) {
            real.put(Bucket.META, b("a"), b("1"));
            assertThat(real.get(Bucket.META, b("a"))).isEqualTo(b("1"));
            assertThat(real.commit()).isFalse();
        }
        try (Backend real = Backend.open(Disk.real(), db, reading, options())) {
            assertThat(real.get(Bucket.META, b("a"))).isNull();
        }
    }

    @Test
    void aSnapshotIsAWholeFile() throws IOException {
        Path copy = folder.resolve("copy");
        try (Backend real =
                Backend.open(Disk.real(), folder.resolve("db"), Options.DEFAULTS, options())) {
            real.put(Bucket.META, b("a"), b("1"));
            real.commit();
            try (Backend.Snapshot snapshot = real.snapshot()) {
                real.put(Bucket.META, b("b"), b("1"));
                real.commit();
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                snapshot.writeTo(Channels.newChannel(out));
                assertThat(out.size()).isEqualTo((int) snapshot.size());
                Files.write(copy, out.toByteArray());
                ByteBuffer some = ByteBuffer.allocate(100);
                snapshot.read(4000, some);
                assertThat(some.array())
                        .isEqualTo(java.util.Arrays.copyOfRange(out.toByteArray(), 4000, 4100));
            }
        }
        try (Backend again = Backend.open(Disk.real(), copy, Options.DEFAULTS, options())) {
            assertThat(scan(again, Bucket.META)).containsExactly("a=1");
        }
    }
}
