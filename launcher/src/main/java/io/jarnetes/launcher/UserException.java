package io.jarnetes.launcher;

/** Something that the caller can put right; the message is one sentence that says how. */
final class UserException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UserException(String message) {
        super(message);
    }

    UserException(String message, Throwable cause) {
        super(message, cause);
    }
}
