package io.jarnetes.apiserver.server.storage;

import io.jarnetes.base.log.Log;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one etcd watch of an apiserver, over everything below its prefix, shared by all cachers.
 *
 * <p>Invariant: when {@link #revision} is R, every event of a revision up to R has been handed to
 * the sink that is attached to its key, so a cacher is as fresh as the feed, and one progress
 * request serves all.
 *
 * <p>Threads: one virtual thread hands out events and runs {@link #execute}'s tasks; anybody may
 * wait for a revision.
 */
final class EtcdFeed implements AutoCloseable {

    /** Takes the events of one resource, on the feed's thread. */
    interface Sink {
        void onEvents(List<EtcdKv.Event> events);

        /** Events may have been lost: what is cached is worthless. */
        void onReset();
    }

    private static final long PROGRESS_INTERVAL_MILLIS = 100;
    private static final long IDLE_PROGRESS_SECONDS = 20;
    private static final long RETRY_MILLIS = 500;

    private final EtcdKv kv;
    private final String prefix;
    private final Log log;
    private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final TreeMap<String, Sink> sinks = new TreeMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition advanced = lock.newCondition();
    private volatile long revision;
    private volatile boolean closed;
    private EtcdKv.@Nullable Watch watch;
    private int generation;
    private long progressAskedNanos;
    private @Nullable Thread thread;

    /**
     * @param prefix such as {@code /registry/}
     */
    EtcdFeed(EtcdKv kv, String prefix, Log log) {
        this.kv = kv;
        this.prefix = prefix;
        this.log = log;
    }

    void start() {
        revision = kv.revision();
        openWatch();
        thread = Thread.ofVirtual().name("etcd-feed").start(this::run);
    }

    long revision() {
        return revision;
    }

    /** Runs a task between two batches; its failure is the future's. */
    <T> CompletableFuture<T> execute(Supplier<T> task) {
        CompletableFuture<T> done = new CompletableFuture<>();
        tasks.add(() -> {
            try {
                done.complete(task.get());
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        return done;
    }

    /** From now on events of keys with this prefix, which ends in a slash, go to the sink. */
    void attach(String keyPrefix, Sink sink) {
        execute(() -> sinks.put(keyPrefix, sink)).join();
    }

    void detach(String keyPrefix) {
        execute(() -> sinks.remove(keyPrefix)).join();
    }

    /**
     * Waits until everything up to a revision has been handed out.
     *
     * @throws StorageException TOO_LARGE_REVISION when that does not happen in time
     */
    void awaitRevision(long wanted, Duration atMost) {
        if (revision >= wanted) {
            return;
        }
        long deadline = System.nanoTime() + atMost.toNanos();
        while (revision < wanted) {
            long left = deadline - System.nanoTime();
            if (left <= 0 || closed) {
                throw new StorageException(
                        StorageException.Kind.TOO_LARGE_REVISION,
                        "Too large resource version: " + wanted + ", current: " + revision);
            }
            askForProgress();
            awaitAdvance(wanted, Math.min(left, TimeUnit.MILLISECONDS.toNanos(50)));
        }
    }

    private void awaitAdvance(long wanted, long nanos) {
        lock.lock();
        try {
            if (revision < wanted) {
                advanced.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StorageException(
                    StorageException.Kind.TIMEOUT, "interrupted while waiting for etcd", e);
        } finally {
            lock.unlock();
        }
    }

    private void askForProgress() {
        lock.lock();
        try {
            long now = System.nanoTime();
            long since = now - progressAskedNanos;
            if (progressAskedNanos != 0
                    && since < TimeUnit.MILLISECONDS.toNanos(PROGRESS_INTERVAL_MILLIS)) {
                return;
            }
            progressAskedNanos = now;
        } finally {
            lock.unlock();
        }
        kv.requestProgress();
    }

    private void run() {
        while (!closed) {
            try {
                Runnable task = tasks.poll(IDLE_PROGRESS_SECONDS, TimeUnit.SECONDS);
                if (task == null) {
                    kv.requestProgress();
                } else {
                    task.run();
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                log.error("a change from etcd could not be handed on", "err", e);
            }
        }
    }

    private void openWatch() {
        int mine = ++generation;
        watch =
                kv.watch(
                        prefix,
                        revision + 1,
                        new EtcdKv.Listener() {
                            @Override
                            public void onBatch(EtcdKv.Batch batch) {
                                tasks.add(() -> handOut(batch, mine));
                            }

                            @Override
                            public void onFailure(StorageException failure) {
                                tasks.add(() -> reopen(failure, mine));
                            }
                        });
    }

    private void handOut(EtcdKv.Batch batch, int from) {
        if (from != generation) {
            return;
        }
        List<EtcdKv.Event> events = batch.events();
        int start = 0;
        while (start < events.size()) {
            Sink sink = sinkOf(events.get(start));
            int end = start + 1;
            while (end < events.size() && sinkOf(events.get(end)) == sink) {
                end++;
            }
            if (sink != null) {
                sink.onEvents(events.subList(start, end));
            }
            start = end;
        }
        advance(batch.revision());
    }

    private @Nullable Sink sinkOf(EtcdKv.Event event) {
        String key = event.kv().key();
        var candidate = sinks.floorEntry(key);
        return candidate != null && key.startsWith(candidate.getKey())
                ? candidate.getValue()
                : null;
    }

    private void advance(long to) {
        if (to <= revision) {
            return;
        }
        lock.lock();
        try {
            revision = to;
            advanced.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The watch ended for good: whatever came meanwhile is unknown, so all caches start anew. */
    private void reopen(StorageException failure, int from) {
        if (from != generation || closed) {
            return;
        }
        log.warn("the watch of etcd ended, all caches start anew", "err", failure.getMessage());
        List.copyOf(sinks.values()).forEach(Sink::onReset);
        while (!closed) {
            try {
                advance(kv.revision());
                openWatch();
                return;
            } catch (StorageException e) {
                try {
                    Thread.sleep(RETRY_MILLIS);
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        if (watch != null) {
            watch.close();
        }
        if (thread != null) {
            thread.interrupt();
        }
    }
}
