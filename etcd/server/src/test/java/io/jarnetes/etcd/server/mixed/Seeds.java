package io.jarnetes.etcd.server.mixed;

import java.util.concurrent.ThreadLocalRandom;

/** Seeds of random runs. */
final class Seeds {
    private Seeds() {}

    /** What a run with a seed does. */
    interface Run {
        void with(long seed) throws Exception;
    }

    /** Runs with a new seed, or with that of {@code -Dseed=N}; a failure says which. */
    static void run(Run run) {
        Long given = Long.getLong("seed");
        long seed = given == null ? ThreadLocalRandom.current().nextLong() : given;
        try {
            run.with(seed);
        } catch (Exception | AssertionError e) {
            throw new AssertionError("with -Dseed=" + seed + ": " + e.getMessage(), e);
        }
    }
}
