package io.jarnetes.kubeclient;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WorkQueueTest {

    private final AtomicLong nanos = new AtomicLong();
    private final WorkQueue<String> queue = new WorkQueue<>(nanos::get);

    @Test
    void anItemThatWaitsStandsInItOnce() throws InterruptedException {
        queue.add("a");
        queue.add("b");
        queue.add("a");
        assertThat(queue.take()).isEqualTo("a");
        assertThat(queue.take()).isEqualTo("b");
        assertThat(queue.size()).isZero();
    }

    @Test
    void anItemAddedWhileItIsWorkedOnComesAgainAfterDone() throws InterruptedException {
        queue.add("a");
        assertThat(queue.take()).isEqualTo("a");
        queue.add("a");
        assertThat(queue.size()).isZero();
        queue.done("a");
        assertThat(queue.take()).isEqualTo("a");
    }

    @Test
    void failuresComeBackLaterAndLater() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            queue.addRateLimited("a");
            nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(5L << i));
            assertThat(queue.take()).isEqualTo("a");
            queue.done("a");
        }
        assertThat(queue.failures("a")).isEqualTo(3);
        queue.forget("a");
        assertThat(queue.failures("a")).isZero();
    }

    @Test
    void theEarlierOfTwoDelaysCounts() throws InterruptedException {
        queue.addAfter("a", Duration.ofSeconds(10));
        queue.addAfter("a", Duration.ofSeconds(1));
        queue.addAfter("a", Duration.ofSeconds(5));
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertThat(queue.take()).isEqualTo("a");
        queue.done("a");
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(20));
        queue.add("b");
        assertThat(queue.take()).isEqualTo("b");
    }

    @Test
    void aClosedQueueGivesNullToThoseWhoWait() throws InterruptedException {
        Thread closer = Thread.ofVirtual().start(queue::close);
        assertThat(queue.take()).isNull();
        closer.join();
    }
}
