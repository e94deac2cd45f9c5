/**
 * What drives the consensus core: {@link io.jarnetes.etcd.server.driver.RaftDriver} takes what
 * comes in to the core, and what comes out of it to the disk, the network and the applier.
 *
 * <p>Invariants: what a message promises about this member's disk leaves only after the sync; an
 * entry goes to the applier only when it is synced here; a failed write or sync is never retried,
 * the member stops.
 *
 * <p>Threads: none of its own. One thread at a time drives; what it hands out is immutable.
 */
@NullMarked
package io.jarnetes.etcd.server.driver;

import org.jspecify.annotations.NullMarked;
