package io.jarnetes.etcd.server.simulation;

import io.jarnetes.etcd.raft.ConfState;
import io.jarnetes.etcd.raft.Message;
import io.jarnetes.etcd.raft.MessageType;
import io.jarnetes.etcd.raft.RawNode;
import io.jarnetes.etcd.storage.backend.MemoryFile;
import io.jarnetes.etcd.storage.disk.SimulatedDisk;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A member over all its lives: its disk, its clock, and its raft thread, which does nothing else
 * while the disk is busy.
 */
final class Member {
    static final long TICK_MICROS = Timeline.millis(100);
    private static final int SHUTDOWN_MILLIS = 500;
    private static final int YOUNG_MICROS = 20_000;
    private static final int TICKS_OF_A_DRIFT = 50;
    private static final int MAX_FREEZE_MILLIS = 3000;

    private final long id;
    private final World world;
    private final Cluster cluster;
    private final List<RawNode.Peer> founders;
    private long tickMicros;
    private final Durable durable = new Durable();
    private final ArrayDeque<Runnable> inbox = new ArrayDeque<>();

    private @Nullable Life life;
    private int lives;
    private boolean removed;
    private boolean driving;
    private boolean woken;
    private long busyUntil;

    /** How far its clock is from the true one. */
    private long clockOff;

    private boolean slowDisk;
    private boolean dyingAtCommit;

    /**
     * @param founders the initial members if this is one of them, else nobody
     */
    Member(long id, World world, Cluster cluster, List<RawNode.Peer> founders) {
        this.id = id;
        this.world = world;
        this.cluster = cluster;
        this.founders = founders;
        this.tickMicros = drift();
    }

    /** How long a tick takes here, for a while. */
    private long drift() {
        int most = world.profile().driftPercent();
        return TICK_MICROS * (100 - most + world.random().nextInt(2 * most + 1)) / 100;
    }

    long id() {
        return id;
    }

    boolean isUp() {
        return life != null;
    }

    boolean isRemoved() {
        return removed;
    }

    @Nullable Life life() {
        return life;
    }

    boolean isLeader() {
        Life now = life;
        return now != null && now.isLeader();
    }

    /** 0 while it is down. */
    long term() {
        Life now = life;
        return now == null ? 0 : now.term();
    }

    /** The configuration that it goes by, null while it is down. */
    @Nullable ConfState confState() {
        Life now = life;
        return now == null ? null : now.node().confState();
    }

    // ---- life and death

    void boot() {
        slowDisk = world.random().nextInt(100) < world.profile().slowDiskPercent();
        dyingAtCommit = false;
        try {
            life = new Life(this, world, durable, Boot.read(id, durable, world, founders), lives);
        } catch (SimulatedDisk.CrashException e) {
            crashedInWrite();
            return;
        }
        busyUntil = world.timeline().now();
        int born = lives;
        world.timeline().in(world.random().nextLong(tickMicros), () -> tick(born));
        whenFree(() -> {});
    }

    /** The power goes, now or in the middle of one of the next writes. */
    void crash(int afterWrites) {
        if (life == null) {
            return;
        }
        if (afterWrites > 0) {
            durable.disk().crashAfter(afterWrites);
        } else {
            crashed();
        }
    }

    private void crashedInWrite() {
        world.tally().count(Happening.CRASH_IN_WRITE);
        crashed();
    }

    private void crashed() {
        SimulatedDisk.Losses losses = durable.crash(world.random());
        world.tally().count(Happening.CRASH);
        if (losses.lost() > 0) {
            world.tally().count(Happening.UNSYNCED_LOST);
        }
        if (losses.torn() > 0) {
            world.tally().count(Happening.WRITE_TORN);
        }
        if (world.random().nextBoolean()) {
            world.network().loseSent(id);
        }
        stop();
        if (cluster.isAllDown()) {
            world.tally().count(Happening.CRASH_OF_ALL);
        }
        int died = lives;
        boolean soon = world.random().nextInt(3) == 0;
        long down = Timeline.millis(2 + world.random().nextInt(soon ? 50 : 3000));
        world.timeline()
                .in(
                        down,
                        () -> {
                            if (lives == died && !removed) {
                                boot();
                            }
                        });
    }

    private void stop() {
        Life ended = life;
        life = null;
        lives++;
        inbox.clear();
        if (ended != null) {
            ended.end();
        }
    }

    /** It stops a while after it has applied that it is no longer a member. */
    void learnsOfItsRemoval() {
        int ofLife = lives;
        world.timeline()
                .in(
                        Timeline.millis(SHUTDOWN_MILLIS),
                        () -> {
                            if (life != null && lives == ofLife) {
                                removed = true;
                                stop();
                            }
                        });
    }

    /** A vote that is sent and then forgotten is the worst that can happen to an election. */
    void sent(Message m, long leaves) {
        if (m.type() == MessageType.MSG_VOTE_RESP && !m.reject()) {
            if (world.random().nextInt(100) < world.profile().crashAfterVotePercent()) {
                crashAt(leaves + 1, () -> {});
            }
        }
    }

