package io.jarnetes.etcd.server.peer;

/** Too many messages of one peer wait for the raft thread; this one is dropped. */
public final class ReceiveBufferFullException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ReceiveBufferFullException(long peer) {
        super(
                "cannot process message of member "
                        + Long.toHexString(peer)
                        + ": "
                        + ReceiveBuffers.SIZE
                        + " of its messages wait already",
                null,
                false,
                false);
    }
}
