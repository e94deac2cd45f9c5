/**
 * How members talk to each other: etcd's peer protocol over HTTP/1.1, plain or TLS. {@link
 * io.jarnetes.etcd.server.peer.Transport} is the seam that the driver sees (a simulation has its
 * own); {@link io.jarnetes.etcd.server.peer.PeerTransport} is the real one, on Netty.
 *
 * <p>Facts of the protocol: each pair of members holds four streams; the <em>receiver</em> dials
 * {@code GET /raft/stream/msgapp/ID} and {@code GET /raft/stream/message/ID}, and the answer's body
 * never ends. What has no stream is posted to {@code /raft}, snapshots to {@code /raft/snapshot}.
 *
 * <p>Invariants: {@code send} never blocks and never keeps more than a bounded number of messages;
 * what is lost is reported as unreachable, once, and raft repeats it.
 *
 * <p>Threads: sockets on the event loops that were handed over; names are resolved, and snapshots
 * written and sent, on the executor that was handed over. {@link
 * io.jarnetes.etcd.server.peer.PeerRaft} is called on event loops and must not block.
 */
@NullMarked
package io.jarnetes.etcd.server.peer;

import org.jspecify.annotations.NullMarked;
