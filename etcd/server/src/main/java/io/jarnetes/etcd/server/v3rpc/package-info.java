/**
 * The gRPC services on a member, and the port that they share with HTTP. {@link
 * io.jarnetes.etcd.server.v3rpc.ClientPort} is the surface. gRPC stubs go no further than here.
 *
 * <p>Invariants: every refusal is a status of {@link io.jarnetes.etcd.server.v3rpc.Statuses}, with
 * upstream's code and text; a watch's created answer is the first of its id.
 *
 * <p>Threads: event loops; what takes long goes to the background pool and comes back; what waits
 * for other clients (campaigns, locks, observers) has a virtual thread each.
 */
@NullMarked
package io.jarnetes.etcd.server.v3rpc;

import org.jspecify.annotations.NullMarked;
