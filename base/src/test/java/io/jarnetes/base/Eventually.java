package io.jarnetes.base;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for conditions, never longer than a bound; one that throws does not hold yet. */
public final class Eventually {
    private static final Duration BOUND = Duration.ofSeconds(90);
    private static final long PAUSE_NANOS = 10_000_000;

    private Eventually() {}

    /**
     * Returns when the condition holds.
     *
     * @throws AssertionError naming {@code what}, with what the condition threw last, after 90 s
     */
    public static void until(String what, Callable<Boolean> condition) {
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
