package io.jarnetes.etcd.raft;

/**
 * What a member must not forget (raftpb.HardState).
 *
 * @param term the latest term seen
 * @param vote whom this member voted for in that term, 0 for nobody
 * @param commit the highest index known to be committed
 */
public record HardState(long term, long vote, long commit) {
    /** The state of a member that has seen nothing; in a {@link Ready} it means "unchanged". */
    public static final HardState EMPTY = new HardState(0, 0, 0);

    /** Whether this is {@link #EMPTY}. */
    public boolean isEmpty() {
        return term == 0 && vote == 0 && commit == 0;
    }

    /** The same with another commit index. */
    public HardState withCommit(long newCommit) {
        return new HardState(term, vote, newCommit);
    }
}
