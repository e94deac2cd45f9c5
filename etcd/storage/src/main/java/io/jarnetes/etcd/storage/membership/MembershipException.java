package io.jarnetes.etcd.storage.membership;

/** A membership change that is refused; {@link #code} says which of upstream's errors it is. */
public final class MembershipException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The errors, with upstream's texts. */
    public enum Code {
        ID_REMOVED("membership: ID removed"),
        ID_EXISTS("membership: ID exists"),
        ID_NOT_FOUND("membership: ID not found"),
        PEER_URL_EXISTS("membership: peerURL exists"),
        MEMBER_NOT_LEARNER("membership: can only promote a learner member"),
        TOO_MANY_LEARNERS("membership: too many learner members in cluster");

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

    public MembershipException(Code code) {
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
