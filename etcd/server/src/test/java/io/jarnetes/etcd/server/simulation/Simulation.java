package io.jarnetes.etcd.server.simulation;

import io.jarnetes.etcd.raft.ConfChangeType;
import io.jarnetes.etcd.raft.ConfState;
import io.jarnetes.etcd.raft.RawNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;

/** One run of a cluster under load and trouble, and then in peace. */
final class Simulation {
    private static final int FOUNDERS = 3;
    private static final int MAX_MEMBERS = 6;
    private static final int KEYS = 5;
    private static final long TROUBLE_MICROS = Timeline.millis(40_000);
    private static final long PEACE_MICROS = Timeline.millis(20_000);
    private static final long CLIENT_TIMEOUT_MICROS = Timeline.millis(5000);
    private static final int STEPS_BETWEEN_LOG_CHECKS = 500;

    private final RandomGenerator random;
    private final Timeline timeline = new Timeline();
    private final Invariants invariants = new Invariants();
    private final History history = new History();
    private final World world;
    private final List<Member> members = new ArrayList<>();
    private boolean trouble = true;
    private long commands;
    private long steps;

    Simulation(long seed, PlantedFault fault) {
        random = new Random(seed);
        Profile profile = Profile.random(random);
        Network network = new Network(timeline, random, profile, invariants);
        world = new World(random, timeline, profile, invariants, network, fault);
        List<RawNode.Peer> founders = new ArrayList<>();
        for (long id = 1; id <= FOUNDERS; id++) {
            founders.add(new RawNode.Peer(id, new byte[] {(byte) id}));
        }
        for (long id = 1; id <= FOUNDERS; id++) {
            join(new Member(id, world, founders));
        }
        for (int i = 0; i < profile.clients(); i++) {
            timeline.at(random.nextInt(1_000_000), this::client);
        }
        every(profile.cutMillis(), this::cut);
        every(profile.crashMillis(), this::crash);
        every(profile.changeMillis(), this::changeMembers);
        every(10_000, this::transfer);
    }

    private void join(Member member) {
        members.add(member);
        world.network().connect(member);
        timeline.at(timeline.now(), member::boot);
    }

    /** Runs it all; throws an AssertionError or whatever the code under test throws. */
    Report run() {
        runUntil(TROUBLE_MICROS);
        trouble = false;
        world.network().calm();
        long promised = history.promised();
        runUntil(TROUBLE_MICROS + PEACE_MICROS);
        checkPeace(promised);
        return new Report(
                timeline.now(),
                steps,
                history.puts(),
                history.reads(),
                invariants.leaderCount(),
                invariants.highest());
    }

    /** What happened in a run. */
    record Report(
            long simulatedMicros, long steps, int puts, int reads, int leaders, long entries) {}

    private void runUntil(long end) {
        while (timeline.runNext(end)) {
            if (++steps % STEPS_BETWEEN_LOG_CHECKS == 0) {
                checkLogs();
            }
        }
    }

    private void checkLogs() {
        invariants.match(members.stream().filter(Member::isUp).map(Member::storage).toList());
    }

    /** In the end all voters are up, lead by somebody, and have all that was promised. */
    private void checkPeace(long promised) {
        checkLogs();
        Member leader =
                members.stream()
                        .filter(Member::isLeader)
                        .max(Comparator.comparingLong(Simulation::term))
                        .orElseThrow(() -> new AssertionError("no leader after the trouble"));
        if (history.promised() <= promised) {
            throw new AssertionError("nothing was written after the trouble");
        }
        ConfState conf = leader.node().confState();
        for (Member m : members) {
            boolean voter = conf.voters().contains(m.id());
            if (voter && (!m.isUp() || m.appliedIndex() < promised)) {
                throw new AssertionError(
                        m.id()
                                + " has applied "
                                + (m.isUp() ? m.appliedIndex() : "nothing, it is down")
                                + ", promised was "
                                + promised);
            }
        }
    }

    private static long term(Member m) {
        return m.node().hardState().term();
    }

    // ---- clients

