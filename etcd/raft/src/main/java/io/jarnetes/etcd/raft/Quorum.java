package io.jarnetes.etcd.raft;

import java.util.Arrays;
import java.util.Map;
import java.util.SortedSet;
import java.util.function.LongUnaryOperator;

/**
 * Decisions of a majority, and of two at once in joint consensus (thesis §4.3). An empty majority
 * agrees with everything, so that a configuration that isn't joint is one with nobody outgoing.
 */
record Quorum(SortedSet<Long> incoming, SortedSet<Long> outgoing) {

    Quorum {
        incoming = Ids.copyOf(incoming);
        outgoing = Ids.copyOf(outgoing);
    }

    /** Nobody. */
    static Quorum empty() {
        return new Quorum(Ids.set(), Ids.set());
    }

    boolean isJoint() {
        return !outgoing.isEmpty();
    }

    /** Everybody who votes. */
    SortedSet<Long> ids() {
        SortedSet<Long> all = Ids.set();
        all.addAll(incoming);
        all.addAll(outgoing);
        return all;
    }

    boolean contains(long id) {
        return incoming.contains(id) || outgoing.contains(id);
    }

    /**
     * The highest index that both majorities have acknowledged.
     *
     * @param acked the acknowledged index of a voter, 0 for none
     */
    long committedIndex(LongUnaryOperator acked) {
        return Math.min(committedIndex(incoming, acked), committedIndex(outgoing, acked));
    }

    private static long committedIndex(SortedSet<Long> voters, LongUnaryOperator acked) {
        if (voters.isEmpty()) {
            return Long.MAX_VALUE;
        }
        long[] sorted = new long[voters.size()];
        int n = 0;
        for (long id : voters) {
            sorted[n++] = acked.applyAsLong(id);
        }
        Arrays.sort(sorted);
        // With n voters the value at (n - 1) / 2 has at least n / 2 + 1 voters at or above it.
        return sorted[(n - 1) / 2];
    }

    /** How the vote stands; who is not in the map has not voted. */
    VoteResult voteResult(Map<Long, Boolean> votes) {
        VoteResult in = voteResult(incoming, votes);
        VoteResult out = voteResult(outgoing, votes);
        if (in == out) {
            return in;
        }
        return in == VoteResult.LOST || out == VoteResult.LOST
                ? VoteResult.LOST
                : VoteResult.PENDING;
    }

    private static VoteResult voteResult(SortedSet<Long> voters, Map<Long, Boolean> votes) {
        if (voters.isEmpty()) {
            return VoteResult.WON;
        }
        int granted = 0;
        int missing = 0;
        for (long id : voters) {
            Boolean vote = votes.get(id);
            if (vote == null) {
                missing++;
            } else if (vote) {
                granted++;
            }
        }
        int majority = voters.size() / 2 + 1;
        if (granted >= majority) {
            return VoteResult.WON;
        }
        return granted + missing >= majority ? VoteResult.PENDING : VoteResult.LOST;
    }

    @Override
    public String toString() {
        return isJoint()
                ? Ids.describe(incoming) + "&&" + Ids.describe(outgoing)
                : Ids.describe(incoming);
    }
}
