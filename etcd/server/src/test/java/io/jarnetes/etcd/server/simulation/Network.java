package io.jarnetes.etcd.server.simulation;

import io.jarnetes.etcd.raft.Message;
import io.jarnetes.etcd.raft.MessageType;
import io.jarnetes.etcd.storage.backend.MemoryFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Messages on their way: lost, doubled, delayed, out of order; cuts in one or both directions. */
final class Network {
    private static final int SNAPSHOT_DELAYS = 20;
    private static final int SNAPSHOTS_BROKEN_OFF_PERCENT = 15;
    private static final int MAX_MEMBERS = 32;

    private final Timeline timeline;
    private final RandomGenerator random;
    private final Profile profile;
    private final Invariants invariants;
    private final Tally tally;
    private final List<@Nullable Member> members = new ArrayList<>();

    /** A bit for each member that a member's messages don't reach. */
    private final long[] cuts = new long[MAX_MEMBERS];

    /** By sender: messages with lower numbers went down with it. */
    private final long[] forgotten = new long[MAX_MEMBERS];

    /** By sender and receiver: the highest number that has arrived. */
    private final long[] arrived = new long[MAX_MEMBERS * MAX_MEMBERS];

    private long sent;
    private boolean calm;

    Network(
            Timeline timeline,
            RandomGenerator random,
            Profile profile,
            Invariants invariants,
            Tally tally) {
        this.timeline = timeline;
        this.random = random;
        this.profile = profile;
        this.invariants = invariants;
        this.tally = tally;
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

    private boolean isCut(long from, long to) {
        return (cuts[(int) from] >> to & 1) != 0;
    }

    private boolean isCut(Message m) {
        boolean cut = isCut(m.from(), m.to());
        if (cut) {
            boolean both = isCut(m.to(), m.from());
            tally.count(both ? Happening.CUT_BOTH_WAYS : Happening.CUT_ONE_WAY);
        }
        return cut;
    }

    /** A member crashes, and what it has sent and nobody got yet goes with it. */
    void loseSent(long from) {
        forgotten[(int) from] = sent;
    }

    void heal() {
        Arrays.fill(cuts, 0);
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
        boolean lost = random.nextInt(100) < profile.lossPercent() && !calm;
        if (lost) {
            tally.count(Happening.MESSAGE_LOST);
        }
        return lost;
    }

    /** Sends one message that leaves at {@code time}. */
    void send(Message m, long time) {
        invariants.sent(m);
        sent++;
        if (!isLost()) {
            deliverLater(m, time);
        }
        // One connection never doubles a proposal; other messages may be sent again by raft.
        boolean doubled = random.nextInt(100) < profile.doublePercent() && !calm;
        if (doubled && m.type() != MessageType.MSG_PROP) {
            tally.count(Happening.MESSAGE_DOUBLED);
            deliverLater(m, time + random.nextInt(200_000));
        }
    }

    private void deliverLater(Message m, long time) {
        long number = sent;
        timeline.at(time + delay(), () -> deliver(m, number));
    }

    private long delay() {
        boolean slow = random.nextInt(100) < profile.delayedPercent() && !calm;
        if (slow) {
            tally.count(Happening.MESSAGE_DELAYED);
            return random.nextInt(500_000);
        }
        return 100 + random.nextInt(2000);
    }

    private void deliver(Message m, long number) {
        Member to = member(m.to());
        if (to == null || number <= forgotten[(int) m.from()] || isCut(m)) {
            return;
        }
        int way = (int) (m.from() * MAX_MEMBERS + m.to());
        if (number < arrived[way]) {
            tally.count(Happening.MESSAGE_OVERTOOK);
        } else {
            arrived[way] = number;
        }
        to.receive(m);
    }

    /** A snapshot and its database; the sender hears how it ended, as the transport would tell. */
    void sendSnapshot(Message m, MemoryFile database) {
        invariants.sent(m);
        boolean brokenOff = random.nextInt(100) < SNAPSHOTS_BROKEN_OFF_PERCENT && !calm;
        boolean lost = brokenOff || isLost();
        timeline.in(
                SNAPSHOT_DELAYS * delay(),
                () -> {
                    Member to = member(m.to());
                    boolean reaches = !lost && !isCut(m) && to != null;
                    boolean delivered = reaches && to != null && to.receive(m, database);
                    Member from = member(m.from());
                    if (!delivered) {
                        tally.count(Happening.SNAPSHOT_FAILED);
                    }
                    if (from != null) {
                        from.with(life -> life.node().reportSnapshot(m.to(), delivered));
                    }
                });
    }
}
