/**
 * TLS of a member's two sides, clients and peers: who is turned away, and with which words.
 *
 * <p>Threads: a connection's event loop; names of hosts are looked up where it may block.
 */
@NullMarked
package io.jarnetes.etcd.server.tls;

import org.jspecify.annotations.NullMarked;
