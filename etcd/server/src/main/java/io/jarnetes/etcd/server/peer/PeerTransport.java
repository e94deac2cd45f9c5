package io.jarnetes.etcd.server.peer;

import io.jarnetes.base.log.Log;
import io.jarnetes.etcd.raft.Message;
import io.netty.channel.Channel;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The {@link Transport} over etcd's peer protocol. Its server side is {@link PeerServer}. */
public final class PeerTransport implements Transport {
    private final PeerContext context;
    private final Map<Long, Peer> peers = new ConcurrentHashMap<>();
    private final Map<Long, Remote> remotes = new ConcurrentHashMap<>();
    private boolean started;
    private volatile boolean closed;

    /**
     * @param loops belong to the caller and outlive the transport
     */
    public PeerTransport(
            PeerConfig config,
            PeerRaft raft,
            PeerLoops loops,
            PeerMetrics metrics,
            Clock clock,
            Log log) {
        PeerDialer dialer = new PeerDialer(loops, config.clientTls());
        context = new PeerContext(config, raft, dialer, loops, metrics, clock, log);
    }

    PeerContext context() {
        return context;
    }

    @Override
    public synchronized void start() {
        if (!started) {
            started = true;
            peers.values().forEach(Peer::start);
        }
    }

    @Override
    public void send(List<Message> messages) {
        if (closed || messages.isEmpty()) {
            return;
        }
        Map<Long, List<Message>> byPeer = new LinkedHashMap<>();
        for (Message m : messages) {
            byPeer.computeIfAbsent(m.to(), id -> new ArrayList<>()).add(m);
        }
        byPeer.forEach(this::sendTo);
    }

    private void sendTo(long to, List<Message> messages) {
        Peer peer = peers.get(to);
        if (peer != null) {
            peer.send(messages);
            return;
        }
        Remote remote = remotes.get(to);
        if (remote != null) {
            remote.send(messages);
        } else if (to != 0) {
            context.log()
                    .debug(
                            "ignored message send request; unknown remote peer target",
                            "type",
                            messages.getFirst().type().toString(),
                            "unknown-target-peer-id",
                            PeerHeaders.hex(to));
        }
    }

    @Override
    public void sendSnapshot(SnapshotMessage snapshot) {
        long to = snapshot.message().to();
        Peer peer = closed ? null : peers.get(to);
        Remote remote = closed ? null : remotes.get(to);
        if (peer != null) {
            peer.sendSnapshot(snapshot);
        } else if (remote != null) {
            remote.sendSnapshot(snapshot);
        } else {
            try {
                snapshot.database().close();
            } catch (IOException e) {
                // Read only: there is nothing to lose.
            }
            context.raft().reportSnapshot(to, false);
        }
    }

    @Override
    public synchronized void addRemote(long id, List<URI> urls) {
        boolean known = peers.containsKey(id) || remotes.containsKey(id);
        if (closed || known || urls.isEmpty() || id == context.config().memberId()) {
            return;
        }
        remotes.put(id, new Remote(context, id, urls));
        context.log()
                .info(
                        "added new remote peer",
                        "local-member-id",
                        context.local(),
                        "remote-peer-id",
                        PeerHeaders.hex(id),
                        "remote-peer-urls",
                        urls.stream().map(URI::toString).toList());
    }

    @Override
    public synchronized void addPeer(long id, List<URI> urls) {
        if (closed || peers.containsKey(id) || id == context.config().memberId()) {
            return;
        }
        Peer peer = new Peer(context, id, urls);
        peers.put(id, peer);
        Remote remote = remotes.remove(id);
        if (remote != null) {
            remote.stop();
        }
        if (started) {
            peer.start();
        }
        context.log()
                .info(
                        "added remote peer",
                        "local-member-id",
                        context.local(),
                        "remote-peer-id",
                        PeerHeaders.hex(id),
                        "remote-peer-urls",
                        urls.stream().map(URI::toString).toList());
    }

    @Override
    public synchronized void removePeer(long id) {
        Peer peer = peers.remove(id);
        if (peer != null) {
            peer.stop();
            context.log()
                    .info(
                            "removed remote peer",
                            "local-member-id",
                            context.local(),
                            "removed-remote-peer-id",
                            PeerHeaders.hex(id));
        }
        Remote remote = remotes.remove(id);
        if (remote != null) {
            remote.stop();
        }
    }

    @Override
    public synchronized void removeAllPeers() {
        new ArrayList<>(peers.keySet()).forEach(this::removePeer);
        new ArrayList<>(remotes.keySet()).forEach(this::removePeer);
    }

    @Override
    public synchronized void updatePeer(long id, List<URI> urls) {
        Peer peer = peers.get(id);
        if (peer != null) {
            peer.update(urls);
            context.log()
                    .info(
                            "updated remote peer",
                            "local-member-id",
                            context.local(),
                            "updated-remote-peer-id",
                            PeerHeaders.hex(id),
                            "updated-remote-peer-urls",
                            urls.stream().map(URI::toString).toList());
        }
    }

    @Override
    public @Nullable Instant activeSince(long id) {
        Peer peer = peers.get(id);
        return peer == null ? null : peer.status().activeSince();
    }

    @Override
    public int activePeers() {
        return (int) peers.values().stream().filter(p -> p.status().activeSince() != null).count();
    }

    @Override
    public synchronized void close() {
        closed = true;
        removeAllPeers();
    }

    /** Whether a member may open streams. */
    boolean isPeer(long id) {
        return peers.containsKey(id);
    }

    /** Hands an opened stream to its peer; false if it was removed meanwhile. */
    boolean attach(long id, StreamType type, Channel channel) {
        Peer peer = peers.get(id);
        if (peer == null) {
            return false;
        }
        peer.attach(type, channel);
        return true;
    }
}
