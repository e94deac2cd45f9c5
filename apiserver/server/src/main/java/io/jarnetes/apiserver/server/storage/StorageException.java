package io.jarnetes.apiserver.server.storage;

/** Why storage could not do what was asked; {@code registry} makes a Status of it. */
public class StorageException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** What happened. */
    public enum Kind {
        /** There is no such key. */
        NOT_FOUND,
        /** The key is there already. */
        EXISTS,
        /** A precondition on uid or resourceVersion does not hold. */
        CONFLICT,
        /** The revision is compacted, or older than what the cache holds. */
        EXPIRED,
        /** The revision has not been seen within the waiting time. */
        TOO_LARGE_REVISION,
        /** A continue token, resourceVersion or the like cannot be read. */
        INVALID,
        /** etcd did not answer in time. */
        TIMEOUT,
        /** etcd is away, or refused. */
        UNAVAILABLE,
        /** What is stored cannot be decoded. */
        CORRUPT
    }

    private final Kind kind;

    public StorageException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public StorageException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** A token with which the client may list the rest as of now; empty for none. */
    public String continueToken() {
        return "";
    }

    public final Kind kind() {
        return kind;
    }
}
