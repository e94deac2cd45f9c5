package io.jarnetes.etcd.server.simulation;

import io.jarnetes.etcd.raft.ConfChangeType;
import io.jarnetes.etcd.raft.ConfState;
import java.util.random.RandomGenerator;

/** What befalls a cluster: cuts, crashes, changes of its members and its leader. */
final class Troubles {
    private static final int MAX_MEMBERS = 6;
    private static final int TRANSFER_MILLIS = 10_000;

    private final World world;
    private final RandomGenerator random;
    private final Cluster cluster;

    Troubles(World world, Cluster cluster) {
        this.world = world;
        this.random = world.random();
        this.cluster = cluster;
    }

    void start() {
        Profile profile = world.profile();
        every(profile.cutMillis(), this::cut);
        every(profile.crashMillis(), this::crash);
        every(profile.changeMillis(), this::changeMembers);
        every(TRANSFER_MILLIS, this::transfer);
    }

    private void every(int meanMillis, Runnable task) {
        if (meanMillis > 0) {
            long wait = Timeline.millis(1 + random.nextInt(2 * meanMillis));
            world.timeline()
                    .in(
                            wait,
                            () -> {
                                if (!world.network().isCalm()) {
                                    task.run();
                                    every(meanMillis, task);
                                }
                            });
        }
    }

    /** Cuts a member off, in one or both directions, for a while. */
    private void cut() {
        Member victim = random.nextBoolean() ? cluster.anyone() : cluster.leaderOrAnyone();
        int ways = random.nextInt(3);
        for (Member other : cluster.members()) {
            if (other != victim) {
                if (ways != 0) {
                    world.network().cut(victim.id(), other.id());
                }
                if (ways != 1) {
                    world.network().cut(other.id(), victim.id());
                }
            }
        }
        world.timeline().in(Timeline.millis(200 + random.nextInt(6000)), world.network()::heal);
    }

    private void crash() {
        if (random.nextInt(6) == 0) {
            cluster.members().forEach(m -> m.crash(random.nextInt(2)));
        } else {
            cluster.anyone().crash(random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(30));
        }
    }

    private void transfer() {
        long to = cluster.anyone().id();
        cluster.leaderOrAnyone().with(life -> life.node().transferLeadership(to));
    }

    /** One step of growing, promoting or shrinking, as an administrator would do it. */
    private void changeMembers() {
        Member leader = cluster.leaderOrAnyone();
        ConfState conf = leader.confState();
        if (conf == null) {
            return;
        }
        if (!conf.learners().isEmpty() && random.nextBoolean()) {
            long learner = conf.learners().getFirst();
            leader.with(life -> life.change(ConfChangeType.ADD_NODE, learner));
        } else if (conf.voters().size() > Cluster.FOUNDERS - 1 && random.nextBoolean()) {
            long victim = conf.voters().get(random.nextInt(conf.voters().size()));
            leader.with(life -> life.change(ConfChangeType.REMOVE_NODE, victim));
        } else if (cluster.members().size() < MAX_MEMBERS) {
            long id = cluster.join();
            ConfChangeType type =
                    random.nextBoolean()
                            ? ConfChangeType.ADD_LEARNER_NODE
                            : ConfChangeType.ADD_NODE;
            leader.with(life -> life.change(type, id));
        }
    }
}
