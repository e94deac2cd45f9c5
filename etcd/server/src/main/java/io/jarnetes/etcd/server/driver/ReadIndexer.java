package io.jarnetes.etcd.server.driver;

import io.jarnetes.etcd.raft.RawNode;
import io.jarnetes.etcd.raft.ReadState;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Linearizable reads without a disk write: all reads that come while one question is under way
 * share the next one (thesis §6.4, ReadIndex). {@link #await} is for any thread, the rest for the
 * driver's.
 */
public final class ReadIndexer {
    private final RawNode node;
    private final AppliedWaits applied;
    private final Runnable wake;
    private final int retryTicks;
    private final int timeoutTicks;
    private final RuntimeException timeout;
    private final AtomicReference<Batch> collecting = new AtomicReference<>(new Batch());
    private long lastContext;
    private long now;
    private @Nullable Batch asking;

    private static final class Batch {
        final CompletableFuture<Void> future = new CompletableFuture<>();
        final Map<Executor, CompletableFuture<Void>> elsewhere = new ConcurrentHashMap<>();
        final AtomicBoolean wanted = new AtomicBoolean();
        long context;
        long askedAtTick;
        long beganAtTick;
    }

    /**
     * @param firstContext distinguishes this member's questions from those of others and of its own
     *     earlier lives
     * @param wake makes the driver's thread call {@link #poll}; called from any thread
     * @param timeout what reads fail with that get no answer within {@code timeoutTicks}
     */
    public ReadIndexer(
            RawNode node,
            AppliedWaits applied,
            Runnable wake,
            long firstContext,
            int retryTicks,
            int timeoutTicks,
            RuntimeException timeout) {
        this.node = node;
        this.applied = applied;
        this.wake = wake;
        this.lastContext = firstContext;
        this.retryTicks = retryTicks;
        this.timeoutTicks = timeoutTicks;
        this.timeout = timeout;
    }

    /** Completes when the stores hold all that was committed when this was called. */
    public CompletableFuture<Void> await() {
        Batch batch = collecting.get();
        if (batch.wanted.compareAndSet(false, true)) {
            wake.run();
        }
        return batch.future;
    }

    /** The same on {@code where}: all reads of one executor come back to it in one hop. */
    public CompletableFuture<Void> await(Executor where) {
        Batch batch = collecting.get();
        CompletableFuture<Void> future =
                batch.elsewhere.computeIfAbsent(
                        where, w -> batch.future.whenCompleteAsync((done, failure) -> {}, w));
        if (batch.wanted.compareAndSet(false, true)) {
            wake.run();
        }
        return future;
    }

    /** Asks for those who wait, unless a question is under way. */
    public void poll() {
        if (asking == null && collecting.get().wanted.get()) {
            // Who comes from here on asks after this question, and needs the next one.
            Batch batch = collecting.getAndSet(new Batch());
            batch.beganAtTick = now;
            asking = batch;
            ask(batch);
        }
    }

    private void ask(Batch batch) {
        batch.context = ++lastContext;
        batch.askedAtTick = now;
        node.readIndex(ByteBuffer.allocate(Long.BYTES).putLong(batch.context).array());
    }

    /** Asks again what got no answer: the question or the answer was lost, or the leader. */
    public void tick() {
        now++;
        Batch batch = asking;
        if (batch == null) {
            return;
        }
        if (now - batch.beganAtTick >= timeoutTicks) {
            asking = null;
            batch.future.completeExceptionally(timeout);
            poll();
        } else if (now - batch.askedAtTick >= retryTicks) {
            ask(batch);
        }
    }

    /** Asks a new leader at once. */
    public void leaderChanged() {
        Batch batch = asking;
        if (batch != null) {
            ask(batch);
        }
    }

    public void answered(ReadState state) {
        Batch batch = asking;
        byte[] context = state.requestContext();
        if (batch == null
                || context.length != Long.BYTES
                || ByteBuffer.wrap(context).getLong() != batch.context) {
            return;
        }
        asking = null;
        applied.when(state.index(), batch.future);
        poll();
    }
}
