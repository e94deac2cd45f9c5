package io.jarnetes.apiserver.server.authentication;

/** Credentials that came and are not good. The client sees 401 only; the message is logged. */
public final class AuthenticationException extends Exception {

    private static final long serialVersionUID = 1L;

    public AuthenticationException(String message) {
        super(message);
    }

    public AuthenticationException(String message, Throwable cause) {
        super(message, cause);
    }
}
