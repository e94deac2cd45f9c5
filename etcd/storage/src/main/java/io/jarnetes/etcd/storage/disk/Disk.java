package io.jarnetes.etcd.storage.disk;

import java.nio.file.Path;
import java.util.List;

/** A file system. All methods throw {@link DiskException} when the system refuses. */
public interface Disk {
    /** The machine's own file system. */
    static Disk real() {
        return new FileDisk();
    }

    /** Opens a file; files are created with mode 0600. */
    DiskFile open(Path path, OpenMode mode);

    /** Whether there is a file or directory of this name. */
    boolean exists(Path path);

    /** The names in a directory, sorted; empty when there is no such directory. */
    List<String> list(Path directory);

    /**
     * Makes a directory and its parents with mode 0700; one that is there already is left alone.
     */
    void createDirectories(Path directory);

    /** Renames a file or directory, replacing a file of the new name in one step. */
    void rename(Path from, Path to);

    /** Deletes a file or an empty directory; {@code false} when there was none. */
    boolean delete(Path path);

    /** Makes creations, renames and deletions in a directory durable. */
    void syncDirectory(Path directory);

    /** Deletes the files of a flat directory and the directory itself; fine when there is none. */
    default void deleteDirectory(Path directory) {
        for (String name : list(directory)) {
            delete(directory.resolve(name));
        }
        delete(directory);
    }
}
