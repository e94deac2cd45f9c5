package io.jarnetes.etcd.server;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Ids of requests, unique among members and their lives: two bytes of the member's id, five of the
 * time of its start in milliseconds, and a count that runs over into the time.
 */
final class RequestIds {
    private static final int TIME_BITS = 40;
    private static final int COUNT_BITS = 8;

    private final long prefix;
    private final AtomicLong suffix;

    RequestIds(long memberId, long epochMillis) {
        prefix = memberId << (TIME_BITS + COUNT_BITS);
        suffix = new AtomicLong((epochMillis & ((1L << TIME_BITS) - 1)) << COUNT_BITS);
    }

    long next() {
        long mask = (1L << (TIME_BITS + COUNT_BITS)) - 1;
        return prefix | (suffix.incrementAndGet() & mask);
    }
}
