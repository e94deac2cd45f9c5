/**
 * The consensus core: a deterministic state machine that turns ticks, messages and proposals into
 * {@link io.jarnetes.etcd.raft.Ready} batches. {@link io.jarnetes.etcd.raft.RawNode} is the face;
 * {@link io.jarnetes.etcd.raft.Storage} is what it reads the stable log from.
 *
 * <p>Behaviour and vocabulary are those of etcd's raft library, because the peers are etcd's. The
 * paper is Ongaro, "Consensus: Bridging Theory and Practice"; sections are cited as "thesis §".
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>no I/O, clock, thread, logger or randomness of its own: time is {@code tick()}, randomness
 *       and the trace are arguments of {@link io.jarnetes.etcd.raft.Config};
 *   <li>term, commit and applied never go back; applied &lt;= commit &lt;= last index;
 *   <li>an entry is handed out for applying only after the driver said that it is on this member's
 *       disk, so what is applied is never ahead of the log;
 *   <li>a leader commits by counting only entries of its own term (thesis §3.6.2).
 * </ul>
 *
 * <p>Threads: none; one thread at a time may use a {@code RawNode} and its {@code Storage}.
 */
@NullMarked
package io.jarnetes.etcd.raft;

import org.jspecify.annotations.NullMarked;
