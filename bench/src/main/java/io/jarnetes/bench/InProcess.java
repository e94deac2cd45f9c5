package io.jarnetes.bench;

import io.jarnetes.etcd.storage.backend.Backend;
import io.jarnetes.etcd.storage.backend.BackendOptions;
import io.jarnetes.etcd.storage.bbolt.Options;
import io.jarnetes.etcd.storage.disk.Disk;
import io.jarnetes.etcd.storage.lease.Lessor;
import io.jarnetes.etcd.storage.mvcc.KeyRange;
import io.jarnetes.etcd.storage.mvcc.Mvcc;
import io.jarnetes.etcd.storage.mvcc.RangeOptions;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** The stores without network and Raft. */
final class InProcess {
    private static final int ROUNDS = 3;
    private static final int WRITERS = 1000;
    private static final long WARM_MILLIS = 8_000;
    private static final long MEASURE_MILLIS = 3_000;

    private final Figures figures;
    private final Path work;

    InProcess(Figures figures, Path work) {
        this.figures = figures;
        this.work = work;
    }

    void run() throws IOException, InterruptedException {
        Files.createDirectories(work);
        try (DurablePuts puts = new DurablePuts(work, WRITERS)) {
            Progress.say("puts of " + WRITERS + " writers, each synced in the log");
            puts.count(WARM_MILLIS);
            for (int round = 0; round < ROUNDS; round++) {
                double rate = puts.count(MEASURE_MILLIS) * 1e3 / MEASURE_MILLIS;
                figures.add("storage.process.put", "/s", true, rate);
            }
            puts.pause();
            Progress.say("gets of one thread");
            reads(puts.mvcc(), WARM_MILLIS);
            for (int round = 0; round < ROUNDS; round++) {
                figures.add(
                        "storage.process.get",
                        "/s of a core",
                        true,
                        reads(puts.mvcc(), MEASURE_MILLIS));
            }
        }
    }

    /** Reads random keys on this thread for a while; how many in a second of its CPU time. */
    private static double reads(Mvcc mvcc, long millis) {
        SplittableRandom random = new SplittableRandom(3);
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        long count = 0;
        while (System.nanoTime() < end) {
            for (int i = 0; i < 100; i++) {
                KeyRange key = KeyRange.of(Workload.key(random).toByteArray());
                if (mvcc.range(key, RangeOptions.LATEST).kvs().size() != 1) {
                    throw new IllegalStateException("a key is not there");
                }
                count++;
            }
        }
        return count * 1e9 / (threads.getCurrentThreadCpuTime() - start);
    }

    /** What the heap holds for each key of a large db more than the key. */
    void indexBytes(Path db) {
        Backend backend =
                Backend.open(Disk.real(), db, Options.DEFAULTS, BackendOptions.defaults());
        long before = heapBytes();
        Mvcc mvcc = Mvcc.open(backend, Lessor.open(backend, 1, System::nanoTime));
        long after = heapBytes();
        long keys = mvcc.keys();
        figures.add(
                "storage.index",
                "bytes a key",
                true,
                (after - before) / (double) keys - Long.BYTES);
        backend.close();
    }

    private static long heapBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
