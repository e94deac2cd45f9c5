package io.jarnetes.etcd.storage.disk;

import java.nio.file.Path;

/**
 * The system, or what was found in a file, does not allow what was asked. Names the file; a member
 * that meets one while it writes has to stop.
 */
public class DiskException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Path path;

    /** An operation that the system refused. */
    public DiskException(Path path, String message, Throwable cause) {
        super(path + ": " + message, cause);
        this.path = path;
    }

    /** A state of the file that does not allow the operation. */
    public DiskException(Path path, String message) {
        super(path + ": " + message);
        this.path = path;
    }

    /** The file or directory. */
    public Path path() {
        return path;
    }
}
