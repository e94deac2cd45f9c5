package io.jarnetes.etcd.server.simulation;

import java.util.random.RandomGenerator;

/**
 * How rough one run is. Each seed has its own, because faults hide behind other faults: where
 * everything breaks all the time nothing is committed, and nothing can be lost.
 *
 * @param founders how many members there are at first
 * @param lossPercent messages that never arrive
 * @param doublePercent messages that arrive twice
 * @param delayedPercent messages that take long
 * @param cutMillis mean time between partitions, 0 for none
 * @param crashMillis mean time between crashes, 0 for none
 * @param changeMillis mean time between membership changes, 0 for none
 * @param stallPercent syncs that take long
 * @param snapshotEntries entries between two snapshots
 * @param crashAfterVotePercent votes after which the voter crashes, and is back soon
 * @param clients concurrent clients
 * @param pauseMillis the longest that a client rests between two operations
 * @param watchers concurrent watchers
 * @param youngLeaderCrashPercent new leaders that crash soon, some as soon as their first entry is
 *     on their own disk, some as soon as they commit
 * @param messageBytes the largest append: where it is small a leader's old and new entries arrive
 *     apart
 * @param preVote whether members ask before they campaign
 * @param driftPercent how much too slow or too fast a clock may run at most
 * @param freezeMillis mean time between members that stand still for a while, 0 for none
 * @param slowDiskPercent lives of members in which the disk is slow all the time
 * @param valueBytes how much longer values are than they need be: large ones lie in more than one
 *     sector, and can be torn
 */
record Profile(
        int founders,
        int lossPercent,
        int doublePercent,
        int delayedPercent,
        int cutMillis,
        int crashMillis,
        int changeMillis,
        int stallPercent,
        int snapshotEntries,
        int crashAfterVotePercent,
        int clients,
        int pauseMillis,
        int watchers,
        int youngLeaderCrashPercent,
        long messageBytes,
        boolean preVote,
        int driftPercent,
        int freezeMillis,
        int slowDiskPercent,
        int valueBytes) {

    static Profile random(RandomGenerator random) {
        return new Profile(
                random.nextInt(5) == 0 ? 5 : 3,
                random.nextInt(3) == 0 ? 0 : random.nextInt(15),
                random.nextInt(10),
                random.nextInt(3) == 0 ? 0 : random.nextInt(20),
                random.nextInt(3) == 0 ? 0 : 2000 + random.nextInt(8000),
                random.nextInt(4) == 0 ? 0 : 1500 + random.nextInt(8000),
                random.nextInt(3) == 0 ? 2000 + random.nextInt(6000) : 0,
                random.nextInt(3) == 0 ? 0 : random.nextInt(10),
                20 << random.nextInt(5),
                random.nextInt(3) == 0 ? 10 + random.nextInt(60) : 0,
                1 + random.nextInt(6),
                40 << random.nextInt(6),
                1 + random.nextInt(3),
                random.nextInt(2) == 0 ? 10 + random.nextInt(90) : 0,
                random.nextInt(2) == 0 ? 1 + random.nextInt(50) : 1 << 20,
                random.nextInt(3) > 0,
                random.nextInt(4) == 0 ? 0 : random.nextInt(50),
                random.nextInt(3) == 0 ? 3000 + random.nextInt(9000) : 0,
                random.nextInt(4) == 0 ? random.nextInt(40) : 0,
                random.nextInt(5) == 0 ? 300 + random.nextInt(1500) : 0);
    }
}
