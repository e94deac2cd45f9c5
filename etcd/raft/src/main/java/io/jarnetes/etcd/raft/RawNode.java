package io.jarnetes.etcd.raft;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

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
    private final Raft raft;
    private SoftState lastSoftState;
    private HardState lastHardState;

    /**
     * Starts from what the storage has.
     *
     * @throws IllegalArgumentException if hard state, log and {@code config.applied()} contradict
     *     each other
     */
    public RawNode(Config config) {
        raft = new Raft(config);
        lastSoftState = raft.softState();
        lastHardState = raft.hardState();
    }

    /**
     * An initial member of a new group.
     *
     * @param context what its conf change entry carries; in etcd the member's JSON
     */
    public record Peer(long id, byte[] context) {}

    /**
     * Begins a new group: the log starts with a committed conf change entry for each initial
     * member, at term 1. Every initial member does this with the same peers in the same order. The
     * changes come out in {@link Ready#committedEntries} as any others.
     *
     * @throws IllegalArgumentException if there are no peers
     * @throws IllegalStateException if the storage isn't empty
     */
    public void bootstrap(List<Peer> peers) {
        if (peers.isEmpty()) {
            throw new IllegalArgumentException("must provide at least one peer to bootstrap");
        }
        if (raft.log.lastIndex() != 0) {
            throw new IllegalStateException(
                    "can't bootstrap a nonempty storage, its last index is "
                            + raft.log.lastIndex());
        }
        // So that the first Ready has the hard state.
        lastHardState = HardState.EMPTY;
        raft.becomeFollower(1, Ids.NONE);
        List<Entry> entries = new ArrayList<>(peers.size());
        for (Peer peer : peers) {
            ConfChange add = new ConfChange(0, ConfChangeType.ADD_NODE, peer.id(), peer.context());
            entries.add(add.toEntry().at(1, entries.size() + 1));
        }
        raft.log.append(entries);
        raft.log.commitTo(entries.size());
        for (Entry e : entries) {
            raft.applyConfChange(ConfChangeV2.of(e));
        }
    }

    /** Lets one unit of time pass: see {@link Config#electionTicks}. */
    public void tick() {
        raft.tick();
    }

    /**
     * Campaigns at once instead of at the election time-out, with pre-vote if configured. Nothing
     * happens on a leader, a learner, or while a conf change waits to be applied. A driver calls it
     * on a fresh cluster when a quorum of peers is connected.
     */
    public void campaign() {
        raft.step(Message.of(MessageType.MSG_HUP).from(raft.id).build());
    }

    /**
     * Proposes data.
     *
     * @throws ProposalDroppedException if nobody can take it now
     */
    public void propose(byte[] data) {
        proposeEntry(Entry.proposal(EntryType.NORMAL, data));
    }

    /**
     * Proposes a membership change. If another one is not applied yet, an empty normal entry is
     * appended in its place, so the proposer needs a time-out.
     *
     * @throws ProposalDroppedException if nobody can take it now
     */
    public void proposeConfChange(ConfChange change) {
        proposeEntry(change.toEntry());
    }

    /**
     * Applies a committed conf change; to be called for each one in {@link Ready#committedEntries},
     * before {@link #appliedTo} reaches it. A change that the application refuses is given with
     * node id 0.
     *
     * @return the configuration from here on, for snapshots
     */
    public ConfState applyConfChange(ConfChangeV2 change) {
        return raft.applyConfChange(change);
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
        if (message.type().isLocal()) {
            throw new StepException("cannot step raft local message " + message.type());
        }
        if (message.type().isResponse() && raft.tracker.progress(message.from()) == null) {
            throw new StepException(
                    "cannot step as peer not found: "
                            + message.type()
                            + " from "
                            + Ids.hex(message.from()));
        }
        raft.step(message);
    }

    /** Whether {@link #ready} has anything. */
    public boolean hasReady() {
        return !raft.outbox.isEmpty()
                || raft.log.unstable().hasNextEntries()
                || raft.log.unstable().nextSnapshot() != null
                || raft.log.hasNextCommitted()
                || !raft.readStates.isEmpty()
                || !raft.hardState().equals(lastHardState)
                || !raft.softState().equals(lastSoftState);
    }

    /** The next batch of work, empty if there is none. Each must be given to {@link #advance}. */
    public Ready ready() {
        SoftState soft = raft.softState();
        HardState hard = raft.hardState();
        boolean softChanged = !soft.equals(lastSoftState);
        boolean hardChanged = !hard.equals(lastHardState);
        List<Entry> entries = raft.log.unstable().nextEntries();
        Snapshot snapshot = raft.log.unstable().nextSnapshot();
        boolean mustSync =
                !entries.isEmpty()
                        || hard.term() != lastHardState.term()
                        || hard.vote() != lastHardState.vote();
        List<Message> afterSync = new ArrayList<>();
        List<Message> toSelf = new ArrayList<>();
        for (Message m : raft.outbox.takeAfterSync()) {
            (m.to() == raft.id ? toSelf : afterSync).add(m);
        }
        stored(snapshot).ifPresent(toSelf::add);
        Ready ready =
                new Ready(
                        softChanged ? soft : null,
                        hardChanged ? hard : HardState.EMPTY,
                        List.copyOf(raft.readStates),
                        entries,
                        snapshot == null ? Snapshot.EMPTY : snapshot,
                        takeCommitted(),
                        raft.outbox.takeMessages(),
                        afterSync,
                        mustSync,
                        toSelf);
        lastSoftState = soft;
        lastHardState = hard;
        raft.readStates.clear();
        raft.log.unstable().acceptInProgress();
        return ready;
    }

    /** Says that a Ready's snapshot, entries and hard state are on disk and in the storage. */
    public void advance(Ready ready) {
        ready.selfMessages().forEach(raft::step);
    }

    /**
     * Says that the application has applied all entries up to {@code index}. Outstanding entries
     * count against {@link Config#maxCommittedSizePerReadyBytes}, and conf changes among them stop
     * campaigns and further conf changes. A snapshot counts as applied with its {@link #advance}.
     */
    public void appliedTo(long index) {
        raft.appliedTo(Math.max(index, raft.log.applied()));
    }

    /**
     * Asks for a linearizable read; the answer comes as a {@link ReadState} with this context, or
     * never (no leader, lost message): ask again after a time-out with another context.
     *
     * @param requestContext unique among members and requests; etcd's is 8 bytes
     */
    public void readIndex(byte[] requestContext) {
        Entry request = Entry.proposal(EntryType.NORMAL, requestContext);
        raft.step(Message.of(MessageType.MSG_READ_INDEX).entries(List.of(request)).build());
    }

    /** Asks the leader, which may be this member, to hand over to {@code transferee}. */
    public void transferLeadership(long transferee) {
        raft.step(Message.of(MessageType.MSG_TRANSFER_LEADER).from(transferee).build());
    }

    /** Forgets the leader, so that this follower grants (pre-)votes before its time-out. */
    public void forgetLeader() {
        raft.step(Message.of(MessageType.MSG_FORGET_LEADER).build());
    }

    /** Says that the last message to {@code id} was not delivered. */
    public void reportUnreachable(long id) {
        raft.step(Message.of(MessageType.MSG_UNREACHABLE).from(id).build());
    }

    /**
     * Says how sending a snapshot to {@code id} ended; must be called for every MsgSnap, or the
     * follower gets no more entries.
     */
    public void reportSnapshot(long id, boolean delivered) {
        raft.step(Message.of(MessageType.MSG_SNAP_STATUS).from(id).reject(!delivered).build());
    }

    /** A picture of everything. */
    public Status status() {
        SortedMap<Long, Status.Peer> progress = new TreeMap<>(Long::compareUnsigned);
        if (raft.state == StateType.LEADER) {
            raft.tracker.progress().forEach((id, p) -> progress.put(id, describe(p)));
        }
        return new Status(
                raft.id,
                raft.hardState(),
                raft.softState(),
                raft.log.applied(),
                raft.log.lastIndex(),
                raft.leader().transferee(),
                confState(),
                progress);
    }

    /** The leader as known here and the role of this member; cheap. */
    public SoftState softState() {
        return raft.softState();
    }

    /** Term, vote and commit as of now (not necessarily on disk yet); cheap. */
    public HardState hardState() {
        return raft.hardState();
    }

    /** The voters and learners as of the last applied conf change. */
    public ConfState confState() {
        return raft.tracker.membership().toConfState();
    }

    /** The last index the application said it applied; cheap. */
    public long applied() {
        return raft.log.applied();
    }

    /** The log, for the checks of the tests. */
    RaftLog log() {
        return raft.log;
    }

    private void proposeEntry(Entry entry) {
        raft.step(Message.of(MessageType.MSG_PROP).from(raft.id).entries(List.of(entry)).build());
    }

    private List<Entry> takeCommitted() {
        List<Entry> committed = raft.log.nextCommitted();
        if (!committed.isEmpty()) {
            raft.log.acceptApplying(committed);
            raft.leader().committed(committed);
        }
        return committed;
    }

    /**
     * The report that {@link #advance} gives: everything unstable as of now is on disk, in this
     * term. If the term changes before, entries stay unstable until the report of a later Ready; so
     * there is one in every Ready while anything is unstable.
     */
    private Optional<Message> stored(@Nullable Snapshot snapshot) {
        boolean entries = raft.log.unstable().hasEntries();
        if (!entries && snapshot == null) {
            return Optional.empty();
        }
        Message.Builder report =
                Message.of(MessageType.MSG_STORAGE_APPEND_RESP)
                        .to(raft.id)
                        .from(raft.id)
                        .term(raft.term);
        if (entries) {
            RaftLog.EntryId last = raft.log.lastEntryId();
            report.index(last.index()).logTerm(last.term());
        }
        if (snapshot != null) {
            report.snapshot(snapshot);
        }
        return Optional.of(report.build());
    }

    private static Status.Peer describe(Progress p) {
        return new Status.Peer(
                p.match(),
                p.next(),
                p.state(),
                p.isLearner(),
                p.isRecentActive(),
                p.pendingSnapshot());
    }
}
