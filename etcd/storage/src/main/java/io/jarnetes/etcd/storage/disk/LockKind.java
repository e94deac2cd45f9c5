package io.jarnetes.etcd.storage.disk;

/** The two kinds of lock that upstream takes; Java's own {@code FileLock} is neither. */
public enum LockKind {
    /** {@code fcntl(F_OFD_SETLK)} with a write lock on the whole file: WAL segments. */
    OPEN_FILE_DESCRIPTION,
    /** {@code flock(LOCK_EX | LOCK_NB)}: the bbolt file. */
    FLOCK,
    /** {@code flock(LOCK_SH | LOCK_NB)}: the bbolt file, opened for reading only. */
    FLOCK_SHARED
}
