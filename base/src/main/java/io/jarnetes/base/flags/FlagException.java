package io.jarnetes.base.flags;

/** A command line that can't be taken; the message is upstream's. */
public final class FlagException extends Exception {

    private static final long serialVersionUID = 1L;

    /** What went wrong, since programs exit with different codes for it. */
    public enum Kind {
        UNKNOWN_FLAG,
        MISSING_VALUE,
        BAD_VALUE
    }

    private final Kind kind;

    public FlagException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
