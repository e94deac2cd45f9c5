package io.jarnetes.etcd.server.simulation;

import java.util.random.RandomGenerator;

/** What all parts of one run share. */
record World(
        RandomGenerator random,
        Timeline timeline,
        Profile profile,
        Tally tally,
        Invariants invariants,
        Network network,
        Sabotage sabotage) {
    private static final int STALL_MICROS = 400_000;
    private static final int SYNC_MICROS = 3000;
    private static final int SLOW_DISK_FACTOR = 30;

    /**
     * How long a sync takes: mostly short, sometimes a stall.
     *
     * @param slow whether the disk is a bad one
     */
    long syncMicros(boolean slow) {
        boolean stalls = random.nextInt(100) < profile.stallPercent();
        long micros = stalls ? random.nextInt(STALL_MICROS) : 100 + random.nextInt(SYNC_MICROS);
        micros *= slow ? SLOW_DISK_FACTOR : 1;
        if (micros > Member.TICK_MICROS) {
            tally.count(Happening.DISK_STALLED);
        }
        return micros;
    }
}
