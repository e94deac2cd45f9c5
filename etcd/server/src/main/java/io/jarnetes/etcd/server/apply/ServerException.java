package io.jarnetes.etcd.server.apply;

/** A request that the server refuses; an answer, not a fault: it has no stack trace. */
public final class ServerException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final ServerError error;

    ServerException(ServerError error) {
        super(error.text(), null, false, false);
        this.error = error;
    }

    public ServerError error() {
        return error;
    }
}
