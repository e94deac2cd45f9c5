package io.jarnetes.etcd.storage.disk;

import java.nio.file.Path;

/** Another process, or another part of this one, has the file open and locked. */
public final class FileLockedException extends DiskException {
    private static final long serialVersionUID = 1L;

    /** A lock on {@code path} that could not be had. */
    public FileLockedException(Path path) {
        super(
                path,
                "the file is locked by another process; stop the other etcd that uses this data"
                        + " directory");
    }
}
