package io.jarnetes.etcd.ctl.command;

/** Ends the program with a status and {@code Error: } and the message on standard error. */
public final class ExitException extends RuntimeException {
    /** Something failed. */
    public static final int ERROR = 1;

    /** A flag that exists has a value that is not supported. */
    public static final int BAD_FEATURE = 4;

    /** The arguments are wrong. */
    public static final int BAD_ARGS = 128;

    private static final long serialVersionUID = 1L;
    private final int status;

    public ExitException(int status, String message) {
        super(message);
        this.status = status;
    }

    public ExitException(int status, String message, Throwable cause) {
        super(message, cause);
        this.status = status;
    }

    public int status() {
        return status;
    }
}