    /**
     * It leads, and its first entry is on its disk. A leader that goes before anybody else has that
     * leaves logs that differ; one that goes as soon as it has committed something is the only one
     * that knows. It takes with it what it has sent (the Raft paper's figure 8 is made of these).
     */
    void leads() {
        dyingAtCommit = false;
        if (world.random().nextInt(100) < world.profile().youngLeaderCrashPercent()) {
            switch (world.random().nextInt(5)) {
                case 0, 1 -> dieYoung();
                case 2, 3 -> dyingAtCommit = true;
                default -> {
                    int age = world.random().nextInt(YOUNG_MICROS);
                    crashAt(world.timeline().now() + age, () -> {});
                }
            }
        }
    }

    /** As a leader it has committed something. */
    void commits() {
        if (dyingAtCommit) {
            dyingAtCommit = false;
            dieYoung();
        }
    }

    private void dieYoung() {
        crashAt(
                world.timeline().now(),
                () -> {
                    world.tally().count(Happening.CRASH_OF_YOUNG_LEADER);
                    world.network().loseSent(id);
                });
    }

    private void crashAt(long at, Runnable also) {
        int ofLife = lives;
        world.timeline()
                .at(
                        at,
                        () -> {
                            if (lives == ofLife && !world.network().isCalm()) {
                                also.run();
                                crash(0);
                            }
                        });
    }

    /** It stands still, as a process that is stopped or a machine that swaps; then goes on. */
    void freeze() {
        if (life != null) {
            long micros = Timeline.millis(1 + world.random().nextInt(MAX_FREEZE_MILLIS));
            if (micros > Boot.ELECTION_TICKS * TICK_MICROS) {
                world.tally().count(Happening.FROZEN);
            }
            busyUntil = Math.max(busyUntil, world.timeline().now() + micros);
        }
    }

    /** How long its disk is busy with a sync. */
    long syncMicros() {
        return world.syncMicros(slowDisk && !world.network().isCalm());
    }

    // ---- its raft thread

    private void tick(int ofLife) {
        Life now = life;
        if (now != null && lives == ofLife) {
            whenFree(now::tick);
            // In peace clocks run alike: without pre-vote the fastest, if it lacks entries, could
            // else keep all others from winning for long.
            long next = world.network().isCalm() ? TICK_MICROS : tickMicros;
            clockOff += next - TICK_MICROS;
            if (Math.abs(clockOff) > Boot.ELECTION_TICKS * TICK_MICROS) {
                world.tally().count(Happening.CLOCK_OFF);
                clockOff = 0;
            }
            if (world.random().nextInt(TICKS_OF_A_DRIFT) == 0) {
                tickMicros = drift();
            }
            world.timeline().in(next, () -> tick(ofLife));
        }
    }

    /** Makes the raft thread look what there is to do. */
    void wake() {
        whenFree(() -> {});
    }

    /** Does something on the raft thread as soon as the disk lets it, with all else that waits. */
    void whenFree(Runnable task) {
        inbox.addLast(task);
        if (driving || woken) {
            return;
        }
        if (world.timeline().now() >= busyUntil) {
            round();
            return;
        }
        woken = true;
        world.timeline()
                .at(
                        busyUntil,
                        () -> {
                            woken = false;
                            if (life != null) {
                                round();
                            }
                        });
    }

    /** As the real loop: all that has come in, then once what follows from it. */
    private void round() {
        driving = true;
        try {
            do {
                for (Runnable task = inbox.poll();
                        task != null && life != null;
                        task = inbox.poll()) {
                    task.run();
                }
                Life now = life;
                busyUntil = world.timeline().now() + (now == null ? 0 : now.drive());
            } while (!inbox.isEmpty() && world.timeline().now() >= busyUntil);
        } catch (SimulatedDisk.CrashException e) {
            crashedInWrite();
        } finally {
            driving = false;
        }
        if (!inbox.isEmpty()) {
            whenFree(inbox.removeLast());
        }
    }

    // ---- what others do to it

    /** Takes a message; false if the member is down. */
    boolean receive(Message m) {
        Life now = life;
        if (now == null || removed) {
            return false;
        }
        whenFree(() -> now.step(m));
        return true;
    }

    /** Takes a snapshot with its database, which is on disk before raft hears of it. */
    boolean receive(Message m, MemoryFile database) {
        if (life == null || removed) {
            return false;
        }
        durable.receive(m.snapshot().metadata().index(), database);
        return receive(m);
    }

    /** Does something with the member's life, if it has one. */
    void with(Consumer<Life> task) {
        Life now = life;
        if (now != null) {
            whenFree(() -> task.accept(now));
        }
    }

    @Override
    public String toString() {
        Life now = life;
        return id
                + (removed ? " removed" : "")
                + (now == null ? " down" : " " + now)
                + (busyUntil > world.timeline().now() ? " busy" : "");
    }
}
