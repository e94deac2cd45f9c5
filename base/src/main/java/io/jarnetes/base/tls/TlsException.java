package io.jarnetes.base.tls;

/** A certificate or key that can't be read or used; the message names the file and what to do. */
public final class TlsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public TlsException(String message) {
        super(message);
    }

    public TlsException(String message, Throwable cause) {
        super(message, cause);
    }
}
