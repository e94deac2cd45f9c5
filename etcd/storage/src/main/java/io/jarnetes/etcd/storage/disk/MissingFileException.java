package io.jarnetes.etcd.storage.disk;

import java.nio.file.Path;

/** A file that was asked for and is not there. */
public final class MissingFileException extends DiskException {
    private static final long serialVersionUID = 1L;

    /** The file that is missing, and what it is needed for. */
    public MissingFileException(Path path, String neededFor) {
        super(path, "no such file; " + neededFor);
    }
}
