package io.jarnetes.etcd.server.simulation;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
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
     * @param runsWith in how many runs each happened that did
     * @param trace the sum of the traces
     */
    record Total(
            long runs,
            double simulatedSeconds,
            long steps,
            long writes,
            long reads,
            long events,
            long oldTermCommits,
            long unhealed,
            Map<Happening, Long> runsWith,
            long trace) {
        static final Total NOTHING = new Total(0, 0, 0, 0, 0, 0, 0, 0, Map.of(), 0);

        Total plus(Report r) {
            Map<Happening, Long> with = new EnumMap<>(Happening.class);
            with.putAll(runsWith);
            r.happenings().keySet().forEach(happening -> with.merge(happening, 1L, Long::sum));
            return new Total(
                    runs + 1,
                    simulatedSeconds + r.simulatedMicros() / 1e6,
                    steps + r.steps(),
                    writes + r.writes(),
                    reads + r.reads(),
                    events + r.events(),
                    oldTermCommits + r.oldTermCommits(),
                    unhealed + (r.healed() ? 0 : 1),
                    with,
                    trace + r.trace());
        }

        long runsWith(Happening happening) {
            return runsWith.getOrDefault(happening, 0L);
        }

        /** In how many runs each happened, a line for each. */
        String happened() {
            StringBuilder text = new StringBuilder("of " + runs + " seeds, so many had:\n");
            text.append(String.format(Locale.ROOT, "%7d no peace in the end%n", unhealed));
            for (Happening happening : Happening.values()) {
                text.append(String.format(Locale.ROOT, "%7d ", runsWith(happening)))
                        .append(happening.words())
                        .append('\n');
            }
            return text.toString();
        }
    }

    private final PlantedFault fault;
    private final LongFunction<Report> runner;
    private final long end;
    private final AtomicLong next;
    private final AtomicLong cpuNanos = new AtomicLong();
    private final List<Failure> failures = new ArrayList<>();
    private final LongConsumer progress;
    private Total total = Total.NOTHING;
    private volatile boolean failed;

    /**
     * @param progress hears, after each run, how many there were
     */
    Seeds(PlantedFault fault, long first, long count, LongConsumer progress) {
        this.fault = fault;
        this.runner = fault.runner();
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
            return failures.stream().min(Comparator.comparingLong(Failure::seed)).orElse(null);
        }
    }

    synchronized Total total() {
        return total;
    }

    /** What the workers took of their cores; compilers and collectors not counted. */
    double cpuSeconds() {
        return cpuNanos.get() / 1e9;
    }

    private void work() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long began = threads.getCurrentThreadCpuTime();
        for (long seed = next.getAndIncrement();
                seed < end && !failed;
                seed = next.getAndIncrement()) {
            try {
                add(runner.apply(seed));
            } catch (RuntimeException | Error e) {
                failed(new Failure(seed, fault, e));
            }
        }
        cpuNanos.addAndGet(threads.getCurrentThreadCpuTime() - began);
    }

    private synchronized void add(Report report) {
        total = total.plus(report);
        progress.accept(total.runs());
    }

    private synchronized void failed(Failure failure) {
        failures.add(failure);
        failed = true;
    }
}
