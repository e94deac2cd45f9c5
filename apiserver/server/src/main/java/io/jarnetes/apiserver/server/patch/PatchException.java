package io.jarnetes.apiserver.server.patch;

/** A patch that is malformed or does not fit its object; the message is upstream's. */
public final class PatchException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    /** How the request is answered. */
    public enum Kind {
        /** 400, reason BadRequest. */
        BAD_REQUEST,
        /** 413, reason RequestEntityTooLarge. */
        TOO_LARGE,
        /**
         * 422, reason Invalid. Upstream answers "the server rejected our request due to an error in
         * our request" and keeps the message to itself.
         */
        UNPROCESSABLE,
        /** 500 with the message. */
        INTERNAL
    }

    PatchException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    static PatchException badRequest(String message) {
        return new PatchException(Kind.BAD_REQUEST, message);
    }

    public Kind kind() {
        return kind;
    }
}
