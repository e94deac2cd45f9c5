package io.jarnetes.etcd.storage.backend;

import io.jarnetes.etcd.storage.bbolt.Cursor;
import io.jarnetes.etcd.storage.bbolt.Db;
import io.jarnetes.etcd.storage.bbolt.Options;
import io.jarnetes.etcd.storage.bbolt.Stats;
import io.jarnetes.etcd.storage.bbolt.Tx;
import io.jarnetes.etcd.storage.disk.CorruptFileException;
import io.jarnetes.etcd.storage.disk.Disk;
import io.jarnetes.etcd.storage.disk.DiskException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code member/snap/db}. */
final class BboltFile implements BackendFile {
    // Revisions come in rising order, so pages that split can stay nearly full.
    private static final double RISING_FILL_PERCENT = 0.9;
    private static final String LEFT_OVER_PREFIX = ".tmp";
    // etcd's are ten.
    private static final int MOST_NAMES = 100;
    private static final String ADVICE =
            "the file was damaged, or written by something else; compare hashkv with other members,"
                    + " and restore this one from a snapshot or let it rejoin its cluster";

    private final Disk disk;
    private final Path path;
    private final Options options;
    private final Db db;
    private volatile boolean replaced;

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
        try {
            file.requireEtcd();
            if (!options.readOnly() && !file.complete()) {
                file.commit(changes -> {});
            }
            return file;
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** A sound bbolt file may still be that of another program: nothing is added to it. */
    private void requireEtcd() {
        List<String> names =
                db.view(tx -> {
                    List<String> found = new ArrayList<>();
                    Cursor cursor = tx.cursor();
                    for (boolean on = cursor.first();
                            on && found.size() < MOST_NAMES;
                            on = cursor.next()) {
                        found.add(new String(cursor.keyBytes(), StandardCharsets.ISO_8859_1));
                    }
                    return found;
                });
        if (!names.isEmpty()
                && names.size() < MOST_NAMES
                && !names.contains(Bucket.META.diskName())
                && !names.contains(Bucket.KEY.diskName())) {
            throw new CorruptFileException(
                    path,
                    0,
                    "a bbolt file without etcd's buckets key and meta; it has " + names,
                    "put the member's own db here, or give another --data-dir");
        }
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
        return new TxReader(path, db.begin(false));
    }

    @Override
    public void commit(Writer writer) {
        if (replaced) {
            throw new DiskException(
                    path, "a defragmentation failed when it replaced the file; restart the member");
        }
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
            // From here on this file has no name: what it would take is lost with the next start.
            replaced = true;
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
        private final Path path;
        private final Tx tx;
        private final io.jarnetes.etcd.storage.bbolt.@Nullable Bucket keys;

        TxReader(Path path, Tx tx) {
            this.path = path;
            this.tx = tx;
            // Every read of a pair needs it.
            this.keys = tx.bucket(Bucket.KEY.diskNameBytes());
        }

        private io.jarnetes.etcd.storage.bbolt.@Nullable Bucket open(Bucket bucket) {
            return bucket == Bucket.KEY ? keys : tx.bucket(bucket.diskNameBytes());
        }

        @Override
        public @Nullable MemorySegment get(Bucket bucket, byte[] key) {
            var found = open(bucket);
            return found == null ? null : found.get(key);
        }

        @Override
        public void scan(Bucket bucket, byte[] from, byte @Nullable [] end, StoredVisitor visitor) {
            var found = open(bucket);
            if (found == null) {
                return;
            }
            Cursor cursor = found.cursor();
            boolean on = from.length == 0 ? cursor.first() : cursor.seek(from);
            while (on && (end == null || cursor.compareKey(end) < 0)) {
                if (!visitor.visit(cursor.keyBytes(), cursor.value())) {
                    return;
                }
                on = cursor.next();
            }
        }

        @Override
        public CorruptFileException corrupt(Bucket bucket, byte[] key, String found) {
            var in = open(bucket);
            long offset = 0;
            if (in != null) {
                Cursor cursor = in.cursor();
                if (cursor.seek(key) && cursor.compareKey(key) == 0) {
                    offset = cursor.fileOffset();
                }
            }
            return new CorruptFileException(
                    path,
                    offset,
                    "the key "
                            + HexFormat.of().formatHex(key)
                            + " of bucket "
                            + bucket.diskName()
                            + " "
                            + found,
                    ADVICE);
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
                    visitor.pair(cursor.keyBytes(), cursor.valueBytes());
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
