/**
 * The REST verbs over {@code registry}: queries, content negotiation, watch framing, patches.
 *
 * <p>{@link ApiHandler} is the face towards the HTTP server: it blocks on a virtual thread and
 * writes to an {@link ApiResponse}, behind which HTTP/1.1, HTTP/2 and WebSocket hide.
 *
 * <p>Threads: none of its own; one virtual thread a request.
 */
@NullMarked
package io.jarnetes.apiserver.server.endpoints;

import org.jspecify.annotations.NullMarked;
