package io.jarnetes.etcd.storage.mvcc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.etcd.storage.backend.Backend;
import io.jarnetes.etcd.storage.backend.BackendOptions;
import io.jarnetes.etcd.storage.bbolt.Db;
import io.jarnetes.etcd.storage.bbolt.Options;
import io.jarnetes.etcd.storage.disk.Disk;
import io.jarnetes.etcd.storage.lease.Lessor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Readers, watchers, compaction, commits and a defragmentation beside a writer, on a real file.
 * Every revision writes its own number to two keys, so that any reader can tell whether it sees one
 * state.
 */
class MvccStressTest {
    private static final int REVISIONS = 6000;
    private static final KeyRange PAIR = KeyRange.prefix("pair/".getBytes(UTF_8));

    @TempDir Path folder;
    private volatile boolean done;

    private static byte[] b(String text) {
        return text.getBytes(UTF_8);
    }

    @Test
    void readersSeeOneStateAndWatchersSeeAll()
            throws InterruptedException, ExecutionException, TimeoutException {
        Path path = folder.resolve("db");
        Queue<Long> seen = new ConcurrentLinkedQueue<>();
        try (Backend backend =
                        Backend.open(
                                Disk.real(),
                                path,
                                Options.DEFAULTS.withNoSync(true),
                                new BackendOptions(
                                        2_000_000, 200, System::nanoTime, () -> Long.MAX_VALUE));
                ExecutorService threads = Executors.newFixedThreadPool(5)) {
            Mvcc store = Mvcc.open(backend, Lessor.open(backend, 1, System::nanoTime));
            List<Future<?>> work = new ArrayList<>();
            work.add(threads.submit(() -> read(store, 1)));
            work.add(threads.submit(() -> read(store, 2)));
            work.add(threads.submit(() -> compact(store)));
            work.add(threads.submit(() -> sync(store)));
            store.newWatchStream(response -> take(response, seen))
                    .watch(0, KeyRange.of(b("pair/a")), 2, Set.of());
            write(store, backend, threads);
            done = true;
            for (Future<?> each : work) {
                each.get(20, TimeUnit.SECONDS);
            }
            while (store.syncWatchers()) {}
            assertThat(store.check()).isEmpty();
            assertThat(List.copyOf(seen)).hasSize(REVISIONS).isSorted();
        }
        try (Db db = Db.open(Disk.real(), path, Options.DEFAULTS)) {
            assertThat(db.check()).isEmpty();
        }
    }

    private static boolean take(WatchResponse response, Queue<Long> seen) {
        response.events().forEach(event -> seen.add(event.kv().modRevision()));
        return true;
    }

    private void write(Mvcc store, Backend backend, ExecutorService threads)
            throws InterruptedException, ExecutionException {
        Random random = new Random(3);
        Future<?> commit = threads.submit(() -> {});
        for (int i = 0; i < REVISIONS; i++) {
            try (WriteTxn txn = store.write()) {
                byte[] value = b("" + (txn.revision() + 1));
                txn.put(b("pair/a"), value, 0);
                byte[] other = b("other/" + random.nextInt(500));
                if (random.nextInt(4) == 0) {
                    txn.deleteRange(KeyRange.of(other));
                } else {
                    txn.put(other, value, 0);
                }
                txn.put(b("pair/b"), value, 0);
            }
            if (i % 1000 == 999) {
                store.compact(store.revision() - random.nextInt(300));
            }
            if (backend.commitDue(System.nanoTime())) {
                Backend.Commit frozen = backend.freeze();
                if (frozen != null) {
                    commit.get();
                    commit = threads.submit(frozen::run);
                }
            }
            if (i == REVISIONS / 2) {
                backend.defrag();
            }
        }
        commit.get();
        backend.commit();
    }

    private void read(Mvcc store, int seed) {
        Random random = new Random(seed);
        while (!done) {
            long current = store.revision();
            long at = random.nextBoolean() ? 0 : Math.max(2, current - random.nextInt(200));
            try {
                RangeResult found = store.range(PAIR, RangeOptions.at(at));
                if (found.kvs().isEmpty()) {
                    assertThat(current).isEqualTo(1);
                    continue;
                }
                long expected = at == 0 ? found.revision() : at;
                for (KeyValue kv : found.kvs()) {
                    assertThat(kv.modRevision()).isEqualTo(expected);
                    assertThat(new String(kv.value(), UTF_8)).isEqualTo("" + expected);
                }
                assertThat(store.range(KeyRange.all(), RangeOptions.LATEST).count())
                        .isLessThan(503);
            } catch (MvccException e) {
                assertThat(e.code())
                        .isIn(MvccException.Code.COMPACTED, MvccException.Code.FUTURE_REVISION);
            }
        }
    }

    private void compact(Mvcc store) {
        while (!done) {
            if (!store.compactStep()) {
                Thread.onSpinWait();
            }
        }
    }

    private void sync(Mvcc store) {
        while (!done) {
            store.syncWatchers();
            store.syncVictims();
        }
    }
}
