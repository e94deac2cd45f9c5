package io.jarnetes.etcd.storage.mvcc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.etcd.storage.backend.Backend;
import io.jarnetes.etcd.storage.backend.BackendOptions;
import io.jarnetes.etcd.storage.bbolt.Options;
import io.jarnetes.etcd.storage.disk.Disk;
import io.jarnetes.etcd.storage.disk.ObservedDisk;
import io.jarnetes.etcd.storage.lease.Lessor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads beside a commit that hangs in its sync, an open transaction, a defragmentation. */
class ReadsNeverWaitTest {
    private static final int READERS = 4;
    private static final long BOUND_SECONDS = 30;

    @TempDir Path folder;
    private final ObservedDisk disk = new ObservedDisk(Disk.real());

    private static byte[] b(String text) {
        return text.getBytes(UTF_8);
    }

    private static long found(ReadTxn txn) {
        return txn.range(KeyRange.all(), RangeOptions.LATEST).count();
    }

    @Test
    void readsGoOnWhileACommitHangs() throws Exception {
        try (Backend backend =
                        Backend.open(
                                disk,
                                folder.resolve("db"),
                                Options.DEFAULTS,
                                BackendOptions.defaults());
                ExecutorService threads = Executors.newFixedThreadPool(READERS + 1)) {
            Mvcc store = Mvcc.open(backend, Lessor.open(backend, 1, () -> 0));
            for (int i = 0; i < 100; i++) {
                store.put(b("k" + i), b("v"), 0);
            }
            backend.commit();
            store.put(b("waits"), b("v"), 0);

            CountDownLatch inSync = new CountDownLatch(1);
            CountDownLatch goOn = new CountDownLatch(1);
            disk.beforeSync(path -> {
                inSync.countDown();
                await(goOn);
            });
            Backend.Commit hanging = Objects.requireNonNull(backend.freeze());
            Future<?> commit = threads.submit(hanging::run);
            assertThat(inSync.await(BOUND_SECONDS, TimeUnit.SECONDS)).isTrue();

            // Changes go on, and a transaction is open: its changes do not show.
            store.put(b("later"), b("v"), 0);
            WriteTxn open = store.write();
            open.put(b("open"), b("v"), 0);
            readTogether(store, threads);
            assertThat(store.hashByRev(0).revision()).isEqualTo(store.revision());
            List<WatchResponse> events = new ArrayList<>();
            store.newWatchStream(events::add).watch(0, KeyRange.all(), 2, Set.of());
            while (store.syncWatchers()) {}
            assertThat(events).isNotEmpty();
            open.close();
            assertThat(commit).isNotDone();
            goOn.countDown();
            commit.get(BOUND_SECONDS, TimeUnit.SECONDS);
            assertThat(store.check()).isEmpty();
        }
    }

    @Test
    void readsGoOnWhileADefragmentationHangs() throws Exception {
        try (Backend backend =
                        Backend.open(
                                disk,
                                folder.resolve("db"),
                                Options.DEFAULTS,
                                BackendOptions.defaults());
                ExecutorService threads = Executors.newFixedThreadPool(READERS + 1)) {
            Mvcc store = Mvcc.open(backend, Lessor.open(backend, 1, () -> 0));
            for (int i = 0; i < 101; i++) {
                store.put(b("k" + i), b("v"), 0);
            }
            backend.commit();
            CountDownLatch inSync = new CountDownLatch(1);
            CountDownLatch goOn = new CountDownLatch(1);
            disk.beforeSync(path -> {
                inSync.countDown();
                await(goOn);
            });
            Future<?> defrag = threads.submit(backend::defrag);
            assertThat(inSync.await(BOUND_SECONDS, TimeUnit.SECONDS)).isTrue();
            store.put(b("later"), b("v"), 0);
            readTogether(store, threads);
            assertThat(defrag).isNotDone();
            goOn.countDown();
            defrag.get(BOUND_SECONDS, TimeUnit.SECONDS);
            assertThat(store.check()).isEmpty();
            backend.commit();
        }
    }

    /** Readers that each wait, within their view, until all others are in theirs. */
    private static void readTogether(Mvcc store, ExecutorService threads) throws Exception {
        CyclicBarrier together = new CyclicBarrier(READERS);
        List<Future<Long>> counts = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            counts.add(
                    threads.submit(() -> {
                        try (ReadTxn txn = store.read()) {
                            long count = found(txn);
                            together.await(BOUND_SECONDS, TimeUnit.SECONDS);
                            return count;
                        }
                    }));
        }
        for (Future<Long> count : counts) {
            assertThat(count.get(BOUND_SECONDS, TimeUnit.SECONDS)).isEqualTo(102);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(BOUND_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("nobody let the sync go on");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
