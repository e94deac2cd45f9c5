package io.jarnetes.etcd.storage.backend;

import io.jarnetes.etcd.storage.bbolt.Cursor;
import io.jarnetes.etcd.storage.bbolt.Db;
import io.jarnetes.etcd.storage.bbolt.Options;
import io.jarnetes.etcd.storage.bbolt.Stats;
import io.jarnetes.etcd.storage.bbolt.Tx;
import io.jarnetes.etcd.storage.disk.Disk;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code member/snap/db}. */
final class BboltFile implements BackendFile {
    // Revisions come in rising order, so pages that split can stay nearly full.
    private static final double RISING_FILL_PERCENT = 0.9;
    private static final String LEFT_OVER_PREFIX = ".tmp";

    private final Disk disk;
    private final Path path;
    private final Options options;
    private final Db db;

    private BboltFile(Disk disk, Path path, Options options, Db db) {
        this.disk = disk;
        this.path = path;
        this.options = options;
        this.db = db;
    }

    static BboltFile open(Disk disk, Path path, Options options) {
        if (!options.readOnly()) {
            removeLeftOvers(disk, path);
        }
        BboltFile file = new BboltFile(disk, path, options, Db.open(disk, path, options));
        if (!options.readOnly() && !file.complete()) {
            file.commit(changes -> {});
        }
        return file;
    }

    /** Whether all buckets are there. */
    private boolean complete() {
        return db.view(tx -> {
            for (Bucket bucket : Bucket.values()) {
                if (tx.bucket(bucket.diskNameBytes()) == null) {
                    return false;
                }
            }
            return true;
        });
    }

    /** What a defragmentation that crashed left behind. */
    private static void removeLeftOvers(Disk disk, Path path) {
        Path directory = path.toAbsolutePath().getParent();
        Path name = path.getFileName();
        if (directory == null || name == null) {
            return;
        }
        for (String other : disk.list(directory)) {
            if (other.startsWith(name + LEFT_OVER_PREFIX)) {
                disk.delete(directory.resolve(other));
            }
        }
    }

    @Override
    public boolean writable() {
        return !options.readOnly();
    }

    @Override
    public Reader reader() {
        return new TxReader(db.begin(false));
    }

    @Override
    public void commit(Writer writer) {
        try (Tx tx = db.begin(true)) {
            Map<Bucket, io.jarnetes.etcd.storage.bbolt.Bucket> buckets =
                    new EnumMap<>(Bucket.class);
            for (Bucket bucket : Bucket.values()) {
                buckets.put(bucket, tx.createBucketIfNotExists(bucket.diskNameBytes()));
            }
            bucket(buckets, Bucket.KEY).fillPercent(RISING_FILL_PERCENT);
            writer.writeTo(
                    new Changes() {
                        @Override
                        public void put(Bucket bucket, byte[] key, byte[] value) {
                            bucket(buckets, bucket).put(key, value);
                        }

                        @Override
                        public void delete(Bucket bucket, byte[] key) {
                            bucket(buckets, bucket).delete(key);
                        }
                    });
            tx.commit();
        }
    }

    private static io.jarnetes.etcd.storage.bbolt.Bucket bucket(
            Map<Bucket, io.jarnetes.etcd.storage.bbolt.Bucket> buckets, Bucket bucket) {
        var found = buckets.get(bucket);
        if (found == null) {
            throw new IllegalStateException("bucket " + bucket.diskName() + " is not open");
        }
        return found;
    }

    @Override
    public long size() {
        return db.stats().sizeBytes();
    }

    @Override
    public long sizeInUse() {
        Stats stats = db.stats();
        return stats.sizeBytes() - stats.freePages() * db.pageSize();
    }

    @Override
    public BackendFile defragmented() {
        Path target = path.resolveSibling(path.getFileName() + LEFT_OVER_PREFIX + ".defrag");
        disk.delete(target);
        Db fresh = Db.open(disk, target, options);
        boolean done = false;
        try {
            Db.compact(db, fresh);
            fresh.sync();
            disk.rename(target, path);
            disk.syncDirectory(parent());
            done = true;
        } finally {
            if (!done) {
                fresh.close();
                disk.delete(target);
            }
        }
        return new BboltFile(disk, path, options, fresh);
    }

    private Path parent() {
        Path directory = path.toAbsolutePath().getParent();
        if (directory == null) {
            throw new IllegalStateException("the db file has no directory: " + path);
        }
        return directory;
    }

    @Override
    public void close() {
        db.close();
    }

    private static final class TxReader implements Reader {
        private final Tx tx;
        private final io.jarnetes.etcd.storage.bbolt.@Nullable Bucket keys;

        TxReader(Tx tx) {
            this.tx = tx;
            // Every read of a pair needs it.
            this.keys = tx.bucket(Bucket.KEY.diskNameBytes());
        }

        private io.jarnetes.etcd.storage.bbolt.@Nullable Bucket open(Bucket bucket) {
            return bucket == Bucket.KEY ? keys : tx.bucket(bucket.diskNameBytes());
        }

        /** Segments live no longer than the transaction. */
        private static byte[] copy(MemorySegment segment) {
            byte[] bytes = new byte[(int) segment.byteSize()];
            MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, 0, bytes, 0, bytes.length);
            return bytes;
        }

        @Override
        public byte @Nullable [] get(Bucket bucket, byte[] key) {
            var found = open(bucket);
            MemorySegment value = found == null ? null : found.get(key);
            return value == null ? null : copy(value);
        }

        @Override
        public void scan(Bucket bucket, byte[] from, byte @Nullable [] end, Visitor visitor) {
            var found = open(bucket);
            if (found == null) {
                return;
            }
            Cursor cursor = found.cursor();
            boolean on = from.length == 0 ? cursor.first() : cursor.seek(from);
            while (on && (end == null || cursor.compareKey(end) < 0)) {
                if (!visitor.visit(copy(cursor.key()), copy(cursor.value()))) {
                    return;
                }
                on = cursor.next();
            }
        }

        @Override
        public void scanAll(BucketVisitor visitor) {
            Cursor names = tx.cursor();
            for (boolean on = names.first(); on; on = names.next()) {
                byte[] name = names.keyBytes();
                visitor.bucket(name);
                var found = tx.bucket(name);
                if (found == null) {
                    continue;
                }
                Cursor cursor = found.cursor();
                for (boolean pair = cursor.first(); pair; pair = cursor.next()) {
                    visitor.pair(copy(cursor.key()), copy(cursor.value()));
                }
            }
        }

        @Override
        public long size() {
            return tx.size();
        }

        @Override
        public void writeTo(WritableByteChannel target) {
            tx.writeTo(target);
        }

        @Override
        public void read(long position, ByteBuffer target) {
            tx.read(position, target);
        }

        @Override
        public void close() {
            tx.close();
        }
    }
}
