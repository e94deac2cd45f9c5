package io.jarnetes.etcd.raft;

/** A message from outside that {@link RawNode#step} must not take. */
public final class StepException extends RuntimeException {
    private static final long serialVersionUID = 1;

    StepException(String message) {
        super(message, null, false, false);
    }
}
