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
    private static final long TICK_MICROS = Timeline.millis(100);
    private static final int SHUTDOWN_MILLIS = 500;
    private static final int YOUNG_MICROS = 20_000;

    private final long id;
    private final World world;
    private final List<RawNode.Peer> founders;
    private final long tickMicros;
    private final Durable durable = new Durable();
    private final ArrayDeque<Runnable> inbox = new ArrayDeque<>();

    private @Nullable Life life;
    private int lives;
    private boolean removed;
    private boolean driving;
    private boolean woken;
    private long busyUntil;

    /**
     * @param founders the initial members if this is one of them, else nobody
     */
    Member(long id, World world, List<RawNode.Peer> founders) {
        this.id = id;
        this.world = world;
        this.founders = founders;
        // Clocks run up to a quarter too slow or too fast.
        this.tickMicros = TICK_MICROS * (80 + world.random().nextInt(45)) / 100;
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
        try {
            life = new Life(this, world, durable, Boot.read(id, durable, world, founders), lives);
        } catch (SimulatedDisk.CrashException e) {
            crashed();
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

    private void crashed() {
        durable.crash(world.random());
        stop();
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
            maybeCrash(world.profile().crashAfterVotePercent(), leaves + 1);
        }
    }

    /** A leader that goes before its first entry is committed leaves others half of its log. */
    void leads() {
        maybeCrash(
                world.profile().youngLeaderCrashPercent(),
                world.timeline().now() + world.random().nextInt(YOUNG_MICROS));
    }

    private void maybeCrash(int percent, long at) {
        if (world.random().nextInt(100) < percent) {
            int ofLife = lives;
            world.timeline()
                    .at(
                            at,
                            () -> {
                                if (lives == ofLife && !world.network().isCalm()) {
                                    crash(0);
                                }
                            });
        }
    }

    // ---- its raft thread

    private void tick(int ofLife) {
        Life now = life;
        if (now != null && lives == ofLife) {
            whenFree(now::tick);
            // In peace clocks run alike: without pre-vote the fastest, if it lacks entries, could
            // else keep all others from winning for long.
            long next = world.network().isCalm() ? TICK_MICROS : tickMicros;
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
            crashed();
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
