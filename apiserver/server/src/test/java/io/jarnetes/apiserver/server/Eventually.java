package io.jarnetes.apiserver.server;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for conditions, never longer than a bound. */
public final class Eventually {
    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final long PAUSE_NANOS = 10_000_000;

    private Eventually() {}

    public static void until(String what, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + BOUND.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("waited " + BOUND + " in vain for: " + what);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
