package io.jarnetes.etcd.server;

import io.jarnetes.base.log.Log;
import io.jarnetes.etcd.server.apply.Stores;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Removes what a compaction made unreadable, batch after batch with a rest in between. One step at
 * a time, on the background pool.
 */
final class Compactor {
    private static final long RETRY_MILLIS = 10;

    private final Stores stores;
    private final EtcdRuntime runtime;
    private final long restMillis;
    private final Consumer<Throwable> onFailure;
    private final Log log;
    private final AtomicBoolean running = new AtomicBoolean();
    private final List<Wait> waits = new ArrayList<>();
    private volatile boolean closed;
    private long startedNanos;

    private record Wait(long revision, CompletableFuture<Void> future) {}

    Compactor(
            Stores stores,
            EtcdRuntime runtime,
            long restMillis,
            Consumer<Throwable> onFailure,
            Log log) {
        this.stores = stores;
        this.runtime = runtime;
        this.restMillis = restMillis;
        this.onFailure = onFailure;
        this.log = log;
    }

    /** Starts, unless it runs; a compaction that was left unfinished goes on too. */
    void start() {
        if (!closed && running.compareAndSet(false, true)) {
            startedNanos = System.nanoTime();
            runtime.background().execute(this::step);
        }
    }

    private void step() {
        try {
            boolean more = !closed && stores.mvcc().compactStep();
            answer();
            if (more) {
                runtime.loops()
                        .schedule(
                                () -> runtime.background().execute(this::step),
                                restMillis,
                                TimeUnit.MILLISECONDS);
            } else {
                running.set(false);
                finished();
            }
        } catch (RuntimeException | Error e) {
            onFailure.accept(e);
        }
    }

    private void finished() {
        long revision = stores.mvcc().finishedCompactRevision();
        if (revision >= 0 && !closed) {
            log.info(
                    "finished scheduled compaction",
                    "compact-revision",
                    revision,
                    "took",
                    java.time.Duration.ofNanos(System.nanoTime() - startedNanos));
        }
        if (stores.mvcc().compactRevision() > revision && !closed) {
            // Another one was asked for while the last step ran.
            start();
        }
    }

    /** Completes when everything below {@code revision} is gone, and that is committed. */
    CompletableFuture<Void> when(long revision) {
        CompletableFuture<Void> future = new CompletableFuture<>();
        synchronized (waits) {
            waits.add(new Wait(revision, future));
        }
        start();
        poll(future);
        return future;
    }

    private void poll(CompletableFuture<Void> future) {
        answer();
        if (!future.isDone() && !closed) {
            runtime.loops().schedule(() -> poll(future), RETRY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void answer() {
        long finished = stores.mvcc().finishedCompactRevision();
        List<Wait> done = new ArrayList<>();
        synchronized (waits) {
            waits.removeIf(wait -> {
                boolean ready = wait.revision() <= finished;
                if (ready) {
                    done.add(wait);
                }
                return ready;
            });
        }
        if (!done.isEmpty()) {
            stores.backend().requestCommit();
            done.forEach(wait -> wait.future().complete(null));
        }
    }

    void close() {
        closed = true;
    }
}
