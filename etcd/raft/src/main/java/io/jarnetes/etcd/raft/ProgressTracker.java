package io.jarnetes.etcd.raft;

import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The configuration in force, what is known of each member in it, and the votes of a campaign. */
final class ProgressTracker {
    private final int maxInflightMsgs;
    private final long maxInflightBytes;
    private Membership membership = Membership.empty();
    private SortedMap<Long, Progress> progress = new TreeMap<>(Long::compareUnsigned);
    private final Map<Long, Boolean> votes = new HashMap<>();

    ProgressTracker(int maxInflightMsgs, long maxInflightBytes) {
        this.maxInflightMsgs = maxInflightMsgs;
        this.maxInflightBytes = maxInflightBytes;
    }

    Membership membership() {
        return membership;
    }

    Quorum voters() {
        return membership.voters();
    }

    /** By member, in ascending order of ids. */
    SortedMap<Long, Progress> progress() {
        return progress;
    }

    @Nullable Progress progress(long id) {
        return progress.get(id);
    }

    Progress newProgress(long match, long next, boolean learner) {
        return new Progress(match, next, new Inflights(maxInflightMsgs, maxInflightBytes), learner);
    }

    void switchTo(Changer.Result result) {
        membership = result.membership();
        progress = result.progress();
    }

    /** A new term: nothing is known but what this member has itself. */
    void reset(long self, long lastIndex) {
        votes.clear();
        progress.replaceAll((id, old) ->
                newProgress(id == self ? lastIndex : 0, lastIndex + 1, old.isLearner()));
    }

    /** The highest index that a quorum has on disk. */
    long committed() {
        return voters().committedIndex(id -> {
            Progress p = progress.get(id);
            return p == null ? 0 : p.match();
        });
    }

    /** Whether a quorum was heard of since the last check. */
    boolean isQuorumActive() {
        Map<Long, Boolean> active = new HashMap<>();
        progress.forEach((id, p) -> {
            if (!p.isLearner()) {
                active.put(id, p.isRecentActive());
            }
        });
        return voters().voteResult(active) == VoteResult.WON;
    }

    void resetVotes() {
        votes.clear();
    }

    /** The first vote of a member counts. */
    void recordVote(long id, boolean granted) {
        votes.putIfAbsent(id, granted);
    }

    Tally tally() {
        int granted = 0;
        int rejected = 0;
        for (Map.Entry<Long, Progress> e : progress.entrySet()) {
            Boolean vote = e.getValue().isLearner() ? null : votes.get(e.getKey());
            if (vote != null && vote) {
                granted++;
            } else if (vote != null) {
                rejected++;
            }
        }
        return new Tally(granted, rejected, voters().voteResult(votes));
    }

    /** Votes so far. */
    record Tally(int granted, int rejected, VoteResult result) {}
}
