package io.jarnetes.etcd.server.simulation;

import io.jarnetes.etcd.server.driver.DurableLog;
import io.jarnetes.etcd.storage.disk.Disk;

/** Where a fault can be planted; this one plants none. */
class Sabotage {
    /** The disk that the log is written to. */
    Disk disk(Disk disk) {
        return disk;
    }

    /** The log that the driver writes to. */
    DurableLog log(DurableLog log) {
        return log;
    }

    /** Whether a member leaves a change of the configuration out. */
    boolean dropsConfChange(long member) {
        return false;
    }

    /** Whether members answer reads from what they have. */
    boolean readsWithoutQuorum() {
        return false;
    }

    /** Where a watcher goes on that is connected anew, and wants {@code revision} next. */
    long resumesAt(long revision) {
        return revision;
    }
}
