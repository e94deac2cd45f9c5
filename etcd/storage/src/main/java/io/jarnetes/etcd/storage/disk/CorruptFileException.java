package io.jarnetes.etcd.storage.disk;

import java.nio.file.Path;

/** A file whose contents break its format: truncated, damaged or not of this kind at all. */
public final class CorruptFileException extends DiskException {
    private static final long serialVersionUID = 1L;
    private final long offset;

    /**
     * @param offset the byte in the file at which the damage was seen
     * @param found what was found and what was expected
     * @param advice what the operator can do
     */
    public CorruptFileException(Path path, long offset, String found, String advice) {
        super(path, "corrupt at offset " + offset + ": " + found + "; " + advice);
        this.offset = offset;
    }

    /** The byte in the file at which the damage was seen. */
    public long offset() {
        return offset;
    }
}
