/**
 * Whether what clients of a cluster saw could have been seen of one machine that does one thing
 * after another (Herlihy and Wing, "Linearizability", 1990). {@link
 * io.jarnetes.etcd.server.linearizability.History} is recorded, {@link
 * io.jarnetes.etcd.server.linearizability.Linearizability} judges it.
 *
 * <p>Pure: no clock and no I/O. Histories of any clock will do whose readings agree with real time.
 */
@NullMarked
package io.jarnetes.etcd.server.linearizability;

import org.jspecify.annotations.NullMarked;
