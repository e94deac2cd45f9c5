package io.jarnetes.etcd.server.simulation;

import io.jarnetes.etcd.raft.Message;
import io.jarnetes.etcd.raft.MessageType;
import io.jarnetes.etcd.storage.backend.MemoryFile;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Messages on their way: lost, doubled, delayed, out of order; cuts in one or both directions. */
final class Network {
    private static final int SNAPSHOT_DELAYS = 20;
    private static final int MAX_MEMBERS = 64;

    private final Timeline timeline;
    private final RandomGenerator random;
    private final Profile profile;
    private final Invariants invariants;
    private final List<@Nullable Member> members = new ArrayList<>();

    /** A bit for each member that a member's messages don't reach. */
    private final long[] cuts = new long[MAX_MEMBERS];

    private boolean calm;

    Network(Timeline timeline, RandomGenerator random, Profile profile, Invariants invariants) {
        this.timeline = timeline;
        this.random = random;
        this.profile = profile;
        this.invariants = invariants;
        members.add(null);
    }

    /** Members come in the order of their numbers, from 1. */
    void connect(Member member) {
        members.add(member);
    }

    private @Nullable Member member(long id) {
        return id < members.size() ? members.get((int) id) : null;
    }

    void cut(long from, long to) {
        cuts[(int) from] |= 1L << to;
    }

    private boolean isCut(Message m) {
        return (cuts[(int) m.from()] >> m.to() & 1) != 0;
    }

    void heal() {
        java.util.Arrays.fill(cuts, 0);
    }

    /** From here on nothing is lost. */
    void calm() {
        calm = true;
        heal();
    }

    boolean isCalm() {
        return calm;
    }

    private boolean isLost() {
        return random.nextInt(100) < profile.lossPercent() && !calm;
    }

    /** Sends one message that leaves at {@code time}. */
    void send(Message m, long time) {
        invariants.sent(m);
        if (!isLost()) {
            deliverLater(m, time);
        }
        // One connection never doubles a proposal; other messages may be sent again by raft.
        boolean doubled = random.nextInt(100) < profile.doublePercent() && !calm;
        if (doubled && m.type() != MessageType.MSG_PROP) {
            deliverLater(m, time + random.nextInt(200_000));
        }
    }

    private void deliverLater(Message m, long time) {
        timeline.at(time + delay(), () -> deliver(m));
    }

    private long delay() {
        boolean slow = random.nextInt(100) < profile.delayedPercent() && !calm;
        return slow ? random.nextInt(500_000) : 100 + random.nextInt(2000);
    }

    private void deliver(Message m) {
        Member to = member(m.to());
        if (to != null && !isCut(m)) {
            to.receive(m);
        }
    }

    /** A snapshot and its database; the sender hears how it ended, as the transport would tell. */
    void sendSnapshot(Message m, MemoryFile database) {
        invariants.sent(m);
        boolean lost = isLost();
        timeline.in(
                SNAPSHOT_DELAYS * delay(),
                () -> {
                    Member to = member(m.to());
                    boolean reaches = !lost && !isCut(m) && to != null;
                    boolean delivered = reaches && to != null && to.receive(m, database);
                    Member from = member(m.from());
                    if (from != null) {
                        from.with(life -> life.node().reportSnapshot(m.to(), delivered));
                    }
                });
    }
}
