/**
 * HTTP/1.1, HTTP/2 and WebSocket over TLS on Netty, and what every request passes before a handler
 * sees it. {@link io.jarnetes.apiserver.server.http.HttpServer} listens, {@link
 * io.jarnetes.apiserver.server.http.RequestFilters} authenticates, authorizes and dispatches.
 *
 * <p>Invariants: a handler sees a whole request body of at most 3 MiB; an answer blocks its writer
 * while the peer is slow, so that a slow watcher costs one virtual thread and a bounded buffer.
 *
 * <p>Threads: event loops read and write sockets and never block; each request has a virtual thread
 * of its own.
 */
@NullMarked
package io.jarnetes.apiserver.server.http;

import org.jspecify.annotations.NullMarked;
