package io.jarnetes.scheduler.queue;

import static io.jarnetes.kubeclient.TestObjects.pod;
import static io.jarnetes.kubeclient.TestObjects.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.scheduler.framework.PodInfo;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Pods come, fail, wait and go while a clock is moved: none is lost, doubled, or early. */
class SchedulingQueuePropertyTest {

    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LAST = Duration.ofSeconds(10);

    /** What is known of a pod outside the queue. */
    private static final class Known {
        private int priority;
        private boolean error;
        private boolean unschedulable;
        private long notBefore;
        private int attempts;
        private int refusals;
        private int errors;
    }

    private final AtomicLong nanos = new AtomicLong(1);
    private final Map<String, Known> waiting = new HashMap<>();
    private final Map<String, QueuedPod> inFlight = new HashMap<>();
    private final Set<String> movedMeanwhile = new HashSet<>();
    private SchedulingQueue queue = new SchedulingQueue(FIRST, LAST, nanos::get);

    private static PodInfo named(String name, int priority) {
        return PodInfo.of(
                with(
                        pod(name),
                        "{'metadata': {'uid': '%s'}, 'spec': {'priority': %d}}"
                                .formatted(name, priority)));
    }

    @Test
    void noPodIsLostDoubledOrEarly() throws InterruptedException {
        int taken = 0;
        for (long seed = 0; seed < 60; seed++) {
            queue = new SchedulingQueue(FIRST, LAST, nanos::get);
            waiting.clear();
            inFlight.clear();
            movedMeanwhile.clear();
            SplittableRandom random = new SplittableRandom(seed);
            for (int i = 0; i < 400; i++) {
                taken += step(random, "p" + random.nextInt(8)) ? 1 : 0;
                int[] sizes = queue.sizes();
                assertThat(sizes[0] + sizes[1] + sizes[2])
                        .as("seed %d, step %d: pods that wait", seed, i)
                        .isEqualTo(waiting.size());
                assertThat((long) sizes[2])
                        .as("seed %d, step %d: for something to happen", seed, i)
                        .isEqualTo(
                                waiting.values().stream().filter(one -> one.unschedulable).count());
            }
        }
        assertThat(taken).isGreaterThan(1000);
    }

    private boolean step(SplittableRandom random, String name) throws InterruptedException {
        switch (random.nextInt(7)) {
            case 0 -> add(name, random.nextInt(3));
            case 1, 2 -> {
                return take();
            }
            case 3 -> fail(name, random.nextInt(3) == 0);
            case 4 -> {
                queue.remove(name);
                waiting.remove(name);
                inFlight.remove(name);
            }
            case 5 -> move();
            default -> nanos.addAndGet(random.nextLong(TimeUnit.SECONDS.toNanos(4)));
        }
        return false;
    }

    private void add(String name, int priority) {
        if (!waiting.containsKey(name) && !inFlight.containsKey(name)) {
            queue.add(named(name, priority));
            Known known = new Known();
            known.priority = priority;
            waiting.put(name, known);
        }
    }

    /** Whether one could be had; the queue isn't asked while it would let the caller wait. */
    private boolean take() throws InterruptedException {
        boolean ready =
                waiting.values().stream()
                        .anyMatch(one ->
                                !one.unschedulable && (!one.error || one.notBefore <= nanos.get()));
        if (!ready) {
            return false;
        }
        QueuedPod next = Objects.requireNonNull(queue.take());
        Known known = Objects.requireNonNull(waiting.remove(next.uid()));
        assertThat(known.unschedulable).isFalse();
        boolean waited = known.notBefore <= nanos.get();
        assertThat(waited || !known.error).as("an error's backoff is kept").isTrue();
        for (Known other : waiting.values()) {
            boolean over = !other.unschedulable && other.notBefore <= nanos.get();
            assertThat(over && (!waited || other.priority > known.priority))
                    .as("nobody more important, or whose time has come, is passed over")
                    .isFalse();
            assertThat(
                            !waited
                                    && !other.unschedulable
                                    && !other.error
                                    && second(other) < second(known))
                    .as("of those in backoff the one whose time comes first")
                    .isFalse();
        }
        assertThat(next.attempts()).isEqualTo(known.attempts + 1);
        inFlight.put(next.uid(), next);
        movedMeanwhile.remove(next.uid());
        return true;
    }

    private static long second(Known known) {
        return known.notBefore / TimeUnit.SECONDS.toNanos(1);
    }

    private void fail(String name, boolean error) {
        QueuedPod failed = inFlight.remove(name);
        if (failed == null) {
            return;
        }
        queue.failed(failed.refused(Set.of("X")), error);
        Known known = new Known();
        known.priority = failed.pod().priority();
        known.attempts = failed.attempts();
        known.error = error;
        known.unschedulable = !error && !movedMeanwhile.remove(name);
        known.refusals = failed.refusals() + (error ? 0 : 1);
        known.errors = error ? failed.errors() + 1 : 0;
        known.notBefore = backoff(known.errors > 0 ? known.errors : known.refusals);
        waiting.put(name, known);
    }

    private long backoff(int failures) {
        long seconds = Math.min(10, 1L << Math.min(failures - 1, 10));
        return nanos.get() + TimeUnit.SECONDS.toNanos(seconds);
    }

    private void move() {
        queue.move(one -> true);
        movedMeanwhile.addAll(inFlight.keySet());
        for (Known one : waiting.values()) {
            if (one.unschedulable) {
                one.unschedulable = false;
            }
        }
    }
}
