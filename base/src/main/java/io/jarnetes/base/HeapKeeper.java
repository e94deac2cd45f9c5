package io.jarnetes.base;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Keeps the heap near what lives in it. The serial collector lets the old generation grow to the
 * largest heap there may be, a quarter of the machine's memory, before it looks through it; here it
 * is looked through when it has doubled, as Go does, as long as that is a short pause.
 */
public final class HeapKeeper {

    /** Less isn't worth a pause. */
    static final long LEAST_GROWTH_BYTES = 32L << 20;

    /** What takes a fifth of a second or so; with more the collector goes by its own rules. */
    static final long MOST_LIVE_BYTES = 192L << 20;

    private static final String POOL = "Tenured Gen";
    private static final Duration FIRST_LOOK = Duration.ofSeconds(4);
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final LongSupplier used;
    private final LongSupplier live;
    private final Runnable collector;

    /**
     * @param used bytes of the old generation in use
     * @param live those that were left by its last collection; 0 before the first one
     */
    HeapKeeper(LongSupplier used, LongSupplier live, Runnable collector) {
        this.used = used;
        this.live = live;
        this.collector = collector;
    }

    /** Looks after this process; other collectors than the serial one look after themselves. */
    public static void start() {
        Thread.ofPlatform().name("heap-keeper").daemon().start(HeapKeeper::keep);
    }

    private static void keep() {
        // Not while everything starts: what isn't loaded by then is loaded for this alone.
        LockSupport.parkNanos(FIRST_LOOK.toNanos());
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            if (pool.getName().equals(POOL)) {
                HeapKeeper keeper =
                        new HeapKeeper(
                                () -> pool.getUsage().getUsed(),
                                () -> pool.getCollectionUsage().getUsed(),
                                System::gc);
                while (true) {
                    keeper.look();
                    LockSupport.parkNanos(LOOK.toNanos());
                }
            }
        }
    }

    /** Collects if it is time. */
    void look() {
        long left = live.getAsLong();
        long grown = used.getAsLong() - left;
        if (left <= MOST_LIVE_BYTES && grown > Math.max(left, LEAST_GROWTH_BYTES)) {
            collector.run();
        }
    }
}
