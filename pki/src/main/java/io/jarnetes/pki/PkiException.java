package io.jarnetes.pki;

/** A certificate, key or directory that can't be made or read; the message says what to do. */
public final class PkiException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public PkiException(String message) {
        super(message);
    }

    public PkiException(String message, Throwable cause) {
        super(message, cause);
    }
}
