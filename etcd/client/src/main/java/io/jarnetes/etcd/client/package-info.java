/**
 * A thin client of etcd's gRPC services. {@link EtcdClient} is the way in; results are records of
 * ours, so that neither stubs nor proto messages leave this room.
 *
 * <p>Invariants: a read is tried again on another endpoint when a member is unavailable, a write
 * only when it never left this process; a watch delivers every event after its start revision once
 * and in order, across reconnections, or says that the revision was compacted.
 *
 * <p>Threads: none of its own. Calls and listeners run on the event loops that were handed over:
 * listeners must not block. Futures may be waited for on any other thread, see {@link
 * EtcdClient#await}.
 */
@NullMarked
package io.jarnetes.etcd.client;

import org.jspecify.annotations.NullMarked;
