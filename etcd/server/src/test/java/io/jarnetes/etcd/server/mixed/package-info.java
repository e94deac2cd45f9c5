/**
 * Clusters of upstream's members and ours. {@link io.jarnetes.etcd.server.mixed.Cluster} starts
 * members of either make with the same flags, {@link io.jarnetes.etcd.server.mixed.Workload} asks
 * for anything that a client may ask for, {@link io.jarnetes.etcd.server.mixed.Agreement} compares
 * what the members have come to.
 *
 * <p>{@code JARNETES_PEERS} names the folder of the unpacked peers; {@code hack/test} sets it.
 */
@NullMarked
package io.jarnetes.etcd.server.mixed;

import org.jspecify.annotations.NullMarked;
