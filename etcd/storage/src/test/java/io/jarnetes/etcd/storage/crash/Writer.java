package io.jarnetes.etcd.storage.crash;

import io.jarnetes.etcd.raft.ConfState;
import io.jarnetes.etcd.raft.Entry;
import io.jarnetes.etcd.raft.EntryType;
import io.jarnetes.etcd.raft.HardState;
import io.jarnetes.etcd.storage.bbolt.Bucket;
import io.jarnetes.etcd.storage.bbolt.Db;
import io.jarnetes.etcd.storage.bbolt.Options;
import io.jarnetes.etcd.storage.bbolt.Tx;
import io.jarnetes.etcd.storage.disk.Disk;
import io.jarnetes.etcd.storage.wal.Wal;
import io.jarnetes.etcd.storage.wal.WalContents;
import io.jarnetes.etcd.storage.wal.WalOptions;
import io.jarnetes.etcd.storage.wal.WalSnapshot;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A small member: entries go to the log, then into the database, and each is acknowledged on
 * standard output once its log record is synced ("w" index) and once it is committed ("d" index).
 */
final class Writer {
    static final byte[] BUCKET = "key".getBytes(StandardCharsets.UTF_8);
    static final byte[] APPLIED = "applied".getBytes(StandardCharsets.UTF_8);
    static final WalOptions SEGMENTS = new WalOptions(200_000, false);
    static final int KEYS = 3000;

    private Writer() {}

    /** Writes until it is killed; the argument is the data directory. */
    public static void main(String[] arguments) {
        Path data = Path.of(arguments[0]);
        Disk disk = Disk.real();
        Path log = data.resolve("wal");
        Options options = Options.DEFAULTS.withSizes(4096, 64 << 10, 1 << 20);
        try (Db db = Db.open(disk, data.resolve("db"), options)) {
            List<Entry> pending = new ArrayList<>();
            long applied = db.view(Writer::applied);
            if (!Wal.exists(disk, log)) {
                Wal wal = Wal.create(disk, log, new byte[] {8, 1, 16, 1}, SEGMENTS);
                write(db, wal, 0, 0, pending);
                return;
            }
            WalSnapshot snapshot = Wal.validSnapshots(disk, log).getLast();
            Wal.Opened opened = Wal.open(disk, log, snapshot, SEGMENTS);
            for (Entry entry : opened.contents().entries()) {
                if (entry.index() > applied) {
                    pending.add(entry);
                }
            }
            write(db, opened.wal(), lastIndex(snapshot, opened.contents()), applied, pending);
        }
    }

    private static void write(Db db, Wal wal, long last, long done, List<Entry> pending) {
        PrintStream out = System.out;
        Random random = new Random(last);
        long index = last;
        long applied = done;
        while (!out.checkError()) {
            List<Entry> batch = new ArrayList<>();
            for (int i = random.nextInt(20); i >= 0; i--) {
                batch.add(entry(++index));
            }
            wal.save(new HardState(1, 1, index), batch);
            out.println("w " + index);
            pending.addAll(batch);
            if (pending.size() > random.nextInt(200)) {
                apply(db, pending);
                pending.clear();
                applied = index;
                out.println("d " + index);
            }
            if (random.nextInt(50) == 0 && applied > 0) {
                wal.saveSnapshot(new WalSnapshot(applied, 1, ConfState.ofVoters(List.of(1L))));
                wal.releaseLockTo(applied);
                wal.purge(3);
            }
        }
    }

    /** The last entry that the database holds. */
    static long applied(Tx tx) {
        Bucket bucket = tx.bucket(APPLIED);
        byte[] value = bucket == null ? null : bucket.getBytes(APPLIED);
        return value == null ? 0 : ByteBuffer.wrap(value).getLong();
    }

    static long lastIndex(WalSnapshot snapshot, WalContents contents) {
        return contents.entries().isEmpty()
                ? snapshot.index()
                : contents.entries().getLast().index();
    }

    private static Entry entry(long index) {
        return new Entry(EntryType.NORMAL, 1, index, value(index));
    }

    /** What entry {@code index} writes: its size differs, so that pages split and merge. */
    static byte[] value(long index) {
        byte[] value = new byte[8 + (int) (index * 31 % 600)];
        ByteBuffer.wrap(value).putLong(index);
        return value;
    }

    static byte[] key(long index) {
        return "k%05d".formatted(index * 7919 % KEYS).getBytes(StandardCharsets.UTF_8);
    }

    private static void apply(Db db, List<Entry> entries) {
        db.update(tx -> {
            Bucket bucket = tx.createBucketIfNotExists(BUCKET);
            for (Entry entry : entries) {
                byte[] key = key(entry.index());
                if (entry.index() % 5 == 0) {
                    bucket.delete(key);
                } else {
                    bucket.put(key, entry.data());
                }
            }
            byte[] applied = ByteBuffer.allocate(8).putLong(entries.getLast().index()).array();
            tx.createBucketIfNotExists(APPLIED).put(APPLIED, applied);
        });
    }
}
