package io.jarnetes.scheduler.queue;

import static io.jarnetes.kubeclient.TestObjects.pod;
import static io.jarnetes.kubeclient.TestObjects.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.scheduler.framework.PodInfo;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SchedulingQueueTest {

    private final AtomicLong nanos = new AtomicLong(1);
    private final SchedulingQueue queue =
            new SchedulingQueue(Duration.ofSeconds(1), Duration.ofSeconds(10), nanos::get);

    private static PodInfo named(String name) {
        return PodInfo.of(pod(name));
    }

    private QueuedPod take() throws InterruptedException {
        return Objects.requireNonNull(queue.take());
    }

    @Test
    void priorityGoesBeforeTimeOfArrival() throws InterruptedException {
        queue.add(named("first"));
        nanos.incrementAndGet();
        queue.add(named("second"));
        queue.add(PodInfo.of(with(pod("important"), "{'spec': {'priority': 10}}")));
        assertThat(take().pod().key()).isEqualTo("ns/important");
        assertThat(take().pod().key()).isEqualTo("ns/first");
        assertThat(take().pod().key()).isEqualTo("ns/second");
    }

    @Test
    void aRefusedPodWaitsUntilSomethingMoves() throws InterruptedException {
        queue.add(named("a"));
        queue.failed(take().refused(Set.of("NodeAffinity")), false);
        assertThat(queue.sizes()).containsExactly(0, 0, 1);
        queue.move(queued -> queued.refusedBy().contains("Other"));
        assertThat(queue.sizes()).containsExactly(0, 0, 1);
        queue.move(queued -> queued.refusedBy().contains("NodeAffinity"));
        assertThat(queue.sizes()).containsExactly(0, 1, 0);
        assertThat(take().attempts()).isEqualTo(2);
    }

    @Test
    void whatMovedDuringAnAttemptIsNotMissed() throws InterruptedException {
        queue.add(named("a"));
        QueuedPod taken = take();
        queue.move(queued -> true);
        queue.failed(taken.refused(Set.of()), false);
        assertThat(queue.sizes()).containsExactly(0, 1, 0);
    }

    @Test
    void anErrorIsNotCutShort() throws InterruptedException {
        queue.add(named("a"));
        queue.failed(take(), true);
        queue.add(named("b"));
        assertThat(take().pod().key()).isEqualTo("ns/b");
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertThat(take().pod().key()).isEqualTo("ns/a");
    }

    @Test
    void backoffDoublesUpToItsLimit() {
        assertThat(queue.backoffOf(1)).isEqualTo(Duration.ofSeconds(1));
        assertThat(queue.backoffOf(3)).isEqualTo(Duration.ofSeconds(4));
        assertThat(queue.backoffOf(9)).isEqualTo(Duration.ofSeconds(10));
    }

    /** Backoff is counted from the failure, not from when something moves. */
    @Test
    void whoHasWaitedLongEnoughIsTriedAtOnce() throws InterruptedException {
        queue.add(named("a"));
        queue.failed(take(), false);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
        queue.move(queued -> true);
        assertThat(queue.sizes()).containsExactly(1, 0, 0);
    }

    /** An error's backoff starts anew after an attempt that failed otherwise. */
    @Test
    void errorsAndRefusalsAreCountedApart() throws InterruptedException {
        queue.add(named("a"));
        for (int i = 0; i < 3; i++) {
            queue.failed(take(), false);
            queue.move(queued -> true);
        }
        queue.failed(take(), true);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertThat(take().attempts()).isEqualTo(5);
    }

    @Test
    void withinASecondTheMoreImportantGoesFirst() throws InterruptedException {
        queue.add(named("first"));
        queue.failed(take(), false);
        nanos.incrementAndGet();
        queue.add(PodInfo.of(with(pod("important"), "{'spec': {'priority': 10}}")));
        queue.failed(take(), false);
        queue.move(queued -> true);
        assertThat(take().pod().key()).isEqualTo("ns/important");
        assertThat(take().pod().key()).isEqualTo("ns/first");
    }

    @Test
    void aPodThatIsRemovedWhileItIsTriedIsForgotten() throws InterruptedException {
        queue.add(named("a"));
        QueuedPod taken = take();
        queue.remove(taken.uid());
        queue.failed(taken, false);
        assertThat(queue.sizes()).containsExactly(0, 0, 0);
    }

    @Test
    void afterFiveMinutesEveryPodIsTriedAgain() throws InterruptedException {
        queue.add(named("a"));
        queue.failed(take(), false);
        nanos.addAndGet(TimeUnit.MINUTES.toNanos(6));
        queue.flushOld();
        assertThat(queue.sizes()).containsExactly(1, 0, 0);
    }
}
