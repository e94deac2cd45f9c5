package io.jarnetes.etcd.server;

import io.jarnetes.etcd.server.apply.ApplyResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for which proposal. Any thread waits; the apply thread tells; answers are given on the
 * executor that the waiter named, a batch of entries in one hop.
 */
final class Proposals {
    /** How many may wait, on their way through raft and to the applier. */
    static final int MAX_WAITING = 10_000;

    /** With how much data. */
    static final long MAX_WAITING_BYTES = 128L << 20;

    private record Waiter(
            CompletableFuture<ApplyResult> future, Executor where, long atNanos, int bytes) {}

    private record Answer(CompletableFuture<ApplyResult> future, ApplyResult result) {}

    private final Map<Long, Waiter> waiters = new ConcurrentHashMap<>();
    private final Map<Executor, List<Answer>> answers = new HashMap<>();
    private final AtomicLong waitingBytes = new AtomicLong();
    private final long timeoutNanos;

    Proposals(long timeoutNanos) {
        this.timeoutNanos = timeoutNanos;
    }

    int pending() {
        return waiters.size();
    }

    /**
     * Whether another may come; if not it is to be refused, for nothing here queues without end.
     */
    boolean hasRoom() {
        return waiters.size() < MAX_WAITING && waitingBytes.get() < MAX_WAITING_BYTES;
    }

    /**
     * Waits for a proposal.
     *
     * @param bytes of its data
     */
    CompletableFuture<ApplyResult> register(long id, int bytes, Executor where) {
        CompletableFuture<ApplyResult> future = new CompletableFuture<>();
        waitingBytes.addAndGet(bytes);
        waiters.put(id, new Waiter(future, where, System.nanoTime() + timeoutNanos, bytes));
        return future;
    }

    private @Nullable Waiter take(long id) {
        Waiter waiter = waiters.remove(id);
        if (waiter != null) {
            waitingBytes.addAndGet(-waiter.bytes());
        }
        return waiter;
    }

    /** Notes the answer; it is given by the next {@link #flush}. Apply thread. */
    void done(long id, ApplyResult result) {
        Waiter waiter = take(id);
        if (waiter != null) {
            answers.computeIfAbsent(waiter.where(), w -> new ArrayList<>())
                    .add(new Answer(waiter.future(), result));
        }
    }

    /** Gives the answers. Apply thread. */
    void flush() {
        if (answers.isEmpty()) {
            return;
        }
        answers.forEach((where, batch) ->
                where.execute(() -> batch.forEach(a -> a.future().complete(a.result()))));
        answers.clear();
    }

    /**
     * Fails those who have waited too long. Looks at all who wait: a queue of deadlines would keep
     * what is long answered, seconds of it.
     *
     * @param reason by the {@link System#nanoTime} at which one began to wait
     */
    int expire(LongFunction<RuntimeException> reason) {
        long now = System.nanoTime();
        int failed = 0;
        for (Map.Entry<Long, Waiter> waiter : waiters.entrySet()) {
            long until = waiter.getValue().atNanos();
            if (until - now <= 0) {
                failed += fail(waiter.getKey(), reason.apply(until - timeoutNanos)) ? 1 : 0;
            }
        }
        return failed;
    }

    boolean fail(long id, RuntimeException reason) {
        Waiter waiter = take(id);
        if (waiter == null) {
            return false;
        }
        waiter.where().execute(() -> waiter.future().completeExceptionally(reason));
        return true;
    }

    void failAll(RuntimeException reason) {
        for (Long id : List.copyOf(waiters.keySet())) {
            Waiter waiter = take(id);
            if (waiter != null) {
                waiter.future().completeExceptionally(reason);
            }
        }
    }
}
