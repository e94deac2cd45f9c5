package io.jarnetes.kubeclient;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A queue of things to look at, as client-go's: an item that is added while it waits stands in it
 * once; one that is added while somebody works on it comes again after {@link #done}. Failures come
 * back later and later: 5 ms doubled each time, at most 1000 s.
 *
 * @param <K> names what to look at; equality decides
 */
public final class WorkQueue<K> {

    private static final long FIRST_DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long LAST_DELAY_NANOS = TimeUnit.SECONDS.toNanos(1000);

    private record Delayed<K>(K item, long atNanos) {}

    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<K> queue = new ArrayDeque<>();
    private final Set<K> dirty = new HashSet<>();
    private final Set<K> processing = new HashSet<>();
    private final PriorityQueue<Delayed<K>> later =
            new PriorityQueue<>((a, b) -> Long.signum(a.atNanos() - b.atNanos()));
    private final Map<K, Long> waitingUntil = new HashMap<>();
    private final Map<K, Integer> failures = new HashMap<>();
    private boolean closed;

    public WorkQueue() {
        this(System::nanoTime);
    }

    WorkQueue(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    public void add(K item) {
        lock.lock();
        try {
            addNow(item);
        } finally {
            lock.unlock();
        }
    }

    private void addNow(K item) {
        if (closed || !dirty.add(item)) {
            return;
        }
        if (!processing.contains(item)) {
            queue.addLast(item);
            changed.signal();
        }
    }

    /** Adds it when the time has passed; the earlier time counts if it waits already. */
    public void addAfter(K item, Duration delay) {
        lock.lock();
        try {
            if (delay.isNegative() || delay.isZero()) {
                addNow(item);
                return;
            }
            long at = nanoTime.getAsLong() + delay.toNanos();
            Long waiting = waitingUntil.get(item);
            if (closed || waiting != null && waiting - at <= 0) {
                return;
            }
            waitingUntil.put(item, at);
            later.add(new Delayed<>(item, at));
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Adds it after a delay that grows with every call until {@link #forget}. */
    public void addRateLimited(K item) {
        addAfter(item, nextDelay(item));
    }

    private Duration nextDelay(K item) {
        lock.lock();
        try {
            int times = failures.merge(item, 1, Integer::sum) - 1;
            long nanos =
                    times >= 30
                            ? LAST_DELAY_NANOS
                            : Math.min(FIRST_DELAY_NANOS << times, LAST_DELAY_NANOS);
            return Duration.ofNanos(nanos);
        } finally {
            lock.unlock();
        }
    }

    /** How often it came back by {@link #addRateLimited}. */
    public int failures(K item) {
        lock.lock();
        try {
            return failures.getOrDefault(item, 0);
        } finally {
            lock.unlock();
        }
    }

    public void forget(K item) {
        lock.lock();
        try {
            failures.remove(item);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for an item; {@link #done} must follow.
     *
     * @return null when the queue is closed
     */
    public @Nullable K take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                long wait = promote();
                K item = queue.pollFirst();
                if (item != null) {
                    dirty.remove(item);
                    processing.add(item);
                    return item;
                }
                if (closed) {
                    return null;
                }
                if (wait == Long.MAX_VALUE) {
                    changed.await();
                } else {
                    long unused = changed.awaitNanos(wait);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Moves what is due into the queue; returns the nanoseconds until the next is. */
    private long promote() {
        long now = nanoTime.getAsLong();
        while (true) {
            Delayed<K> next = later.peek();
            if (next == null) {
                return Long.MAX_VALUE;
            }
            if (next.atNanos() - now > 0) {
                return next.atNanos() - now;
            }
            later.poll();
            if (waitingUntil.remove(next.item(), next.atNanos())) {
                addNow(next.item());
            }
        }
    }

    public void done(K item) {
        lock.lock();
        try {
            processing.remove(item);
            if (dirty.contains(item)) {
                queue.addLast(item);
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Items that wait to be taken now. */
    public int size() {
        lock.lock();
        try {
            return queue.size();
        } finally {
            lock.unlock();
        }
    }

    /** Takes nothing more; waiting takers get null. */
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
