/**
 * Leases: {@link io.jarnetes.etcd.storage.lease.Lessor} is the surface.
 *
 * <p>Invariants: a key is attached to at most one lease; a lease in memory is in the bucket {@code
 * lease} and the other way round; only the primary says that a lease has expired, and it is removed
 * by a replicated revoke alone.
 *
 * <p>Threads: one lock; the apply thread changes, any thread renews and reads.
 */
@NullMarked
package io.jarnetes.etcd.storage.lease;

import org.jspecify.annotations.NullMarked;
