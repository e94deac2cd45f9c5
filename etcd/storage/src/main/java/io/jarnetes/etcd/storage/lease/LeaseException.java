package io.jarnetes.etcd.storage.lease;

/** A lease request that is refused; {@link #code} says which of upstream's errors it is. */
public final class LeaseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The errors, with upstream's texts. */
    public enum Code {
        NOT_PRIMARY("not a primary lessor"),
        NOT_FOUND("lease not found"),
        EXISTS("lease already exists"),
        TTL_TOO_LARGE("too large lease TTL"),
        /** It has expired and waits for its revocation; upstream lets the caller wait. */
        EXPIRED("lease expired");

        private final String text;

        Code(String text) {
            this.text = text;
        }

        /** Upstream's text, as the lessor says it. */
        public String text() {
            return text;
        }
    }

    private final Code code;

    LeaseException(Code code) {
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
