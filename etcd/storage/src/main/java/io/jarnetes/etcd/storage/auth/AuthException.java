package io.jarnetes.etcd.storage.auth;

/** An auth request that is refused; {@link #code} says which of upstream's errors it is. */
public final class AuthException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The errors, with upstream's texts. */
    public enum Code {
        ROOT_USER_NOT_EXIST("auth: root user does not exist"),
        ROOT_ROLE_NOT_EXIST("auth: root user does not have root role"),
        USER_ALREADY_EXIST("auth: user already exists"),
        USER_EMPTY("auth: user name is empty"),
        USER_NOT_FOUND("auth: user not found"),
        ROLE_ALREADY_EXIST("auth: role already exists"),
        ROLE_NOT_FOUND("auth: role not found"),
        ROLE_EMPTY("auth: role name is empty"),
        PERMISSION_NOT_GIVEN("auth: permission not given"),
        AUTH_FAILED("auth: authentication failed, invalid user ID or password"),
        NO_PASSWORD_USER("auth: authentication failed, password was given for no password user"),
        PERMISSION_DENIED("auth: permission denied"),
        ROLE_NOT_GRANTED("auth: role is not granted to the user"),
        PERMISSION_NOT_GRANTED("auth: permission is not granted to the role"),
        AUTH_NOT_ENABLED("auth: authentication is not enabled"),
        AUTH_OLD_REVISION("auth: revision in header is old"),
        INVALID_AUTH_TOKEN("auth: invalid auth token"),
        INVALID_AUTH_OPTS("auth: invalid auth options"),
        INVALID_AUTH_MGMT("auth: invalid auth management"),
        INVALID_AUTH_METHOD("auth: invalid auth signature method"),
        MISSING_KEY("auth: missing key data"),
        KEY_MISMATCH("auth: public and private keys don't match"),
        VERIFY_ONLY("auth: token signing attempted with verify-only key");

        private final String text;

        Code(String text) {
            this.text = text;
        }

        /** Upstream's text. */
        public String text() {
            return text;
        }
    }

    private final Code code;

    AuthException(Code code) {
        super(code.text());
        this.code = code;
    }

    /** Which error. */
    public Code code() {
        return code;
    }

    /** An answer, not a fault: no stack. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
