package io.jarnetes.etcd.storage.backend;

/**
 * A key or value of the db that is not what its bucket should hold. Thrown by whoever decodes it;
 * {@link View} adds file and offset.
 */
public final class BadPairException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * What was expected and what was found.
     *
     * @param found in words that follow on the bucket's name
     */
    public BadPairException(String found) {
        super(found);
    }

    /** The same with what made the decoder give up. */
    public BadPairException(String found, Throwable cause) {
        super(found + ": " + cause.getMessage(), cause);
    }
}
