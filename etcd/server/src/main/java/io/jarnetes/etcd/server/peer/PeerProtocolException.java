package io.jarnetes.etcd.server.peer;

/** A peer said something that the protocol doesn't have; its connection is closed. */
public final class PeerProtocolException extends RuntimeException {
    private static final long serialVersionUID = 1;

    PeerProtocolException(String message) {
        super(message);
    }

    PeerProtocolException(String message, Throwable cause) {
        super(message, cause);
    }
}
