/**
 * Requests to one server on Netty: {@link io.jarnetes.kubeclient.http.Transport}. HTTP/2 over TLS,
 * as many streams on a connection as the server takes; HTTP/1.1 where it has no HTTP/2.
 *
 * <p>Invariants: a request is sent at most once; a connection that the server says good-bye to gets
 * no more streams; a body that nobody reads is not fetched.
 *
 * <p>Threads: one event loop a transport, which waits for nothing. Answers come as futures, bodies
 * without an end as {@link java.io.InputStream}s that one thread reads.
 */
@NullMarked
package io.jarnetes.kubeclient.http;

import org.jspecify.annotations.NullMarked;
