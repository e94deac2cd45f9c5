package io.jarnetes.apiserver.server.http;

import java.util.Set;
import java.util.concurrent.Semaphore;

/**
 * {@code --max-requests-inflight} and {@code --max-mutating-requests-inflight}: as many short
 * requests at a time, and no more. Watches and {@code system:masters} don't count.
 */
final class InflightLimiter {

    private static final Set<String> READING = Set.of("get", "list", "watch");

    private final Semaphore reading;
    private final Semaphore mutating;
    private final int readingLimit;
    private final int mutatingLimit;

    /** 0 is no limit. */
    InflightLimiter(int readingLimit, int mutatingLimit) {
        this.readingLimit = readingLimit == 0 ? Integer.MAX_VALUE : readingLimit;
        this.mutatingLimit = mutatingLimit == 0 ? Integer.MAX_VALUE : mutatingLimit;
        reading = new Semaphore(this.readingLimit);
        mutating = new Semaphore(this.mutatingLimit);
    }

    /** Whether there is room; if so {@link #leave} gives it back. */
    boolean enter(String verb) {
        return semaphore(verb).tryAcquire();
    }

    void leave(String verb) {
        semaphore(verb).release();
    }

    int readingNow() {
        return readingLimit - reading.availablePermits();
    }

    int mutatingNow() {
        return mutatingLimit - mutating.availablePermits();
    }

    private Semaphore semaphore(String verb) {
        return READING.contains(verb) ? reading : mutating;
    }
}
