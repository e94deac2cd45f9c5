/**
 * What a cluster has before anybody asks for it: namespaces, RBAC policy, the {@code kubernetes}
 * Service and its endpoints, priority classes, flow control, leases; and the serving certificate of
 * a server that was given none.
 *
 * <p>Invariant: what is there already is read and left alone, so that a restart writes nothing but
 * its leases.
 *
 * <p>Threads: one virtual thread for each independent part, ended by closing.
 */
@NullMarked
package io.jarnetes.apiserver.server.bootstrap;

import org.jspecify.annotations.NullMarked;
