package io.jarnetes.etcd.raft;

import java.util.List;

/**
 * One member of a consensus group: things go in by {@link #tick}, {@link #step} and the proposing
 * methods, and come out as {@link Ready}. The driver's loop:
 *
 * <pre>{@code
 * while (node.hasReady()) {
 *     Ready ready = node.ready();
 *     transport.send(ready.messagesBeforeSync());       // in parallel with the disk
 *     applier.enqueue(ready.committedEntries());        // later: node.appliedTo(index)
 *     wal.save(ready.hardState(), ready.entries());     // fdatasync if ready.mustSync()
 *     storage.append(ready.entries());
 *     transport.send(ready.messagesAfterSync());
 *     node.advance(ready);
 * }
 * }</pre>
 *
 * <p>Ticks, messages and proposals may go in between {@code ready} and {@code advance}. Several
 * Readys may be taken before the first is advanced (a driver whose disk works on another thread),
 * if they are written and advanced in the order in which they were taken.
 *
 * <p>A new group is started by writing, before the node is made, a conf change entry for each
 * initial member at term 1 into the storage, with a hard state {@code (1, 0, n)}, as etcd does; or
 * by a storage whose initial {@link ConfState} has the members.
 */
public final class RawNode {

    /**
     * Starts from what the storage has.
     *
     * @throws IllegalArgumentException if hard state, log and {@code config.applied()} contradict
     *     each other
     */
    public RawNode(Config config) {}

    /** Lets one unit of time pass: see {@link Config#electionTicks}. */
    public void tick() {
        throw new UnsupportedOperationException();
    }

    /**
     * Campaigns at once instead of at the election time-out, with pre-vote if configured. Nothing
     * happens on a leader, a learner, or while a conf change waits to be applied. A driver calls it
     * on a fresh cluster when a quorum of peers is connected.
     */
    public void campaign() {
        throw new UnsupportedOperationException();
    }

    /**
     * Proposes data.
     *
     * @throws ProposalDroppedException if nobody can take it now
     */
    public void propose(byte[] data) {
        throw new UnsupportedOperationException();
    }

    /**
     * Proposes a membership change. If another one is not applied yet, an empty normal entry is
     * appended in its place, so the proposer needs a time-out.
     *
     * @throws ProposalDroppedException if nobody can take it now
     */
    public void proposeConfChange(ConfChange change) {
        throw new UnsupportedOperationException();
    }

    /**
     * Applies a committed conf change; to be called for each one in {@link Ready#committedEntries},
     * before {@link #appliedTo} reaches it. A change that the application refuses is given with
     * node id 0.
     *
     * @return the configuration from here on, for snapshots
     */
    public ConfState applyConfChange(ConfChangeV2 change) {
        throw new UnsupportedOperationException();
    }

    /** {@link #applyConfChange(ConfChangeV2)} of a V1 change. */
    public ConfState applyConfChange(ConfChange change) {
        return applyConfChange(change.asV2());
    }

    /**
     * Takes a message from another member.
     *
     * @throws StepException if it is of a local type, or a response of an unknown member
     * @throws ProposalDroppedException if it is a forwarded proposal that cannot be taken
     */
    public void step(Message message) {
        throw new UnsupportedOperationException();
    }

    /** Whether {@link #ready} has anything. */
    public boolean hasReady() {
        throw new UnsupportedOperationException();
    }

    /** The next batch of work, empty if there is none. Each must be given to {@link #advance}. */
    public Ready ready() {
        throw new UnsupportedOperationException();
    }

    /** Says that a Ready's snapshot, entries and hard state are on disk and in the storage. */
    public void advance(Ready ready) {
        throw new UnsupportedOperationException();
    }

    /**
     * Says that the application has applied all entries up to {@code index}. Outstanding entries
     * count against {@link Config#maxCommittedSizePerReadyBytes}, and conf changes among them stop
     * campaigns and further conf changes. A snapshot counts as applied with its {@link #advance}.
     */
    public void appliedTo(long index) {
        throw new UnsupportedOperationException();
    }

    /**
     * Asks for a linearizable read; the answer comes as a {@link ReadState} with this context, or
     * never (no leader, lost message): ask again after a time-out with another context.
     *
     * @param requestContext unique among members and requests; etcd's is 8 bytes
     */
    public void readIndex(byte[] requestContext) {
        throw new UnsupportedOperationException();
    }

    /** Asks the leader, which may be this member, to hand over to {@code transferee}. */
    public void transferLeadership(long transferee) {
        throw new UnsupportedOperationException();
    }

    /** Forgets the leader, so that this follower grants (pre-)votes before its time-out. */
    public void forgetLeader() {
        throw new UnsupportedOperationException();
    }

    /** Says that the last message to {@code id} was not delivered. */
    public void reportUnreachable(long id) {
        throw new UnsupportedOperationException();
    }

    /**
     * Says how sending a snapshot to {@code id} ended; must be called for every MsgSnap, or the
     * follower gets no more entries.
     */
    public void reportSnapshot(long id, boolean delivered) {
        throw new UnsupportedOperationException();
    }

    /** A picture of everything. */
    public Status status() {
        throw new UnsupportedOperationException();
    }

    /** The leader as known here and the role of this member; cheap. */
    public SoftState softState() {
        throw new UnsupportedOperationException();
    }

    /** Term, vote and commit as of now (not necessarily on disk yet); cheap. */
    public HardState hardState() {
        throw new UnsupportedOperationException();
    }

    /** The voters and learners as of the last applied conf change. */
    public ConfState confState() {
        throw new UnsupportedOperationException();
    }

    /** The last index the application said it applied; cheap. */
    public long applied() {
        throw new UnsupportedOperationException();
    }
}
