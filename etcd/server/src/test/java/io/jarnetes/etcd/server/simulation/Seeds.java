package io.jarnetes.etcd.server.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs many seeds, several at once: a run shares nothing with another. The first to fail ends it
 * all.
 */
final class Seeds {
    /** A run that found something. */
    record Failure(long seed, PlantedFault fault, Throwable cause) {
        /** What was found, and the command that shows it again. */
        String text() {
            String planted = fault == PlantedFault.NONE ? "" : " --fault " + fault.word();
            return "seed "
                    + seed
                    + ": "
                    + cause.getMessage()
                    + "\nreplay: hack/simulate --seed "
                    + seed
                    + planted;
        }
    }

    /**
     * What came of all runs.
     *
     * @param trace the sum of the traces
     */
    record Total(
            long runs, double simulatedSeconds, long writes, long reads, long events, long trace) {
        static final Total NOTHING = new Total(0, 0, 0, 0, 0, 0);

        Total plus(Simulation.Report r) {
            return new Total(
                    runs + 1,
                    simulatedSeconds + r.simulatedMicros() / 1e6,
                    writes + r.writes(),
                    reads + r.reads(),
                    events + r.events(),
                    trace + r.trace());
        }
    }

    private final PlantedFault fault;
    private final long end;
    private final AtomicLong next;
    private final List<Failure> failures = new ArrayList<>();
    private final LongConsumer progress;
    private Total total = Total.NOTHING;
    private volatile boolean failed;

    /**
     * @param progress hears, after each run, how many there were
     */
    Seeds(PlantedFault fault, long first, long count, LongConsumer progress) {
        this.fault = fault;
        this.next = new AtomicLong(first);
        this.end = first + count < first ? Long.MAX_VALUE : first + count;
        this.progress = progress;
    }

    static Seeds of(PlantedFault fault, long first, long count) {
        return new Seeds(fault, first, count, done -> {});
    }

    /** Runs them; the failure of the lowest seed, null if there is none. */
    @Nullable Failure run(int workers) {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
            threads.add(Thread.ofPlatform().name("simulation-" + i).start(this::work));
        }
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted while seeds ran", e);
            }
        }
        synchronized (this) {
            return failures.stream()
                    .min(java.util.Comparator.comparingLong(Failure::seed))
                    .orElse(null);
        }
    }

    synchronized Total total() {
        return total;
    }

    private void work() {
        var runner = fault.runner();
        for (long seed = next.getAndIncrement();
                seed < end && !failed;
                seed = next.getAndIncrement()) {
            try {
                add(runner.apply(seed));
            } catch (RuntimeException | Error e) {
                failed(new Failure(seed, fault, e));
            }
        }
    }

    private synchronized void add(Simulation.Report report) {
        total = total.plus(report);
        progress.accept(total.runs());
    }

    private synchronized void failed(Failure failure) {
        failures.add(failure);
        failed = true;
    }
}