    private void client() {
        List<Member> up = members.stream().filter(m -> m.isUp() && isOffered(m)).toList();
        long pause = Timeline.millis(1 + random.nextInt(50));
        if (up.isEmpty()) {
            timeline.at(timeline.now() + pause, this::client);
            return;
        }
        Member m = up.get(random.nextInt(up.size()));
        long floor = history.begin();
        Once next = new Once(() -> timeline.at(timeline.now() + pause, this::client));
        if (random.nextInt(3) == 0) {
            m.read(index -> {
                history.readEnded(floor, index);
                next.run();
            });
        } else {
            String command = "k" + random.nextInt(KEYS) + "=" + commands++;
            m.put(
                    command,
                    index -> {
                        history.putEnded(floor, index);
                        next.run();
                    });
        }
        timeline.at(timeline.now() + CLIENT_TIMEOUT_MICROS, next::run);
    }

    /**
     * In peace clients know who is a member: who was removed and hasn't heard of it stays silent.
     */
    private boolean isOffered(Member m) {
        Member leader = leaderOr(m);
        return trouble || (leader.isUp() && leader.node().confState().voters().contains(m.id()));
    }

    /** A client goes on once: when it is answered, or when it gives up. */
    private static final class Once {
        private final Runnable task;
        private boolean done;

        Once(Runnable task) {
            this.task = task;
        }

        void run() {
            if (!done) {
                done = true;
                task.run();
            }
        }
    }

    // ---- trouble

    private void every(int meanMillis, Runnable task) {
        if (meanMillis > 0) {
            long wait = Timeline.millis(1 + random.nextInt(2 * meanMillis));
            timeline.at(
                    timeline.now() + wait,
                    () -> {
                        if (trouble) {
                            task.run();
                            every(meanMillis, task);
                        }
                    });
        }
    }

    private Member anyone() {
        return members.get(random.nextInt(members.size()));
    }

    /** Cuts a member off, in one or both directions, for a while. */
    private void cut() {
        Member victim = random.nextBoolean() ? anyone() : leaderOrAnyone();
        int ways = random.nextInt(3);
        for (Member other : members) {
            if (other != victim) {
                if (ways != 0) {
                    world.network().cut(victim.id(), other.id());
                }
                if (ways != 1) {
                    world.network().cut(other.id(), victim.id());
                }
            }
        }
        long healAt = timeline.now() + Timeline.millis(200 + random.nextInt(6000));
        timeline.at(healAt, world.network()::heal);
    }

    private Member leaderOrAnyone() {
        return leaderOr(anyone());
    }

    private Member leaderOr(Member other) {
        return members.stream()
                .filter(Member::isLeader)
                .max(Comparator.comparingLong(Simulation::term))
                .orElse(other);
    }

    private void crash() {
        if (random.nextInt(6) == 0) {
            members.forEach(m -> m.crash(random.nextInt(2)));
        } else {
            anyone().crash(random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(30));
        }
    }

    private void transfer() {
        Member leader = leaderOrAnyone();
        if (leader.isUp()) {
            leader.transfer(anyone().id());
        }
    }

    /** One step of growing, promoting or shrinking, as an administrator would do it. */
    private void changeMembers() {
        Member leader = leaderOrAnyone();
        if (!leader.isUp()) {
            return;
        }
        ConfState conf = leader.node().confState();
        if (!conf.learners().isEmpty() && random.nextBoolean()) {
            leader.change(ConfChangeType.ADD_NODE, conf.learners().getFirst());
        } else if (conf.voters().size() > FOUNDERS - 1 && random.nextBoolean()) {
            long victim = conf.voters().get(random.nextInt(conf.voters().size()));
            leader.change(ConfChangeType.REMOVE_NODE, victim);
        } else if (members.size() < MAX_MEMBERS) {
            long id = members.size() + 1L;
            join(new Member(id, world, List.of()));
            leader.change(
                    random.nextBoolean()
                            ? ConfChangeType.ADD_LEARNER_NODE
                            : ConfChangeType.ADD_NODE,
                    id);
        }
    }
}
