package io.jarnetes.etcd.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.base.Eventually;
import io.jarnetes.base.log.Log;
import io.jarnetes.etcd.raft.ConfState;
import io.jarnetes.etcd.raft.Config;
import io.jarnetes.etcd.raft.Entry;
import io.jarnetes.etcd.raft.HardState;
import io.jarnetes.etcd.raft.MemoryStorage;
import io.jarnetes.etcd.raft.Message;
import io.jarnetes.etcd.raft.RawNode;
import io.jarnetes.etcd.raft.ReadState;
import io.jarnetes.etcd.raft.Snapshot;
import io.jarnetes.etcd.raft.SnapshotMetadata;
import io.jarnetes.etcd.raft.SoftState;
import io.jarnetes.etcd.server.driver.AppliedWaits;
import io.jarnetes.etcd.server.driver.DriverEvents;
import io.jarnetes.etcd.server.driver.DurableLog;
import io.jarnetes.etcd.server.driver.RaftDriver;
import io.jarnetes.etcd.server.driver.ReadIndexer;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The raft thread of a lone member, whose disk waits or fails when it is told to. */
final class RaftLoopTest {
    private static final long WAIT_SECONDS = 20;
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final Disk disk = new Disk();
    private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
    private final Applied applier = new Applied();
    private final RaftDriver driver = driver();
    private final ReadIndexer reads =
            new ReadIndexer(
                    driver.node(),
                    applier.waits,
                    this::wake,
                    1,
                    5,
                    50,
                    new IllegalStateException("timed out"));
    private RaftLoop loop = loop(TICK_NANOS);

    private RaftLoop loop(long tickNanos) {
        return new RaftLoop(
                "test-raft",
                driver,
                reads,
                tickNanos,
                Long.MAX_VALUE,
                () -> {},
                failure::complete,
                Log.none());
    }

    private void wake() {
        loop.wake();
    }

    private RaftDriver driver() {
        MemoryStorage storage = new MemoryStorage();
        storage.applySnapshot(
                new Snapshot(
                        new byte[0], new SnapshotMetadata(ConfState.ofVoters(List.of(1L)), 1, 1)));
        storage.setHardState(new HardState(1, 0, 1));
        RawNode node = new RawNode(Config.builder(1, storage, new Random(1)).applied(1).build());
        return new RaftDriver(node, storage, disk, messages -> {}, applier, 50);
    }

    @AfterEach
    void stop() {
        disk.open.countDown();
        loop.stop();
    }

    private void lead() {
        loop.start();
        loop.execute(() -> driver.node().campaign());
        applier.await(1);
    }

    /** What comes in while the disk is busy shares the next sync. */
    @Test
    void whatComesDuringASyncSharesTheNext() throws Exception {
        lead();
        disk.block();
        loop.execute(() -> driver.propose(data("first")));
        assertThat(disk.entered.await(WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        int before = disk.saves.get();
        for (int i = 0; i < 200; i++) {
            String text = "p" + i;
            loop.execute(() -> driver.propose(data(text)));
        }
        disk.open.countDown();
        applier.await(202);
        assertThat(disk.saves.get() - before).as("the first, and one for all others").isEqualTo(2);
    }

    /** It comes when nobody sleeps, and isn't put off to the next tick. */
    @Test
    void aReadThatComesDuringAWriteIsAnsweredAfterIt() throws Exception {
        loop = loop(TimeUnit.HOURS.toNanos(1));
        applier.reads = reads;
        lead();
        disk.block();
        loop.execute(() -> driver.propose(data("first")));
        assertThat(disk.entered.await(WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Void> read = reads.await();
        disk.open.countDown();
        assertThat(read.get(WAIT_SECONDS, TimeUnit.SECONDS)).isNull();
    }

    /** The loop ends, says why, and applies nothing of what it could not write. */
    @Test
    void aFailedWriteEndsTheLoop() throws Exception {
        lead();
        disk.failing = true;
        loop.execute(() -> driver.propose(data("lost")));
        assertThat(failure.get(WAIT_SECONDS, TimeUnit.SECONDS)).hasMessage("the disk is broken");
        loop.stop();
        assertThat(applier.count.get()).isEqualTo(1);
        int saves = disk.saves.get();
        loop.execute(() -> driver.propose(data("more")));
        assertThat(disk.saves.get()).isEqualTo(saves);
    }

    private static byte[] data(String text) {
        return text.getBytes(UTF_8);
    }

    private static final class Disk implements DurableLog {
        final AtomicInteger saves = new AtomicInteger();
        final CountDownLatch entered = new CountDownLatch(1);
        final CountDownLatch open = new CountDownLatch(1);
        private volatile boolean blocked;
        volatile boolean failing;

        void block() {
            blocked = true;
        }

        @Override
        public void save(HardState state, List<Entry> entries) {
            if (entries.isEmpty()) {
                return;
            }
            if (failing) {
                throw new IllegalStateException("the disk is broken");
            }
            if (blocked) {
                entered.countDown();
                awaitOpen();
            }
            saves.incrementAndGet();
        }

        private void awaitOpen() {
            try {
                assertThat(open.await(WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
                blocked = false;
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void sync() {}

        @Override
        public void saveSnapshot(Snapshot snapshot) {}

        @Override
        public void release(long index) {}

        @Override
        public void close() {}
    }

    private static final class Applied implements DriverEvents {
        final AtomicInteger count = new AtomicInteger();
        final AppliedWaits waits = new AppliedWaits(0);
        volatile @Nullable ReadIndexer reads;

        /** Waits until so many entries were handed out. */
        void await(int entries) {
            Eventually.until(entries + " entries are handed out", () -> count.get() >= entries);
        }

        @Override
        public void committed(List<Entry> entries) {
            count.addAndGet(entries.size());
            waits.advance(entries.getLast().index());
        }

        @Override
        public void softState(SoftState state) {}

        @Override
        public void snapshotSaved(Snapshot snapshot) {}

        @Override
        public void readStates(List<ReadState> states) {
            ReadIndexer indexer = reads;
            if (indexer != null) {
                states.forEach(indexer::answered);
            }
        }

        @Override
        public void snapshotWanted(Message message) {}
    }
}
