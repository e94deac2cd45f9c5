package io.jarnetes.controllermanager.daemonset;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How long failed pods of a node stay before they are deleted and made anew: 1 s after the last
 * deletion, doubled each time up to 15 minutes; forgotten when nothing failed for half an hour.
 */
final class FailedBackoff {

    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LAST = Duration.ofMinutes(15);

    private record Entry(Duration delay, Instant at) {}

    private final Clock clock;
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();

    FailedBackoff(Clock clock) {
        this.clock = clock;
    }

    /** Zero when it is over. */
    Duration left(String set, String node) {
        Entry entry = entries.get(set + "/" + node);
        if (entry == null) {
            return Duration.ZERO;
        }
        Duration left = Duration.between(clock.instant(), entry.at().plus(entry.delay()));
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** A failed pod is deleted now. */
    void failed(String set, String node) {
        Instant now = clock.instant();
        entries.values().removeIf(entry -> old(entry, now));
        entries.compute(
                set + "/" + node,
                (key, entry) -> {
                    if (entry == null) {
                        return new Entry(FIRST, now);
                    }
                    Duration twice = entry.delay().multipliedBy(2);
                    return new Entry(twice.compareTo(LAST) > 0 ? LAST : twice, now);
                });
    }

    private static boolean old(Entry entry, Instant now) {
        return entry.at().plus(LAST.multipliedBy(2)).isBefore(now);
    }
}
