package io.jarnetes.scheduler.queue;

import io.jarnetes.scheduler.framework.PodInfo;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * See the package. Priority decides, then time of arrival. A failed pod waits at least one second
 * since then, doubled with each failure up to ten; when nobody else waits it is taken earlier,
 * unless the attempt failed by an error.
 */
public final class SchedulingQueue {

    private static final long LONGEST_UNSCHEDULABLE_NANOS = TimeUnit.MINUTES.toNanos(5);
    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final Comparator<QueuedPod> ORDER =
            Comparator.comparingInt((QueuedPod queued) -> -queued.pod().priority())
                    .thenComparingLong(QueuedPod::addedNanos);

    /** A pod in backoff until a time; errors may not be cut short. */
    private record Waiting(QueuedPod queued, long untilNanos, boolean error) {}

    private final Duration firstBackoff;
    private final Duration lastBackoff;
    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final PriorityQueue<QueuedPod> active = new PriorityQueue<>(ORDER);
    private final PriorityQueue<Waiting> backoff =
            new PriorityQueue<>(Comparator.comparingLong(Waiting::untilNanos));
    private final Map<String, QueuedPod> unschedulable = new HashMap<>();
    private final Map<String, Long> inFlight = new HashMap<>();
    private long moves;
    private boolean closed;

    public SchedulingQueue(Duration firstBackoff, Duration lastBackoff, LongSupplier nanoTime) {
        this.firstBackoff = firstBackoff;
        this.lastBackoff = lastBackoff;
        this.nanoTime = nanoTime;
    }

    /** A new pod. */
    public void add(PodInfo pod) {
        lock.lock();
        try {
            if (!update(pod) && !inFlight.containsKey(pod.uid())) {
                activate(QueuedPod.fresh(pod, nanoTime.getAsLong()));
            }
        } finally {
            lock.unlock();
        }
    }

    private void activate(QueuedPod queued) {
        active.add(queued);
        changed.signal();
    }

    /** Replaces what is known of a waiting pod. */
    private boolean update(PodInfo pod) {
        String uid = pod.uid();
        for (QueuedPod queued : active) {
            if (queued.uid().equals(uid)) {
                active.remove(queued);
                activate(queued.withPod(pod));
                return true;
            }
        }
        for (Waiting waiting : backoff) {
            if (waiting.queued().uid().equals(uid)) {
                backoff.remove(waiting);
                backoff.add(
                        new Waiting(
                                waiting.queued().withPod(pod),
                                waiting.untilNanos(),
                                waiting.error()));
                return true;
            }
        }
        QueuedPod waiting = unschedulable.get(uid);
        if (waiting == null) {
            return false;
        }
        unschedulable.put(uid, waiting.withPod(pod));
        return true;
    }

    /** A pod whose own spec changed: it is worth another try. */
    public void changed(PodInfo pod) {
        lock.lock();
        try {
            if (!update(pod) && !inFlight.containsKey(pod.uid())) {
                activate(QueuedPod.fresh(pod, nanoTime.getAsLong()));
                return;
            }
            QueuedPod waiting = unschedulable.remove(pod.uid());
            if (waiting != null) {
                retry(waiting, false);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Only refreshes the pod's status; no reason to try again. */
    public void refresh(PodInfo pod) {
        lock.lock();
        try {
            boolean unused = update(pod);
        } finally {
            lock.unlock();
        }
    }

    public void remove(String uid) {
        lock.lock();
        try {
            active.removeIf(queued -> queued.uid().equals(uid));
            backoff.removeIf(waiting -> waiting.queued().uid().equals(uid));
            unschedulable.remove(uid);
            inFlight.remove(uid);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for the next pod; {@link #done} or {@link #failed} must follow.
     *
     * @return null when the queue is closed
     */
    public @Nullable QueuedPod take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!closed) {
                long wait = promote();
                QueuedPod next = active.poll();
                if (next == null) {
                    next = early();
                }
                if (next != null) {
                    inFlight.put(next.uid(), moves);
                    return next.attempted();
                }
                if (wait == Long.MAX_VALUE) {
                    changed.await();
                } else {
                    long unused = changed.awaitNanos(wait);
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** With nobody else waiting, backoff would only waste time. */
    private @Nullable QueuedPod early() {
        Waiting next =
                backoff.stream()
                        .filter(waiting -> !waiting.error())
                        .min(
                                Comparator.comparingLong(SchedulingQueue::window)
                                        .thenComparing(Waiting::queued, ORDER))
                        .orElse(null);
        if (next == null) {
            return null;
        }
        backoff.remove(next);
        return next.queued();
    }

    /** Within a second of each other the more important pod goes first. */
    private static long window(Waiting waiting) {
        return Math.floorDiv(waiting.untilNanos(), WINDOW_NANOS);
    }

    /** Activates what has waited long enough; nanoseconds until the next one has. */
    private long promote() {
        long now = nanoTime.getAsLong();
        while (true) {
            Waiting first = backoff.peek();
            if (first == null) {
                return Long.MAX_VALUE;
            }
            if (first.untilNanos() - now > 0) {
                return first.untilNanos() - now;
            }
            backoff.poll();
            active.add(first.queued());
        }
    }

    /** The pod is assumed on a node, or gone. */
    public void done(String uid) {
        lock.lock();
        try {
            inFlight.remove(uid);
        } finally {
            lock.unlock();
        }
    }

    /**
     * No node fitted, or an error occurred. A pod that was removed meanwhile is forgotten. If
     * something moved while it was tried, that may have been what it waits for.
     *
     * @param error whether trying itself failed
     */
    public void failed(QueuedPod queued, boolean error) {
        lock.lock();
        try {
            Long movesBefore = inFlight.remove(queued.uid());
            if (movesBefore == null) {
                return;
            }
            QueuedPod failed = queued.failed(error, nanoTime.getAsLong());
            if (error || movesBefore != moves) {
                retry(failed, error);
            } else {
                unschedulable.put(failed.uid(), failed);
            }
        } finally {
            lock.unlock();
        }
    }

    private void retry(QueuedPod queued, boolean error) {
        int failures = queued.errors() > 0 ? queued.errors() : queued.refusals();
        long until = queued.addedNanos() + backoffOf(failures).toNanos();
        if (until - nanoTime.getAsLong() > 0) {
            backoff.add(new Waiting(queued, until, error));
            changed.signal();
        } else {
            activate(queued);
        }
    }

    Duration backoffOf(int failures) {
        Duration wait = firstBackoff;
        for (int i = 1; i < failures && wait.compareTo(lastBackoff) < 0; i++) {
            wait = wait.multipliedBy(2);
        }
        return wait.compareTo(lastBackoff) > 0 ? lastBackoff : wait;
    }

    /**
     * Something changed that may make pods schedulable.
     *
     * @param affected which of the waiting ones
     */
    public void move(Predicate<QueuedPod> affected) {
        lock.lock();
        try {
            moves++;
            for (QueuedPod queued : Set.copyOf(unschedulable.values())) {
                if (affected.test(queued)) {
                    unschedulable.remove(queued.uid());
                    retry(queued, false);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Lets pods that waited five minutes try again, whatever happened; call it now and then. */
    public void flushOld() {
        long limit = nanoTime.getAsLong() - LONGEST_UNSCHEDULABLE_NANOS;
        move(queued -> queued.addedNanos() - limit < 0);
    }

    /** Numbers of pods: active, in backoff, unschedulable. */
    public int[] sizes() {
        lock.lock();
        try {
            return new int[] {active.size(), backoff.size(), unschedulable.size()};
        } finally {
            lock.unlock();
        }
    }

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
