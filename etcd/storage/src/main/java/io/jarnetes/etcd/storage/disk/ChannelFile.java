package io.jarnetes.etcd.storage.disk;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** A file of the machine: a channel for bytes, and a descriptor of our own for what Java lacks. */
final class ChannelFile implements DiskFile {
    private final Path path;
    private final FileChannel channel;
    private final Arena mappings = Arena.ofShared();
    private final boolean writable;
    private final int descriptor;
    private boolean closed;

    ChannelFile(Path path, FileChannel channel, boolean writable) {
        this.path = path;
        this.channel = channel;
        this.writable = writable;
        // Locks and reservations belong to the file, not to the name, and the name may change: so
        // the second descriptor is opened at once. Neither kind of lock is lost when another
        // descriptor of the same file is closed.
        this.descriptor = Libc.open(path, writable);
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public long size() {
        try {
            return channel.size();
        } catch (IOException e) {
            throw failed("cannot read size", e);
        }
    }

    @Override
    public int read(ByteBuffer target, long position) {
        int total = 0;
        try {
            while (target.hasRemaining()) {
                int count = channel.read(target, position + total);
                if (count < 0) {
                    break;
                }
                total += count;
            }
            return total;
        } catch (IOException e) {
            throw failed("cannot read at offset " + (position + total), e);
        }
    }

    @Override
    public void write(ByteBuffer source, long position) {
        long at = position;
        try {
            while (source.hasRemaining()) {
                at += channel.write(source, at);
            }
        } catch (IOException e) {
            throw failed("cannot write at offset " + at, e);
        }
    }

    @Override
    public void truncate(long size) {
        try {
            if (size <= channel.size()) {
                channel.truncate(size);
            } else {
                Libc.truncate(path, descriptor, size);
            }
        } catch (IOException e) {
            throw failed("cannot set the size to " + size, e);
        }
    }

    @Override
    public void preallocate(long size) {
        if (!Libc.allocate(path, descriptor, size) && size() < size) {
            truncate(size);
        }
    }

    @Override
    public void sync() {
        try {
            channel.force(false);
        } catch (IOException e) {
            throw failed("cannot sync", e);
        }
    }

    @Override
    public MemorySegment map(long position, long size) {
        try {
            // Mapping for reading past the end fails, as it must: it would be a SIGBUS later.
            return channel.map(FileChannel.MapMode.READ_ONLY, position, size, mappings);
        } catch (IOException e) {
            throw failed("cannot map " + size + " bytes at offset " + position, e);
        }
    }

    @Override
    public boolean tryLock(LockKind kind) {
        if (!writable && kind == LockKind.OPEN_FILE_DESCRIPTION) {
            throw new DiskException(path, "a write lock needs a file opened for writing");
        }
        return Libc.tryLock(path, descriptor, kind);
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        mappings.close();
        Libc.close(descriptor);
        try {
            channel.close();
        } catch (IOException e) {
            throw failed("cannot close", e);
        }
    }

    private DiskException failed(String what, IOException cause) {
        return new DiskException(path, what + ": " + cause.getMessage(), cause);
    }
}
