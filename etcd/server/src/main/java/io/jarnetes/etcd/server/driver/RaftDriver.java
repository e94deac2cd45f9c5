package io.jarnetes.etcd.server.driver;

import io.jarnetes.etcd.raft.ConfChange;
import io.jarnetes.etcd.raft.ConfState;
import io.jarnetes.etcd.raft.HardState;
import io.jarnetes.etcd.raft.MemoryStorage;
import io.jarnetes.etcd.raft.Message;
import io.jarnetes.etcd.raft.MessageType;
import io.jarnetes.etcd.raft.ProgressState;
import io.jarnetes.etcd.raft.ProposalDroppedException;
import io.jarnetes.etcd.raft.RawNode;
import io.jarnetes.etcd.raft.Ready;
import io.jarnetes.etcd.raft.Snapshot;
import io.jarnetes.etcd.raft.SoftState;
import io.jarnetes.etcd.raft.Status;
import io.jarnetes.etcd.raft.StepException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * One member's loop body: {@link #tick}, {@link #step} and the proposing methods put things in,
 * {@link #process} carries out what follows from them. Many proposals before one {@code process}
 * share one write and one sync.
 */
public final class RaftDriver {
    private final RawNode node;
    private final MemoryStorage storage;
    private final DurableLog log;
    private final PeerSender peers;
    private final DriverEvents events;
    private final int proposalTicks;
    private final ArrayDeque<Held> held = new ArrayDeque<>();
    private long now;

    /** A proposal that waits for a leader. */
    private record Held(Runnable proposal, long expiresAtTick) {}

    /**
     * @param node a node on {@code storage}
     * @param proposalTicks how long a proposal is held while nobody can take it
     */
    public RaftDriver(
            RawNode node,
            MemoryStorage storage,
            DurableLog log,
            PeerSender peers,
            DriverEvents events,
            int proposalTicks) {
        this.node = node;
        this.storage = storage;
        this.log = log;
        this.peers = peers;
        this.events = events;
        this.proposalTicks = proposalTicks;
    }

    public RawNode node() {
        return node;
    }

    /** Lets one unit of time pass. */
    public void tick() {
        now++;
        node.tick();
        retryHeld();
    }

    /** Takes a message of a peer; what does not fit is dropped, as the network may do. */
    public void step(Message message) {
        try {
            node.step(message);
        } catch (StepException | ProposalDroppedException e) {
            // A late answer of a member that was removed, or a forwarded proposal between two
            // leaders: its sender's time-out deals with it.
        }
    }

    /** Proposes data; held back while there is no leader. */
    public void propose(byte[] data) {
        propose(() -> node.propose(data));
    }

    /** Proposes a change of the configuration; held back while there is no leader. */
    public void proposeConfChange(ConfChange change) {
        propose(() -> node.proposeConfChange(change));
    }

    private void propose(Runnable proposal) {
        if (!held.isEmpty() || !tryPropose(proposal)) {
            held.add(new Held(proposal, now + proposalTicks));
        }
    }

    private boolean tryPropose(Runnable proposal) {
        if (node.softState().lead() == 0) {
            return false;
        }
        try {
            proposal.run();
            return true;
        } catch (ProposalDroppedException e) {
            return false;
        }
    }

    private void retryHeld() {
        while (!held.isEmpty()) {
            Held first = held.getFirst();
            if (first.expiresAtTick() > now && !tryPropose(first.proposal())) {
                return;
            }
            held.removeFirst();
        }
    }

    /** Applies a conf change for the applier. */
    public ConfState applyConfChange(ConfChange change) {
        return node.applyConfChange(change);
    }

    /** Carries out all that is ready. */
    public void process() {
        while (node.hasReady()) {
            process(node.ready());
        }
    }

    private void process(Ready ready) {
        SoftState soft = ready.softState();
        if (soft != null) {
            events.softState(soft);
        }
        if (!ready.readStates().isEmpty()) {
            events.readStates(ready.readStates());
        }
        send(ready.messagesBeforeSync());
        // Entries that are committed are synced already: applying them overlaps with this sync,
        // but for those that follow a snapshot of this Ready.
        boolean overlaps = ready.snapshot().isEmpty();
        if (overlaps) {
            commit(ready);
        }
        save(ready);
        if (!overlaps) {
            commit(ready);
        }
        send(ready.messagesAfterSync());
        node.advance(ready);
        if (soft != null && soft.lead() != 0) {
            retryHeld();
        }
    }

    private void commit(Ready ready) {
        if (!ready.committedEntries().isEmpty()) {
            events.committed(ready.committedEntries());
        }
    }

    private void save(Ready ready) {
        Snapshot snapshot = ready.snapshot();
        if (!snapshot.isEmpty()) {
            log.saveSnapshot(snapshot);
        }
        log.save(ready.hardState(), ready.entries());
        if (!snapshot.isEmpty()) {
            // A restart uses the snapshot only if the saved commit index covers it, and what came
            // before it is released here: that commit index has to be on disk first.
            log.sync();
            storage.applySnapshot(snapshot);
            log.release(snapshot.metadata().index());
            events.snapshotSaved(snapshot);
        }
        storage.append(ready.entries());
        if (!ready.hardState().isEmpty()) {
            storage.setHardState(ready.hardState());
        }
    }

    private void send(List<Message> messages) {
        if (messages.isEmpty()) {
            return;
        }
        List<Message> plain = messages;
        if (hasSnapshot(messages)) {
            plain = new ArrayList<>();
            for (Message message : messages) {
                if (message.type() == MessageType.MSG_SNAP) {
                    events.snapshotWanted(message);
                } else {
                    plain.add(message);
                }
            }
        }
        peers.send(plain);
    }

    private static boolean hasSnapshot(List<Message> messages) {
        for (Message message : messages) {
            if (message.type() == MessageType.MSG_SNAP) {
                return true;
            }
        }
        return false;
    }

    /**
     * Makes a snapshot of the log at an applied index, and forgets what no follower should need.
     *
     * @param catchUpEntries how many entries before it are kept for slow followers
     */
    public void snapshot(long index, ConfState confState, byte[] data, long catchUpEntries) {
        if (index <= storage.snapshot().metadata().index()) {
            return;
        }
        Snapshot snapshot = storage.createSnapshot(index, confState, data);
        log.saveSnapshot(snapshot);
        log.release(index);
        compact(index, catchUpEntries);
    }

    /**
     * Forgets in memory what no follower should need: entries are held on disk until the next
     * {@link #snapshot}, which comes much more seldom. Who needs older ones gets the database,
     * whose state is put in when it is sent. Nothing happens while this log doesn't have the entry
     * yet.
     *
     * @param index an applied index
     * @param catchUpEntries how many entries before it are kept for slow followers
     */
    public void forget(long index, ConfState confState, long catchUpEntries) {
        if (index > storage.snapshot().metadata().index() && index <= storage.lastIndex()) {
            storage.createSnapshot(index, confState, new byte[0]);
            compact(index, catchUpEntries);
        }
    }

    private void compact(long index, long catchUpEntries) {
        long compactTo = Math.min(index - catchUpEntries, snapshotOnItsWay());
        if (compactTo >= storage.firstIndex()) {
            storage.compact(compactTo);
        }
    }

    /**
     * The first snapshot that a member is getting: it needs the entries behind that, else it would
     * have to get another one, and under load one after the other.
     */
    private long snapshotOnItsWay() {
        return node.status().progress().values().stream()
                .filter(peer -> peer.state() == ProgressState.SNAPSHOT)
                .mapToLong(Status.Peer::pendingSnapshot)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    public HardState hardState() {
        return node.hardState();
    }

    /** The last index that this member has on disk. */
    public long syncedIndex() {
        return storage.lastIndex();
    }
}
