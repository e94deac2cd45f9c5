package io.jarnetes.etcd.server.simulation;

import io.jarnetes.etcd.raft.Message;
import io.jarnetes.etcd.raft.MessageType;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** Messages on their way: lost, doubled, delayed, out of order; cuts in one or both directions. */
final class Network {
    private record Way(long from, long to) {}

    private final Timeline timeline;
    private final RandomGenerator random;
    private final Profile profile;
    private final Invariants invariants;
    private final Map<Long, Member> members = new TreeMap<>(Long::compareUnsigned);
    private final Set<Way> cuts = new HashSet<>();
    private boolean calm;

    Network(Timeline timeline, RandomGenerator random, Profile profile, Invariants invariants) {
        this.timeline = timeline;
        this.random = random;
        this.profile = profile;
        this.invariants = invariants;
    }

    void connect(Member member) {
        members.put(member.id(), member);
    }

    void cut(long from, long to) {
        cuts.add(new Way(from, to));
    }

    void heal() {
        cuts.clear();
    }

    /** From here on nothing is lost. */
    void calm() {
        calm = true;
        heal();
    }

    boolean isCalm() {
        return calm;
    }

    /** Sends one message that leaves at {@code time}. */
    void send(Message m, long time) {
        invariants.sent(m);
        boolean lost = random.nextInt(100) < profile.lossPercent() && !calm;
        if (m.type() == MessageType.MSG_SNAP) {
            sendSnapshot(m, time, lost);
            return;
        }
        if (!lost) {
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
        Member to = members.get(m.to());
        if (to != null && !cuts.contains(new Way(m.from(), m.to()))) {
            to.receive(m);
        }
    }

    /** The sender hears how it ended, as the transport would tell it. */
    private void sendSnapshot(Message m, long time, boolean lost) {
        timeline.at(
                time + 20 * delay(),
                () -> {
                    Member to = members.get(m.to());
                    boolean cutOff = cuts.contains(new Way(m.from(), m.to()));
                    boolean delivered = !lost && !cutOff && to != null && to.receive(m);
                    Member from = members.get(m.from());
                    if (from != null) {
                        from.snapshotReport(m.to(), delivered);
                    }
                });
    }
}
