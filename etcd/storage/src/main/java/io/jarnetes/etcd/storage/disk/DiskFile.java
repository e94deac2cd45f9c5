package io.jarnetes.etcd.storage.disk;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** An open file. Offsets and sizes are bytes. All methods throw {@link DiskException}. */
public interface DiskFile extends AutoCloseable {
    /** The name the file was opened by. */
    Path path();

    /** The size of the file now. */
    long size();

    /**
     * Reads from {@code position} until the buffer is full or the file ends.
     *
     * @return how many bytes were read
     */
    int read(ByteBuffer target, long position);

    /** Writes the whole buffer at {@code position}; not durable before {@link #sync()}. */
    void write(ByteBuffer source, long position);

    /** Sets the size; a longer file reads as zeros there. */
    void truncate(long size);

    /**
     * Reserves blocks for the first {@code size} bytes and makes the file at least that long
     * ({@code posix_fallocate}). Where the file system cannot, the file is only made longer.
     */
    void preallocate(long size);

    /** Makes contents and size durable ({@code fdatasync}). */
    void sync();

    /**
     * Maps bytes that exist, for reading. The memory shows later writes and is valid until the file
     * is closed.
     */
    MemorySegment map(long position, long size);

    /**
     * Takes the lock for as long as this file is open, without waiting.
     *
     * @return {@code false} when another open file (of this process too) holds it
     */
    boolean tryLock(LockKind kind);

    /** Closes the file, unmaps what was mapped and lets its lock go. */
    @Override
    void close();
}
