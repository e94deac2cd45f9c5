package io.jarnetes.etcd.server.simulation;

import io.jarnetes.etcd.raft.ConfState;
import io.jarnetes.etcd.server.linearizability.Linearizability;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;

/** One run of a cluster under load and trouble, and then in peace. */
final class Simulation {
    private static final long TROUBLE_MICROS = Timeline.millis(40_000);
    private static final long PEACE_MICROS = Timeline.millis(20_000);

    private final Trace trace = new Trace();
    private final Timeline timeline = new Timeline(trace);
    private final Tally tally = new Tally();
    private final Invariants invariants;
    private final World world;
    private final Cluster cluster;
    private final Troubles troubles;
    private final Client.Workload load;
    private final List<WatchClient> watchers = new ArrayList<>();
    private long steps;

    Simulation(long seed, Sabotage sabotage) {
        RandomGenerator random = new SplittableRandom(seed);
        Profile profile = Profile.random(random);
        List<Long> founders = LongStream.rangeClosed(1, profile.founders()).boxed().toList();
        invariants = new Invariants(trace, tally, ConfState.ofVoters(founders));
        Network network = new Network(timeline, random, profile, invariants, tally);
        world = new World(random, timeline, profile, tally, invariants, network, sabotage);
        cluster = new Cluster(world);
        load = new Client.Workload(world, cluster);
        for (int i = 0; i < profile.clients(); i++) {
            new Client(load).start();
        }
        for (int i = 0; i < profile.watchers(); i++) {
            WatchClient watcher = new WatchClient(world, cluster);
            watcher.start();
            watchers.add(watcher);
        }
        troubles = new Troubles(world, cluster);
        troubles.start();
    }

    /** Runs seeds without a fault that is planted in a place of its own. */
    static LongFunction<Report> runner() {
        return seed -> new Simulation(seed, new Sabotage()).run();
    }

    /** Runs it all; throws an AssertionError or whatever the code under test throws. */
    Report run() {
        runUntil(TROUBLE_MICROS);
        world.network().calm();
        troubles.settle();
        long promised = load.realTime.promised();
        long revision = invariants.model().revision();
        runUntil(TROUBLE_MICROS + PEACE_MICROS);
        boolean healed = cluster.leader() != null || !mayElectForLong();
        if (healed) {
            checkPeace(promised);
            watchers.forEach(watcher -> watcher.checkComplete(revision));
        }
        Linearizability.verify(load.history.operations());
        return new Report(
                world.profile().founders(),
                TROUBLE_MICROS + PEACE_MICROS,
                steps,
                load.realTime.writes(),
                load.realTime.reads(),
                watchers.stream().mapToLong(WatchClient::events).sum(),
                healed,
                invariants.leaderCount(),
                tally.oldTermCommits(),
                tally.counts(),
                trace.hash());
    }

    private void runUntil(long end) {
        while (timeline.runNext(end)) {
            steps++;
        }
    }

    /**
     * Whether somebody who can't win may keep others from winning for as long as chance wants: it
     * counts on the vote of a member that was removed and is gone, of which it hasn't heard, and
     * without pre-vote its terms run ahead. Those who could win are never told, as upstream's
     * aren't.
     */
    private boolean mayElectForLong() {
        return !world.profile().preVote()
                && cluster.members().stream()
                        .map(Member::confState)
                        .anyMatch(conf -> conf != null && cluster.hasRemoved(conf.voters()));
    }

    /** In the end all voters are up, lead by somebody, and have all that was promised. */
    private void checkPeace(long promised) {
        Member leader = cluster.leader();
        ConfState conf = leader == null ? null : leader.confState();
        if (conf == null) {
            throw new AssertionError("no leader after the trouble\n" + cluster);
        }
        if (load.realTime.promised() <= promised) {
            throw new AssertionError("nothing was written after the trouble\n" + cluster);
        }
        for (Member m : cluster.members()) {
            if (conf.voters().contains(m.id())) {
                Life life = m.life();
                long has = life == null ? 0 : life.machine().index();
                if (has < promised) {
                    throw new AssertionError(
                            m.id() + " has applied " + has + ", promised was " + promised);
                }
            }
        }
    }
}
