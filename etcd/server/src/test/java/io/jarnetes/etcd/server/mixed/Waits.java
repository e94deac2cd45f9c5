package io.jarnetes.etcd.server.mixed;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waiting for conditions, with a bound; a condition that throws does not hold yet. */
final class Waits {
    private static final Duration BOUND = Duration.ofSeconds(90);
    private static final long PAUSE_NANOS = 20_000_000;

    private Waits() {}

    static void until(String what, Callable<Boolean> condition) {
        long deadline = System.nanoTime() + BOUND.toNanos();
        Throwable last = null;
        while (true) {
            try {
                if (condition.call()) {
                    return;
                }
            } catch (Exception | AssertionError e) {
                last = e;
            }
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("waited " + BOUND + " in vain for: " + what, last);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
