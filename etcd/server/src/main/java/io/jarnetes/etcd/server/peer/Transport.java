package io.jarnetes.etcd.server.peer;

import io.jarnetes.etcd.raft.Message;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The network as the driver sees it. Every method returns at once. */
public interface Transport extends AutoCloseable {
    /** Begins to dial; peers may be added before. */
    void start();

    /**
     * Sends messages in order; those to 0 or to nobody known are dropped. Never for MsgSnap: see
     * {@link #sendSnapshot}. A message that can't be sent is reported by {@link
     * PeerRaft#reportUnreachable}.
     */
    void send(List<Message> messages);

    /**
     * Sends a MsgSnap with the database behind it. How it ended is reported by {@link
     * PeerRaft#reportSnapshot}; the database is closed in any case.
     */
    void sendSnapshot(SnapshotMessage snapshot);

    /**
     * Makes known where a member can be reached that is not (yet) a peer, so that a member that
     * catches up can answer it. Nothing is dialled.
     */
    void addRemote(long id, List<URI> urls);

    /** Adds a peer, which replaces a remote of this id; known ones are left alone. */
    void addPeer(long id, List<URI> urls);

    /** Cuts a peer off for good. Messages that are queued for it get a moment to go out. */
    void removePeer(long id);

    /** Cuts everybody off. */
    void removeAllPeers();

    /** Changes where a peer is reached. */
    void updatePeer(long id, List<URI> urls);

    /** Since when a peer is reachable, null if it isn't or is unknown. */
    @Nullable Instant activeSince(long id);

    /** How many peers are reachable now. */
    int activePeers();

    /** Closes all streams; nothing is sent or received afterwards. */
    @Override
    void close();
}
