package io.jarnetes.etcd.server.apply;

import io.jarnetes.etcd.raft.ConfChange;
import io.jarnetes.etcd.raft.ConfState;
import io.jarnetes.etcd.storage.membership.Member;
import org.jspecify.annotations.Nullable;

/** What the applier asks of, and tells, the rest of the member; called on the apply thread. */
public interface ApplyEvents {
    /**
     * Hands a conf change to raft, node id 0 if it was refused; waits for the new configuration.
     */
    ConfState applyConfChange(ConfChange change);

    /** A request of this id is done; it was proposed here or on another member. */
    void done(long requestId, ApplyResult result);

    /**
     * A request was applied, and the database has outgrown its quota with it: an alarm is to be
     * raised, and only then is the request {@link #done}.
     */
    void outOfSpace(long requestId, ApplyResult result);

    /** The empty entry of a new leader: everything of earlier terms is applied. */
    void termBegun();

    /** A member was added, promoted or got other URLs; null if it was removed. */
    void memberChanged(long id, @Nullable Member member);

    /**
     * A request took its time.
     *
     * @param op upstream's name of its kind
     */
    default void measured(String op, boolean refused, long nanos) {}

    /** The log's compaction is to be scheduled on the background. */
    void compactionScheduled();
}
