/**
 * What Services take from the cluster: addresses (IPAddress objects) and node ports (a bitmap), and
 * the rules of Services.
 *
 * <p>Invariants: an address or port that a stored Service names is held; what a failed write took
 * is given back.
 *
 * <p>Threads: shared by all requests; every grant is a conditional write in etcd, so several
 * apiservers agree.
 */
@NullMarked
package io.jarnetes.apiserver.server.registry.services;

import org.jspecify.annotations.NullMarked;
