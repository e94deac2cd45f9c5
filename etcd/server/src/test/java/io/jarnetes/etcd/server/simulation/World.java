package io.jarnetes.etcd.server.simulation;

import java.util.random.RandomGenerator;

/** What all parts of one run share. */
record World(
        RandomGenerator random,
        Timeline timeline,
        Profile profile,
        Invariants invariants,
        Network network,
        Sabotage sabotage) {

    /** How long a sync takes: mostly short, sometimes a stall. */
    long syncMicros() {
        boolean stalls = random.nextInt(100) < profile.stallPercent();
        return stalls ? random.nextInt(400_000) : 100 + random.nextInt(3000);
    }
}
