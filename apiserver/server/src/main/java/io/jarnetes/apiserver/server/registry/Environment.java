package io.jarnetes.apiserver.server.registry;

import io.jarnetes.apiserver.schema.defaults.Defaulting;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * What all stores share.
 *
 * @param random makes UIDs and name suffixes; must be safe for all threads
 */
public record Environment(
        Clock clock, RandomGenerator random, Defaulting defaulting, FieldManager fieldManager) {

    private static final long VERSION_MASK = 0xffffffffffff0fffL;
    private static final long VERSION_4 = 0x4000L;
    private static final long VARIANT_MASK = 0x3fffffffffffffffL;
    private static final long VARIANT = 0x8000000000000000L;

    Names names() {
        return new Names(random);
    }

    /** A random UUID. */
    String uid() {
        long high = (random.nextLong() & VERSION_MASK) | VERSION_4;
        long low = (random.nextLong() & VARIANT_MASK) | VARIANT;
        return new UUID(high, low).toString();
    }

    /** As {@code metav1.Time} has it: whole seconds, UTC. */
    public String now() {
        return time(clock.instant());
    }

    static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
