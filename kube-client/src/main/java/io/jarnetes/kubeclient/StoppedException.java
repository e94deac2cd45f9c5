package io.jarnetes.kubeclient;

/** The thread was interrupted while it waited: its owner closes. */
public final class StoppedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public StoppedException() {
        super("stopped");
    }
}
