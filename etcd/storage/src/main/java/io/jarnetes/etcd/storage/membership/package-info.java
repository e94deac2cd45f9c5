/**
 * Who is in the cluster: {@link io.jarnetes.etcd.storage.membership.RaftCluster} is the surface.
 *
 * <p>Invariants: an id is a member or removed, never both, and a removed one never comes back; what
 * is in memory is what the backend holds.
 *
 * <p>Threads: the apply thread changes; readers see immutable members.
 */
@NullMarked
package io.jarnetes.etcd.storage.membership;

import org.jspecify.annotations.NullMarked;
