package io.jarnetes.bench;

import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code hack/bench cluster}: what clients see of one member and of three. */
final class ClusterBench {
    private static final int ROUNDS = 3;
    private static final long RAMP_MILLIS = 500;
    private static final long MEASURE_MILLIS = 2_000;
    private static final long WARM_MILLIS = 8_000;

    /** Puts of each make before memory is read. */
    private static final long EQUAL_PUTS = 150_000;

    private static final int WATCHERS = 100;
    private static final List<String> PARTS = List.of("one", "reads", "three", "together", "fail");

    /** 3.5's snapshot count for both: ours keeps fewer entries by default, and so less memory. */
    private static final List<String> FLAGS =
            List.of("--quota-backend-bytes=8589934592", "--snapshot-count=100000");

    private final Figures figures;
    private final Path work;
    private final EventLoopGroup loops;
    private final Make ours;
    private final Make theirs;
    private final Make together;

    ClusterBench(
            Figures figures,
            Path work,
            EventLoopGroup loops,
            Make ours,
            Make theirs,
            Make together) {
        this.figures = figures;
        this.work = work;
        this.loops = loops;
        this.ours = ours;
        this.theirs = theirs;
        this.together = together;
    }

    /**
     * @param chosen parts; none for all
     */
    void run(List<String> chosen) throws IOException, InterruptedException {
        for (String part : chosen.isEmpty() ? PARTS : chosen) {
            switch (part) {
                case "one" -> pair(1, "cluster.one", this::writes);
                case "reads" -> pair(1, "cluster.one", this::reads);
                case "three" -> pair(3, "cluster.three", this::three);
                case "together" -> together();
                case "fail" ->
                        pair(
                                3,
                                "cluster",
                                (prefix, a, b) -> new Failover(figures, loops).run(prefix, a, b));
                default ->
                        throw new IllegalArgumentException(
                                "no part " + part + "; there are " + PARTS);
            }
        }
    }

    /** Measures two clusters that are up at the same time. */
    private interface Measurement {
        void run(String prefix, Fleet a, Fleet b) throws IOException, InterruptedException;
    }

    private void pair(int members, String prefix, Measurement measurement)
            throws IOException, InterruptedException {
        Path folder = work.resolve(prefix);
        try (Fleet a = Fleet.start(ours, folder.resolve("ours"), members, loops, FLAGS);
                Fleet b = Fleet.start(theirs, folder.resolve("theirs"), members, loops, FLAGS)) {
            measurement.run(prefix, a, b);
        }
        Main.delete(folder);
    }

    private void writes(String prefix, Fleet a, Fleet b) throws InterruptedException {
        memory(prefix, a, b);
        warm(a, b, Workload.put(), 10);
        rounds(prefix + ".put", Workload.put(), 1, 1, a, b);
        rounds(prefix + ".put", Workload.put(), 100, 10, a, b);
        rounds(prefix + ".put", Workload.put(), 1000, 10, a, b);
        rounds(prefix + ".txn", Workload.txn(), 100, 10, a, b);
        rounds(prefix + ".lease", Workload.lease(), 100, 10, a, b);
    }

    private void reads(String prefix, Fleet a, Fleet b) throws InterruptedException {
        load(a, b, Workload.put(), EQUAL_PUTS);
        warm(a, b, Workload.get(false), 10);
        rounds(prefix + ".get", Workload.get(false), 1, 1, a, b);
        rounds(prefix + ".get", Workload.get(false), 100, 10, a, b);
        rounds(prefix + ".get", Workload.get(false), 1000, 10, a, b);
        rounds(prefix + ".serializable", Workload.get(true), 100, 10, a, b);
        rounds(prefix + ".serializable", Workload.get(true), 1000, 10, a, b);
        for (int round = 0; round < ROUNDS; round++) {
            watch(prefix + ".watch." + WATCHERS, a, true);
            watch(prefix + ".watch." + WATCHERS, b, false);
        }
    }

