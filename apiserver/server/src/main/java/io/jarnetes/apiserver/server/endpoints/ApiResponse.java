package io.jarnetes.apiserver.server.endpoints;

import java.util.List;
import java.util.Map;

/**
 * Where an answer goes: HTTP/1.1 (chunked unless Content-Length is given), HTTP/2 or WebSocket.
 * Used by one thread, but for {@link #closed} and {@link #onClose}.
 */
public interface ApiResponse {

    /** A header that goes out with whatever is started later, beside the answer's own. */
    void addHeader(String name, String value);

    /**
     * Sends status and headers; once, before anything else.
     *
     * @param headers a name may come several times ({@code Warning})
     */
    void start(int status, List<Map.Entry<String, String>> headers);

    /**
     * Sends bytes, and blocks while the peer is slow. In a watch every call is one whole event,
     * which becomes one message of a WebSocket.
     *
     * @param bytes not changed afterwards, so it needs no copy
     * @throws ResponseClosedException when the peer is gone
     */
    void write(byte[] bytes);

    /** Hands to the network what was written. Called at the end of each burst of a watch. */
    void flush();

    /** The answer is whole. */
    void end();

    /** The peer is gone, or the server stops. */
    boolean closed();

    /** Runs {@code action} once when {@link #closed} becomes true, at once if it is already. */
    void onClose(Runnable action);
}
