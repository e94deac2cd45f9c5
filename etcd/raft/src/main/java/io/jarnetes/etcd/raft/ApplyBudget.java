package io.jarnetes.etcd.raft;

import java.util.ArrayDeque;

/**
 * How many bytes of entries may be with the applier at once. A batch is refunded when all of it is
 * applied; one batch may overdraw, else an entry larger than the limit could never be applied.
 */
final class ApplyBudget {
    private record Batch(long lastIndex, long bytes) {}

    private final long maxBytes;
    private final ArrayDeque<Batch> batches = new ArrayDeque<>();
    private long spent;

    ApplyBudget(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    boolean isSpent() {
        return spent >= maxBytes;
    }

    long remainingBytes() {
        return maxBytes - spent;
    }

    void spend(long lastIndex, long bytes) {
        batches.addLast(new Batch(lastIndex, bytes));
        spent += bytes;
    }

    void refund(long appliedIndex) {
        for (Batch b = batches.peekFirst(); b != null && b.lastIndex <= appliedIndex; ) {
            batches.removeFirst();
            spent -= b.bytes;
            b = batches.peekFirst();
        }
    }
}
