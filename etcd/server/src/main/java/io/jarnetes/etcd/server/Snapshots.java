package io.jarnetes.etcd.server;

import io.jarnetes.base.log.Log;

/**
 * When the log is cut off: after so many applied entries on disk, and much more often in memory.
 * Apply thread.
 */
final class Snapshots {
    /** Upstream's, since 3.6. */
    private static final int MEMORY_COUNT = 100;

    private final EtcdConfig.Storage config;
    private final Log log;
    private long last;
    private long forgotten;

    Snapshots(EtcdConfig.Storage config, long last, Log log) {
        this.config = config;
        this.last = last;
        this.forgotten = last;
        this.log = log;
    }

    /** Whether so much came that the log in memory may forget what no follower should need. */
    boolean forgets(long applied) {
        return applied > forgotten + MEMORY_COUNT;
    }

    /** The log in memory begins behind this index, but for what followers catch up with. */
    void forgotten(long index) {
        forgotten = index;
    }

    boolean due(long applied) {
        boolean due = applied - last > config.snapshotCount();
        if (due) {
            log.info(
                    "triggering snapshot",
                    "local-member-applied-index",
                    applied,
                    "local-member-snapshot-index",
                    last,
                    "local-member-snapshot-count",
                    config.snapshotCount());
        }
        return due;
    }

    void taken(long index) {
        last = index;
        forgotten = index;
        log.info("saved snapshot", "snapshot-index", index);
    }
}
