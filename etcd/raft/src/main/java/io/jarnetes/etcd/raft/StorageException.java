package io.jarnetes.etcd.raft;

/** Why a {@link Storage} cannot give what was asked; expected in normal operation. */
public abstract sealed class StorageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private StorageException(String message) {
        // No stack trace: these are answers, not accidents.
        super(message, null, false, false);
    }

    /** The index was compacted away. */
    public static final class Compacted extends StorageException {
        private static final long serialVersionUID = 1;

        public Compacted(long asked, long firstIndex) {
            super(
                    "requested index "
                            + asked
                            + " is unavailable due to compaction, first index is "
                            + firstIndex);
        }
    }

    /** The index is not in the log yet. */
    public static final class Unavailable extends StorageException {
        private static final long serialVersionUID = 1;

        public Unavailable(long asked, long lastIndex) {
            super(
                    "requested entry at index "
                            + asked
                            + " is unavailable, last index is "
                            + lastIndex);
        }
    }

    /** The snapshot is being made. */
    public static final class SnapshotTemporarilyUnavailable extends StorageException {
        private static final long serialVersionUID = 1;

        public SnapshotTemporarilyUnavailable() {
            super("snapshot is temporarily unavailable");
        }
    }
}
