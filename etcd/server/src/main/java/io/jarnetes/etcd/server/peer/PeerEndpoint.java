package io.jarnetes.etcd.server.peer;

import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * What answers one of the small requests on the peer port ({@code /members}, {@code /version},
 * {@code /leases}, {@code /leases/internal}, {@code /members/promote/ID}, {@code
 * /downgrade/enabled}, {@code /members/hashkv}). Called on an event loop: hands over what takes
 * time.
 */
@FunctionalInterface
public interface PeerEndpoint {
    /** Answers; a failed stage becomes a 500. */
    CompletionStage<Response> handle(Request request);

    /**
     * A request.
     *
     * @param path without the query
     * @param query without the question mark, empty for none
     */
    record Request(String method, String path, String query, byte[] body) {}

    /** An answer. The cluster's id is added to the headers by the transport. */
    record Response(int status, String contentType, Map<String, String> headers, byte[] body) {
        /** An answer of this status with nothing but a body. */
        public static Response of(int status, String contentType, byte[] body) {
            return new Response(status, contentType, Map.of(), body);
        }
    }
}
