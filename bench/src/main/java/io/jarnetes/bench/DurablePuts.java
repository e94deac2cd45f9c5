package io.jarnetes.bench;

import io.jarnetes.etcd.raft.Entry;
import io.jarnetes.etcd.raft.EntryType;
import io.jarnetes.etcd.raft.HardState;
import io.jarnetes.etcd.storage.backend.Backend;
import io.jarnetes.etcd.storage.backend.BackendOptions;
import io.jarnetes.etcd.storage.bbolt.Options;
import io.jarnetes.etcd.storage.disk.Disk;
import io.jarnetes.etcd.storage.lease.Lessor;
import io.jarnetes.etcd.storage.mvcc.Mvcc;
import io.jarnetes.etcd.storage.wal.Wal;
import io.jarnetes.etcd.storage.wal.WalOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Writers that each wait for their put: appended to the log with all that came meanwhile, one sync
 * a batch, then applied in order by one thread and answered. The db is committed beside, by etcd's
 * rules.
 */
final class DurablePuts implements AutoCloseable {
    private static final int TERM = 1;

    private static final class Put {
        private final Thread writer = Thread.currentThread();
        private final byte[] key;
        private final byte[] value;
        private volatile boolean done;

        Put(byte[] key, byte[] value) {
            this.key = key;
            this.value = value;
        }
    }

    private final Wal wal;
    private final Backend backend;
    private final Mvcc mvcc;
    private final ConcurrentLinkedQueue<Put> inbox = new ConcurrentLinkedQueue<>();
    private final LinkedBlockingQueue<List<Put>> synced = new LinkedBlockingQueue<>();
    private final ExecutorService commits = Executors.newSingleThreadExecutor();
    private final AtomicLong answered = new AtomicLong();
    private final List<Thread> writers = new ArrayList<>();
    private final Thread applyThread;
    private final byte[] value = Workload.value(new SplittableRandom(1), 256).toByteArray();
    private final Thread walThread;
    private volatile long syncedIndex;
    private volatile boolean writing = true;
    private volatile boolean stopping;
    private long applied;

    DurablePuts(Path work, int writerCount) {
        Disk disk = Disk.real();
        wal = Wal.create(disk, work.resolve("wal"), new byte[0], WalOptions.DEFAULTS);
        backend =
                Backend.open(
                        disk,
                        work.resolve("db"),
                        Options.DEFAULTS,
                        BackendOptions.defaults(() -> syncedIndex));
        mvcc = Mvcc.open(backend, Lessor.open(backend, 1, System::nanoTime));
        for (int i = 0; i < Workload.KEYS; i++) {
            mvcc.put(Workload.key(i).toByteArray(), value, 0);
        }
        backend.commit();
        walThread = Thread.ofPlatform().start(this::append);
        applyThread = Thread.ofPlatform().start(this::apply);
        for (int i = 0; i < writerCount; i++) {
            SplittableRandom random = new SplittableRandom(i);
            writers.add(Thread.ofVirtual().start(() -> write(random)));
        }
    }

    Mvcc mvcc() {
        return mvcc;
    }

    /** How many puts are answered within so many milliseconds. */
    long count(long millis) throws InterruptedException {
        long before = answered.get();
        TimeUnit.MILLISECONDS.sleep(millis);
        return answered.get() - before;
    }

    private void write(SplittableRandom random) {
        while (writing) {
            Put put = new Put(Workload.key(random).toByteArray(), value);
            inbox.add(put);
            LockSupport.unpark(walThread);
            while (!put.done) {
                LockSupport.park(this);
            }
        }
    }

    private void append() {
        long index = 0;
        while (!stopping || !inbox.isEmpty()) {
            List<Put> batch = new ArrayList<>();
            List<Entry> entries = new ArrayList<>();
            for (Put put = inbox.poll(); put != null; put = inbox.poll()) {
                batch.add(put);
                byte[] data = new byte[put.key.length + put.value.length];
                System.arraycopy(put.key, 0, data, 0, put.key.length);
                System.arraycopy(put.value, 0, data, put.key.length, put.value.length);
                entries.add(new Entry(EntryType.NORMAL, TERM, ++index, data));
            }
            if (batch.isEmpty()) {
                LockSupport.parkNanos(this, 1_000_000);
                continue;
            }
            wal.save(new HardState(TERM, 1, index), entries);
            syncedIndex = index;
            synced.add(batch);
        }
    }

    private void apply() {
        try {
            while (!stopping || answered.get() < syncedIndex) {
                List<Put> batch = synced.poll(10, TimeUnit.MILLISECONDS);
                if (batch != null) {
                    for (Put put : batch) {
                        mvcc.put(put.key, put.value, 0);
                        backend.applied(++applied, TERM);
                    }
                    for (Put put : batch) {
                        put.done = true;
                        LockSupport.unpark(put.writer);
                    }
                    answered.addAndGet(batch.size());
                }
                commitIfDue();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void commitIfDue() {
        if (backend.commitDue(System.nanoTime())) {
            Backend.Commit commit = backend.freeze();
            if (commit != null) {
                commits.execute(commit::run);
            }
        }
    }

    /** Ends the puts. */
    void pause() throws InterruptedException {
        writing = false;
        for (Thread writer : writers) {
            writer.join();
        }
        stopping = true;
        walThread.join();
        applyThread.join();
        commits.shutdown();
        commits.awaitTermination(1, TimeUnit.MINUTES);
        backend.commit();
    }

    @Override
    public void close() throws InterruptedException {
        pause();
        backend.close();
        wal.close();
    }
}
