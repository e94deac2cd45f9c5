package io.jarnetes.etcd.storage.mvcc;

/** A request that the store refuses; {@link #code} says which of upstream's errors it is. */
public final class MvccException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The errors, with upstream's texts. */
    public enum Code {
        /** The revision lies below the compact revision. */
        COMPACTED("mvcc: required revision has been compacted"),
        /** The revision is not there yet. */
        FUTURE_REVISION("mvcc: required revision is a future revision"),
        /** A watch's range holds no key. */
        EMPTY_WATCH_RANGE("mvcc: watcher range is empty"),
        /** The stream already has a watcher of this id. */
        DUPLICATE_WATCH_ID("mvcc: duplicate watch ID provided on the WatchStream"),
        /** The stream has no watcher of this id. */
        WATCHER_NOT_FOUND("mvcc: watcher does not exist");

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
    private final long compactRevision;

    public MvccException(Code code) {
        this(code, 0);
    }

    MvccException(Code code, long compactRevision) {
        super(code.text());
        this.code = code;
        this.compactRevision = compactRevision;
    }

    /** Which error. */
    public Code code() {
        return code;
    }

    /** With {@code COMPACTED}, the compact revision at that moment; else 0. */
    public long compactRevision() {
        return compactRevision;
    }

    /** Says nothing about the code: these are answers, not faults. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