    private void three(String prefix, Fleet a, Fleet b) throws InterruptedException {
        memory(prefix, a, b);
        warm(a, b, Workload.put(), 12);
        rounds(prefix + ".put", Workload.put(), 1, 1, a, b);
        rounds(prefix + ".put", Workload.put(), 100, 12, a, b);
        rounds(prefix + ".put", Workload.put(), 1000, 12, a, b);
        rounds(prefix + ".get", Workload.get(false), 100, 12, a, b);
        rounds(prefix + ".serializable", Workload.get(true), 100, 12, a, b);
    }

    /** Three members in one JVM, as {@code up} has them, against three processes. */
    private void together() throws IOException, InterruptedException {
        String prefix = "cluster.together";
        Path folder = work.resolve(prefix);
        try (Fleet a = Fleet.startTogether(together, folder.resolve("ours"), 3, loops, FLAGS);
                Fleet b = Fleet.start(theirs, folder.resolve("theirs"), 3, loops, FLAGS)) {
            memory(prefix, a, b);
            warm(a, b, Workload.put(), 12);
            rounds(prefix + ".put", Workload.put(), 100, 12, a, b);
            rounds(prefix + ".put", Workload.put(), 1000, 12, a, b);
        }
        Main.delete(folder);
    }

    private void memory(String prefix, Fleet a, Fleet b) throws InterruptedException {
        load(a, b, Workload.put(), EQUAL_PUTS);
        figures.add(prefix + ".rss", "MiB", true, a.rssMib());
        figures.add(prefix + ".rss", "MiB", false, b.rssMib());
    }

    /** The same number of operations for both. */
    private static void load(Fleet a, Fleet b, Workload workload, long operations)
            throws InterruptedException {
        for (Fleet fleet : List.of(a, b)) {
            try (Connections connections = fleet.connect(12)) {
                Load.run(workload, connections, 100, operations);
            }
        }
    }

    private static void warm(Fleet a, Fleet b, Workload workload, int connections)
            throws InterruptedException {
        for (Fleet fleet : List.of(a, b)) {
            try (Connections all = fleet.connect(connections);
                    Load load = Load.start(workload, all, 100)) {
                load.measure(WARM_MILLIS, fleet::cpuMicros);
            }
        }
    }

    private void rounds(
            String prefix, Workload workload, int clients, int connections, Fleet a, Fleet b)
            throws InterruptedException {
        String name = prefix + "." + clients;
        for (int round = 0; round < ROUNDS; round++) {
            note(name, true, sample(workload, clients, connections, a));
            note(name, false, sample(workload, clients, connections, b));
        }
    }

    private static Sample sample(Workload workload, int clients, int connections, Fleet fleet)
            throws InterruptedException {
        try (Connections all = fleet.connect(connections);
                Load load = Load.start(workload, all, clients)) {
            TimeUnit.MILLISECONDS.sleep(RAMP_MILLIS);
            return load.measure(MEASURE_MILLIS, fleet::cpuMicros);
        }
    }

    private void note(String name, boolean our, Sample sample) {
        figures.add(name + ".rate", "/s", our, sample.rate());
        figures.add(name + ".p50", "ms", our, sample.p50());
        figures.add(name + ".p99", "ms", our, sample.p99());
        figures.add(name + ".cpu", "µs an operation", our, sample.cpu());
    }

    private void watch(String name, Fleet fleet, boolean our) throws InterruptedException {
        try (Connections all = fleet.connect(10);
                WatchLoad load = WatchLoad.start(all, WATCHERS)) {
            TimeUnit.MILLISECONDS.sleep(RAMP_MILLIS);
            Sample sample = load.measure(MEASURE_MILLIS, fleet::cpuMicros);
            figures.add(name + ".rate", "events/s", our, sample.rate());
            figures.add(name + ".cpu", "µs an event", our, sample.cpu());
        }
    }
}
