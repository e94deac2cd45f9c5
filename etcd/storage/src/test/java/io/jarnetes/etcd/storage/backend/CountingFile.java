package io.jarnetes.etcd.storage.backend;

import io.jarnetes.etcd.storage.bbolt.Options;
import io.jarnetes.etcd.storage.disk.CorruptFileException;
import io.jarnetes.etcd.storage.disk.Disk;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A db file on disk that counts who has it open, through its defragmentations. */
public final class CountingFile implements BackendFile {
    private final BackendFile file;
    private final AtomicInteger readers;
    private final AtomicInteger files;

    private CountingFile(BackendFile file, AtomicInteger readers, AtomicInteger files) {
        this.file = file;
        this.readers = readers;
        this.files = files;
        files.incrementAndGet();
    }

    /** A file for {@link Backend#over}. */
    public static CountingFile open(Disk disk, Path path, Options options) {
        return new CountingFile(
                BboltFile.open(disk, path, options), new AtomicInteger(), new AtomicInteger());
    }

    /** How many snapshots are open; a {@link Backend} keeps one for those to come. */
    public int readers() {
        return readers.get();
    }

    /** How many files are open: this one, and those before that are still read. */
    public int files() {
        return files.get();
    }

    @Override
    public boolean writable() {
        return file.writable();
    }

    @Override
    public Reader reader() {
        readers.incrementAndGet();
        return new Counted(file.reader(), readers);
    }

    private record Counted(Reader reader, AtomicInteger readers) implements Reader {
        @Override
        public @Nullable MemorySegment get(Bucket bucket, byte[] key) {
            return reader.get(bucket, key);
        }

        @Override
        public void scan(Bucket bucket, byte[] from, byte @Nullable [] end, StoredVisitor visitor) {
            reader.scan(bucket, from, end, visitor);
        }

        @Override
        public CorruptFileException corrupt(Bucket bucket, byte[] key, String found) {
            return reader.corrupt(bucket, key, found);
        }

        @Override
        public void scanAll(BucketVisitor visitor) {
            reader.scanAll(visitor);
        }

        @Override
        public long size() {
            return reader.size();
        }

        @Override
        public void writeTo(WritableByteChannel target) {
            reader.writeTo(target);
        }

        @Override
        public void read(long position, ByteBuffer target) {
            reader.read(position, target);
        }

        @Override
        public void close() {
            reader.close();
            readers.decrementAndGet();
        }
    }

    @Override
    public void commit(Writer writer) {
        file.commit(writer);
    }

    @Override
    public long size() {
        return file.size();
    }

    @Override
    public long sizeInUse() {
        return file.sizeInUse();
    }

    @Override
    public BackendFile defragmented() {
        return new CountingFile(file.defragmented(), readers, files);
    }

    @Override
    public void close() {
        file.close();
        files.decrementAndGet();
    }
}
