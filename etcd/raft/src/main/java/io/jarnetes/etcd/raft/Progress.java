package io.jarnetes.etcd.raft;

/**
 * What the leader knows of one member's log. Invariant: {@code match < next}.
 *
 * <p>In probe and snapshot state {@code next} doesn't move by sending; in replicate state it moves
 * optimistically, and {@link Inflights} bounds how far.
 */
final class Progress {
    /** The highest index known to be on the member's disk. */
    private long match;

    /** The first index of the next append. */
    private long next;

    /** The highest commit index told to the member, as far as {@code next} allows it to be kept. */
    private long sentCommit;

    private ProgressState state = ProgressState.PROBE;

    /** In snapshot state: the index of the snapshot on its way. */
    private long pendingSnapshot;

    /** Whether the member was heard of since the last quorum check. */
    private boolean recentActive;

    /** Whether appends wait for an answer or a heartbeat response. */
    private boolean paused;

    private boolean learner;
    private final Inflights inflights;

    Progress(long match, long next, Inflights inflights, boolean learner) {
        this.match = match;
        this.next = next;
        this.inflights = inflights;
        this.learner = learner;
    }

    /**
     * A copy whose flags may be changed apart; the window is shared, as both are the same member.
     */
    Progress copy() {
        Progress p = new Progress(match, next, inflights, learner);
        p.sentCommit = sentCommit;
        p.state = state;
        p.pendingSnapshot = pendingSnapshot;
        p.recentActive = recentActive;
        p.paused = paused;
        return p;
    }

    long match() {
        return match;
    }

    long next() {
        return next;
    }

    ProgressState state() {
        return state;
    }

    long pendingSnapshot() {
        return pendingSnapshot;
    }

    boolean isRecentActive() {
        return recentActive;
    }

    void setRecentActive(boolean value) {
        recentActive = value;
    }

    boolean isLearner() {
        return learner;
    }

    void setLearner(boolean value) {
        learner = value;
    }

    /** Stops appends until an answer or heartbeat response. */
    void pause() {
        paused = true;
    }

    /** Lets appends go again. */
    void resume() {
        paused = false;
    }

    boolean isPaused() {
        return state == ProgressState.SNAPSHOT || paused;
    }

    boolean isWindowFull() {
        return inflights.isFull();
    }

    private void resetState(ProgressState newState) {
        paused = false;
        pendingSnapshot = 0;
        state = newState;
        inflights.reset();
    }

    void becomeProbe() {
        // After a snapshot was delivered the member has at least the snapshot.
        next =
                state == ProgressState.SNAPSHOT
                        ? Math.max(match + 1, pendingSnapshot + 1)
                        : match + 1;
        resetState(ProgressState.PROBE);
        sentCommit = Math.min(sentCommit, next - 1);
    }

    /** Like {@link #becomeProbe()}, but the pending snapshot never arrived. */
    void becomeProbeAfterFailedSnapshot() {
        pendingSnapshot = 0;
        becomeProbe();
    }

    void becomeReplicate() {
        resetState(ProgressState.REPLICATE);
        next = match + 1;
    }

    void becomeSnapshot(long snapshotIndex) {
        resetState(ProgressState.SNAPSHOT);
        pendingSnapshot = snapshotIndex;
        next = snapshotIndex + 1;
        sentCommit = snapshotIndex;
    }

    /** Notes an append of so many entries and bytes of data. */
    void sentEntries(int entries, long bytes) {
        switch (state) {
            case REPLICATE -> {
                if (entries > 0) {
                    next += entries;
                    inflights.add(next - 1, bytes);
                }
                // A full window lets one empty append through; its answer opens the window again.
                paused = inflights.isFull();
            }
            case PROBE -> {
                // One probe at a time, and none that proves nothing.
                if (entries > 0) {
                    paused = true;
                }
            }
            case SNAPSHOT -> throw new IllegalStateException("append to a member in " + state);
        }
    }

    void sentCommit(long commit) {
        sentCommit = commit;
    }

    /** Whether an append would tell the member of a commit index that it doesn't know yet. */
    boolean canBumpCommit(long commit) {
        // What isn't sent yet carries its own commit index.
        return commit > sentCommit && sentCommit < next - 1;
    }

    /** Notes an acknowledgement; false if it brings nothing new. */
    boolean maybeUpdate(long index) {
        if (index <= match) {
            return false;
        }
        match = index;
        next = Math.max(next, index + 1);
        paused = false;
        return true;
    }

    /** Notes that everything up to {@code index} is there, on becoming leader. */
    void resetMatch(long index) {
        match = index;
        next = index + 1;
    }

    void freeInflights(long index) {
        inflights.freeUpTo(index);
    }

    int inflightCount() {
        return inflights.count();
    }

    /**
     * Notes a rejection of an append after {@code rejected}.
     *
     * @param matchHint where the logs may match
     * @return false if the rejection is out of date
     */
    boolean maybeDecrTo(long rejected, long matchHint) {
        if (state == ProgressState.REPLICATE) {
            if (rejected <= match) {
                return false;
            }
            next = match + 1;
            sentCommit = Math.min(sentCommit, next - 1);
            return true;
        }
        // In probe state only the last probe can be rejected.
        if (next - 1 != rejected) {
            return false;
        }
        next = Math.max(Math.min(rejected, matchHint + 1), match + 1);
        sentCommit = Math.min(sentCommit, next - 1);
        paused = false;
        return true;
    }

    @Override
    public String toString() {
        StringBuilder s = new StringBuilder();
        s.append(state).append(" match=").append(match).append(" next=").append(next);
        if (learner) {
            s.append(" learner");
        }
        if (isPaused()) {
            s.append(" paused");
        }
        if (pendingSnapshot > 0) {
            s.append(" pendingSnap=").append(pendingSnapshot);
        }
        if (!recentActive) {
            s.append(" inactive");
        }
        if (inflights.count() > 0) {
            s.append(" inflight=").append(inflights.count());
            s.append(inflights.isFull() ? "[full]" : "");
        }
        return s.toString();
    }
}
