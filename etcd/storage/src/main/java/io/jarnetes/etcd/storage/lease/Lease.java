package io.jarnetes.etcd.storage.lease;

import java.util.List;

/**
 * What is known of a lease at one moment.
 *
 * @param id its id
 * @param ttlSeconds the time to live that was granted
 * @param remainingSeconds until it expires, rounded to whole seconds as upstream does; on a member
 *     that is not the primary the granted one
 * @param keys the keys attached to it, sorted
 */
public record Lease(long id, long ttlSeconds, long remainingSeconds, List<byte[]> keys) {}
