package io.jarnetes.apiserver.server.endpoints;

/** The peer went away while an answer was written to it: nothing is left to be said to it. */
public final class ResponseClosedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public ResponseClosedException(String message) {
        super(message, null, false, false);
    }
}
