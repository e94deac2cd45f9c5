package io.jarnetes.etcd.server.simulation;

import io.jarnetes.etcd.server.simulation.Seeds.Failure;
import java.io.PrintStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code hack/simulate}: runs seeds, replays one, or shows that the checks look. */
final class Simulate {
    private static final long MUST_RATIO = 1000;
    private static final long SPEED_SEEDS = 400;
    private static final long WARM_UP_SEEDS = 400;
    private static final long MAX_SEEDS_TO_FIND_A_FAULT = 200;
    private static final long PROGRESS_EVERY = 1000;

    private final PrintStream out;
    private final int workers;

    private Simulate(PrintStream out, int workers) {
        this.out = out;
        this.workers = workers;
    }

    /** What was asked for. */
    private record Options(
            boolean check,
            @Nullable Long seed,
            long first,
            long count,
            PlantedFault fault,
            int workers) {

        static Options parse(String[] args) {
            Options o =
                    new Options(
                            false,
                            null,
                            0,
                            Long.MAX_VALUE,
                            PlantedFault.NONE,
                            Runtime.getRuntime().availableProcessors());
            for (int i = 0; i < args.length; i++) {
                if (args[i].equals("--check")) {
                    o = new Options(true, o.seed, o.first, o.count, o.fault, o.workers);
                } else {
                    o = o.with(args[i], i + 1 < args.length ? args[++i] : "");
                }
            }
            return o;
        }

        private Options with(String name, String value) {
            return switch (name) {
                case "--seed" ->
                        new Options(check, number(name, value), first, count, fault, workers);
                case "--first" ->
                        new Options(check, seed, number(name, value), count, fault, workers);
                case "--seeds" ->
                        new Options(check, seed, first, number(name, value), fault, workers);
                case "--fault" ->
                        new Options(check, seed, first, count, PlantedFault.of(value), workers);
                case "--workers" ->
                        new Options(check, seed, first, count, fault, (int) number(name, value));
                default ->
                        throw new IllegalArgumentException(
                                "unknown argument "
                                        + name
                                        + "; --seeds N, --first S, --seed S, --fault WORD,"
                                        + " --workers N or --check");
            };
        }

        private static long number(String name, String value) {
            try {
                return Long.parseLong(value);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        name + " wants a number, and got \"" + value + "\"", e);
            }
        }
    }

    public static void main(String[] args) {
        int status;
        try {
            Options options = Options.parse(args);
            status = new Simulate(System.out, options.workers).run(options) ? 0 : 1;
        } catch (IllegalArgumentException e) {
            System.err.println("hack/simulate: " + e.getMessage());
            status = 2;
        }
        System.exit(status);
    }

    private boolean run(Options options) {
        if (options.check) {
            return check();
        }
        return options.seed == null
                ? many(options.fault, options.first, options.count)
                : one(options.fault, options.seed);
    }

    private boolean one(PlantedFault fault, long seed) {
        try {
            Report report = fault.runner().apply(seed);
            out.println(report);
            out.printf("trace %016x%n", report.trace());
            return true;
        } catch (RuntimeException | Error e) {
            e.printStackTrace(out);
            out.println(new Failure(seed, fault, e).text());
            return false;
        }
    }

    private boolean many(PlantedFault fault, long first, long count) {
        long start = System.nanoTime();
        Seeds seeds =
                new Seeds(
                        fault,
                        first,
                        count,
                        runs -> {
                            if (runs % PROGRESS_EVERY == 0) {
                                out.println(runs + " seeds");
                            }
                        });
        Failure failure = seeds.run(workers);
        double wall = (System.nanoTime() - start) / 1e9;
        say(seeds, wall, workers);
        if (failure != null) {
            out.println(failure.text());
        } else {
            out.print(seeds.total().happened());
        }
        return failure == null;
    }

    private void say(Seeds seeds, double wall, int threads) {
        Seeds.Total total = seeds.total();
        out.printf(
                Locale.ROOT,
                "%d seeds, %d steps, %d writes, %d reads, %d watched events, %d old-term commits:"
                        + " %.0f simulated seconds in %.1f, %.0f to 1 with %d at once;"
                        + " %.0f to a CPU second%n",
                total.runs(),
                total.steps(),
                total.writes(),
                total.reads(),
                total.events(),
                total.oldTermCommits(),
                total.simulatedSeconds(),
                wall,
                total.simulatedSeconds() / wall,
                threads,
                total.simulatedSeconds() / seeds.cpuSeconds());
    }

    /** Speed, determinism, and every fault found. */
    private boolean check() {
        boolean good = checkSpeed();
        good &= checkSameTrace();
        for (PlantedFault fault : PlantedFault.values()) {
            good &= fault == PlantedFault.NONE || checkFound(fault);
        }
        out.println(good ? "ok" : "FAILED");
        return good;
    }

    private boolean checkSpeed() {
        Failure early = Seeds.of(PlantedFault.NONE, 0, WARM_UP_SEEDS).run(1);
        long start = System.nanoTime();
        Seeds seeds = Seeds.of(PlantedFault.NONE, 0, SPEED_SEEDS);
        Failure failure = early == null ? seeds.run(1) : early;
        double wall = (System.nanoTime() - start) / 1e9;
        if (failure != null) {
            out.println(failure.text());
            return false;
        }
        say(seeds, wall, 1);
        double ratio = seeds.total().simulatedSeconds() / wall;
        out.printf(
                Locale.ROOT,
                "simulated over wall seconds: %.0f on one core, of three members and, in a fifth of the"
                        + " seeds, five; must be at least %d%n",
                ratio,
                MUST_RATIO);
        return ratio >= MUST_RATIO;
    }

    private boolean checkSameTrace() {
        var runner = PlantedFault.NONE.runner();
        long first = runner.apply(1).trace();
        long second = runner.apply(1).trace();
        out.printf("seed 1 twice: traces %016x and %016x%n", first, second);
        return first == second;
    }

    private boolean checkFound(PlantedFault fault) {
        Failure failure = Seeds.of(fault, 0, MAX_SEEDS_TO_FIND_A_FAULT).run(workers);
        if (failure == null) {
            out.println(fault.word() + ": NOT FOUND in " + MAX_SEEDS_TO_FIND_A_FAULT + " seeds");
            return false;
        }
        String message = String.valueOf(failure.cause().getMessage());
        int line = message.indexOf('\n');
        out.println(
                fault.word()
                        + ": found by seed "
                        + failure.seed()
                        + ": "
                        + (line < 0 ? message : message.substring(0, line)));
        return true;
    }
}
