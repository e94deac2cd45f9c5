package io.jarnetes.etcd.storage.disk;

/** What {@link Disk#open} does with a file that is, or is not, there. */
public enum OpenMode {
    /** Must exist; no writes. */
    READ,
    /** Must exist; reads and writes. */
    WRITE,
    /** Reads and writes; made when it does not exist. */
    CREATE,
    /** Reads and writes; must not exist. */
    CREATE_NEW
}
