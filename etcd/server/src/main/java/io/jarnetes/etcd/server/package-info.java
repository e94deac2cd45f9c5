/**
 * An etcd member. {@link io.jarnetes.etcd.server.EtcdServer} runs one in this process; {@link
 * io.jarnetes.etcd.server.EtcdProgram} is the program {@code etcd}.
 *
 * <p>Invariants: nothing is shared between two members of one process but the event loops and the
 * background pool that are handed to both; a member that cannot go on says why in one line of its
 * log and closes, without taking the process along.
 *
 * <p>Threads: one raft thread and one apply thread a member, which nobody else occupies and nobody
 * interrupts; event loops and a bounded background pool a process.
 */
@NullMarked
package io.jarnetes.etcd.server;

import org.jspecify.annotations.NullMarked;
