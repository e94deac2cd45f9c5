package io.jarnetes.etcd.server.simulation;

import io.jarnetes.etcd.raft.ConfChangeSingle;
import io.jarnetes.etcd.raft.ConfChangeType;
import io.jarnetes.etcd.raft.ConfChangeV2;
import io.jarnetes.etcd.raft.ConfChangeV2.Transition;
import io.jarnetes.etcd.raft.ConfState;
import java.util.List;
import java.util.random.RandomGenerator;

/** What befalls a cluster: cuts, crashes, changes of its members and its leader. */
final class Troubles {
    /** Members that may join a run, one after the other. */
    private static final int MOST_NEWCOMERS = 6;

    private static final int TRANSFER_MILLIS = 10_000;
    private static final int SETTLE_MILLIS = 3000;

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
        every(profile.freezeMillis(), () -> cluster.anyone().freeze());
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

    /** Cuts the cluster in two for a while, or a member off, in one or both directions. */
    private void cut() {
        if (random.nextInt(3) == 0) {
            split();
        } else {
            cutOff();
        }
        world.timeline().in(Timeline.millis(200 + random.nextInt(6000)), world.network()::heal);
    }

    private void split() {
        int side = random.nextInt(1 << cluster.members().size());
        int others = cluster.members().size() - Integer.bitCount(side);
        if (Integer.bitCount(side) > 1 && others > 1) {
            world.tally().count(Happening.SPLIT);
        }
        for (Member from : cluster.members()) {
            for (Member to : cluster.members()) {
                if ((side >> from.id() - 1 & 1) != (side >> to.id() - 1 & 1)) {
                    world.network().cut(from.id(), to.id());
                }
            }
        }
    }

    private void cutOff() {
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
        Member from = cluster.leaderOrAnyone();
        from.with(life -> {
            life.node().transferLeadership(to);
            if (life.isLeader() && to != from.id()) {
                world.tally().count(Happening.LEADER_TRANSFERRED);
            }
        });
    }

    /** One step of growing, promoting or shrinking, as an administrator would do it. */
    private void changeMembers() {
        Member leader = cluster.leaderOrAnyone();
        ConfState conf = leader.confState();
        if (conf == null || conf.voters().isEmpty()) {
            return;
        }
        boolean large = conf.voters().size() > world.profile().founders() - 1;
        boolean room = cluster.members().size() < world.profile().founders() + MOST_NEWCOMERS;
        if (!conf.votersOutgoing().isEmpty() && !conf.autoLeave()) {
            leader.with(life -> life.change(ConfChangeV2.leaveJoint()));
        } else if (!conf.learners().isEmpty() && random.nextBoolean()) {
            long learner = oneOf(conf.learners());
            boolean promote = random.nextInt(4) > 0;
            ConfChangeType type = promote ? ConfChangeType.ADD_NODE : ConfChangeType.REMOVE_NODE;
            leader.with(life -> life.change(type, learner));
        } else if (large && random.nextBoolean()) {
            long victim = oneOf(conf.voters());
            leader.with(life -> life.change(ConfChangeType.REMOVE_NODE, victim));
        } else if (room && large && random.nextInt(3) > 0) {
            // Of two voters the one that stays couldn't win alone if the other left unheard.
            replace(leader, oneOf(conf.voters()));
        } else if (room) {
            long id = cluster.join();
            ConfChangeType type =
                    random.nextBoolean()
                            ? ConfChangeType.ADD_LEARNER_NODE
                            : ConfChangeType.ADD_NODE;
            leader.with(life -> life.change(type, id));
        }
    }

    private long oneOf(List<Long> ids) {
        return ids.get(random.nextInt(ids.size()));
    }

    /** A voter for another in one step; the leader leaves the joint configuration, or we ask. */
    private void replace(Member leader, long victim) {
        long id = cluster.join();
        Transition transition = random.nextBoolean() ? Transition.AUTO : Transition.JOINT_EXPLICIT;
        List<ConfChangeSingle> changes =
                List.of(
                        new ConfChangeSingle(ConfChangeType.ADD_NODE, id),
                        new ConfChangeSingle(ConfChangeType.REMOVE_NODE, victim));
        ConfChangeV2 change = new ConfChangeV2(transition, changes, new byte[0]);
        leader.with(life -> life.change(change));
    }

    /** In peace nobody is left between two configurations. */
    void settle() {
        Member leader = cluster.leader();
        ConfState conf = leader == null ? null : leader.confState();
        if (leader != null && conf != null && !conf.votersOutgoing().isEmpty()) {
            leader.with(life -> life.change(ConfChangeV2.leaveJoint()));
        }
        world.timeline().in(Timeline.millis(SETTLE_MILLIS), this::settle);
    }
}
