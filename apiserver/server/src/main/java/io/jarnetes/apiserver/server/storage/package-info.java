/**
 * Objects in etcd: keys, encoding, encryption, transactions, lists, watches.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>an object's resourceVersion is the etcd revision of its last write;
 *   <li>{@link EtcdKv} is the only way to etcd, and only its gRPC implementation imports the
 *       client.
 * </ul>
 *
 * Threads: calls block; a {@code Cacher} has one virtual thread that reads its etcd watch.
 */
@NullMarked
package io.jarnetes.apiserver.server.storage;

import org.jspecify.annotations.NullMarked;
