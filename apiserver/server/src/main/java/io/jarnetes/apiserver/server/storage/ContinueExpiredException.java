package io.jarnetes.apiserver.server.storage;

/**
 * The revision behind a continue token is compacted; says how the client may go on all the same.
 */
final class ContinueExpiredException extends StorageException {

    private static final long serialVersionUID = 1;

    private final String continueToken;

    ContinueExpiredException(StorageException cause, String continueToken) {
        super(Kind.EXPIRED, String.valueOf(cause.getMessage()), cause);
        this.continueToken = continueToken;
    }

    @Override
    public String continueToken() {
        return continueToken;
    }
}
