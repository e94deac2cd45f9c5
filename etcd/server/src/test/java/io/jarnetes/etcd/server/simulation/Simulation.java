package io.jarnetes.etcd.server.simulation;

import io.jarnetes.etcd.raft.ConfState;
import io.jarnetes.etcd.server.linearizability.Linearizability;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** One run of a cluster under load and trouble, and then in peace. */
final class Simulation {
    private static final long TROUBLE_MICROS = Timeline.millis(40_000);
    private static final long PEACE_MICROS = Timeline.millis(20_000);

    private final Trace trace = new Trace();
    private final Timeline timeline = new Timeline(trace);
    private final Invariants invariants = new Invariants(trace);
    private final World world;
    private final Cluster cluster;
    private final Client.Workload load;
    private final List<WatchClient> watchers = new ArrayList<>();
    private long steps;

    Simulation(long seed, Sabotage sabotage) {
        RandomGenerator random = new SplittableRandom(seed);
        Profile profile = Profile.random(random);
        Network network = new Network(timeline, random, profile, invariants);
        world = new World(random, timeline, profile, invariants, network, sabotage);
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
        new Troubles(world, cluster).start();
    }

    /** Runs it all; throws an AssertionError or whatever the code under test throws. */
    Report run() {
        runUntil(TROUBLE_MICROS);
        world.network().calm();
        long promised = load.realTime.promised();
        long revision = invariants.model().revision();
        runUntil(TROUBLE_MICROS + PEACE_MICROS);
        checkPeace(promised);
        watchers.forEach(watcher -> watcher.checkComplete(revision));
        Linearizability.verify(load.history.operations());
        return new Report(
                TROUBLE_MICROS + PEACE_MICROS,
                steps,
                load.realTime.writes(),
                load.realTime.reads(),
                watchers.stream().mapToLong(WatchClient::events).sum(),
                invariants.leaderCount(),
                trace.hash());
    }

    /**
     * What happened in a run.
     *
     * @param trace a hash of all of it
     */
    record Report(
            long simulatedMicros,
            long steps,
            int writes,
            int reads,
            long events,
            int leaders,
            long trace) {}

    private void runUntil(long end) {
        while (timeline.runNext(end)) {
            steps++;
        }
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
