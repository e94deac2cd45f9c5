package io.jarnetes.etcd.server.driver;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;

/** Who waits for an index to be applied. Any thread waits, the apply thread tells. */
public final class AppliedWaits {
    private record Wait(long index, CompletableFuture<Void> future) {}

    private final PriorityQueue<Wait> waits =
            new PriorityQueue<>(Comparator.comparingLong(Wait::index));
    private volatile long applied;

    public AppliedWaits(long applied) {
        this.applied = applied;
    }

    public long applied() {
        return applied;
    }

    /** Completes the future as soon as {@code index} is applied. */
    public void when(long index, CompletableFuture<Void> future) {
        if (applied < index) {
            synchronized (waits) {
                if (applied < index) {
                    waits.add(new Wait(index, future));
                    return;
                }
            }
        }
        future.complete(null);
    }

    /** Everything up to {@code index} is applied. */
    public void advance(long index) {
        List<CompletableFuture<Void>> ready = new ArrayList<>();
        synchronized (waits) {
            applied = index;
            for (Wait first = waits.peek();
                    first != null && first.index() <= index;
                    first = waits.peek()) {
                ready.add(first.future());
                waits.remove();
            }
        }
        ready.forEach(future -> future.complete(null));
    }
}
