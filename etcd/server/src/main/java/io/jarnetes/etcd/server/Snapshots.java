package io.jarnetes.etcd.server;

import io.jarnetes.base.log.Log;

/** When the log is cut off: after so many applied entries. Apply thread. */
final class Snapshots {
    private final EtcdConfig.Storage config;
    private final Log log;
    private long last;

    Snapshots(EtcdConfig.Storage config, long last, Log log) {
        this.config = config;
        this.last = last;
        this.log = log;
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
        log.info("saved snapshot", "snapshot-index", index);
    }
}
