package io.jarnetes.etcd.server;

import io.jarnetes.etcd.raft.ConfState;
import io.jarnetes.etcd.raft.RawNode;
import io.jarnetes.etcd.raft.StateType;
import java.util.HashSet;
import java.util.Set;

/**
 * The first election of a member's life, without waiting for the election time-out: a lone member
 * campaigns at once, others as soon as they are in touch with a quorum, one after the other by id,
 * so that they don't split the votes. With pre-vote this disturbs nobody who has a leader. Raft
 * thread.
 */
final class Campaign {
    /** Ticks between one member's first try and the next one's. */
    private static final int TICKS_BETWEEN_MEMBERS = 2;

    private final long self;
    private final RawNode node;
    private final Set<Long> heard = new HashSet<>();
    private boolean over;
    private long ticks;
    private long quorumSince = -1;

    Campaign(long self, RawNode node) {
        this.self = self;
        this.node = node;
    }

    void leaderSeen() {
        over = true;
    }

    /** A peer can be reached. */
    void heard(long peer) {
        heard.add(peer);
        tryNow();
    }

    void configured() {
        tryNow();
    }

    void tick() {
        ticks++;
        tryNow();
    }

    private void tryNow() {
        if (over || node.applied() < node.hardState().commit()) {
            // The core campaigns for nobody while conf changes wait to be applied.
            return;
        }
        ConfState state = node.confState();
        if (!state.voters().contains(self) || !hasQuorum(state)) {
            return;
        }
        if (quorumSince < 0) {
            quorumSince = ticks;
        }
        long before =
                state.voters().stream().filter(v -> Long.compareUnsigned(v, self) < 0).count();
        if (ticks - quorumSince >= before * TICKS_BETWEEN_MEMBERS) {
            node.campaign();
            over = node.softState().raftState() != StateType.FOLLOWER;
        }
    }

    private boolean hasQuorum(ConfState state) {
        long reachable =
                state.voters().stream()
                        .filter(v -> v.longValue() == self || heard.contains(v))
                        .count();
        return reachable > state.voters().size() / 2;
    }
}
