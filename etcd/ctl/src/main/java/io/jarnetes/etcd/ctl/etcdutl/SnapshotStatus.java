package io.jarnetes.etcd.ctl.etcdutl;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.jarnetes.etcd.ctl.command.ExitException;
import io.jarnetes.etcd.proto.mvccpb.KeyValue;
import io.jarnetes.etcd.storage.bbolt.Bucket;
import io.jarnetes.etcd.storage.bbolt.Cursor;
import io.jarnetes.etcd.storage.bbolt.Db;
import io.jarnetes.etcd.storage.bbolt.Options;
import io.jarnetes.etcd.storage.bbolt.Tx;
import io.jarnetes.etcd.storage.disk.Disk;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * What a snapshot or a db file holds.
 *
 * @param hash CRC-32C over the names of all buckets and their pairs, unsigned
 * @param revision the last one
 * @param totalKey how many keys there are now; at 3.5, how many pairs in all buckets
 * @param totalSize bytes up to the last page that counts
 * @param version the storage version, empty before 3.6
 */
record SnapshotStatus(int hash, long revision, long totalKey, long totalSize, String version) {
    private static final byte[] KEY_BUCKET = ascii("key");
    private static final byte[] META_BUCKET = ascii("meta");
    private static final byte[] STORAGE_VERSION = ascii("storageVersion");
    private static final int REVISION_BYTES = 17;

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Reads a file, checking all its pages first. */
    static SnapshotStatus read(Path file, boolean at35) {
        try (Db db = Db.open(Disk.real(), file, Options.DEFAULTS.withReadOnly(true))) {
            List<String> problems = db.check();
            if (!problems.isEmpty()) {
                throw new ExitException(
                        ExitException.ERROR,
                        "snapshot file integrity check failed. "
                                + problems.size()
                                + " errors found.\n"
                                + String.join("\n", problems));
            }
            return db.view(tx -> new Reading(at35).read(tx));
        }
    }

    /** The main revision that a key of the bucket {@code key} stands for. */
    static long revision(byte[] key) {
        if (key.length < REVISION_BYTES) {
            throw new ExitException(
                    ExitException.ERROR,
                    "cannot parse revision key: it has " + key.length + " bytes");
        }
        return ByteBuffer.wrap(key).getLong();
    }

    /** One pass over all pairs. */
    private static final class Reading {
        private final CRC32C crc = new CRC32C();
        private final Set<ByteString> alive = new HashSet<>();
        private final boolean at35;
        private long pairs;
        private long revision;

        Reading(boolean at35) {
            this.at35 = at35;
        }

        SnapshotStatus read(Tx tx) {
            Cursor buckets = tx.cursor();
            for (boolean on = buckets.first(); on; on = buckets.next()) {
                byte[] name = buckets.keyBytes();
                Bucket bucket = tx.bucket(name);
                if (bucket == null) {
                    throw new ExitException(
                            ExitException.ERROR,
                            "nil bucket: \"" + new String(name, StandardCharsets.UTF_8) + "\"");
                }
                crc.update(name);
                pairs(bucket, Arrays.equals(name, KEY_BUCKET));
            }
            return new SnapshotStatus(
                    (int) crc.getValue(),
                    revision,
                    at35 ? pairs : alive.size(),
                    tx.size(),
                    version(tx));
        }

        private void pairs(Bucket bucket, boolean keys) {
            Cursor cursor = bucket.cursor();
            for (boolean on = cursor.first(); on; on = cursor.next()) {
                byte[] key = cursor.keyBytes();
                byte[] value = cursor.valueBytes();
                crc.update(key);
                crc.update(value);
                pairs++;
                if (keys) {
                    key(key, value);
                }
            }
        }

        private void key(byte[] at, byte[] value) {
            revision = revision(at);
            if (at35) {
                return;
            }
            try {
                ByteString key = KeyValue.parseFrom(value).getKey();
                boolean tombstone = at.length == REVISION_BYTES + 1 && at[REVISION_BYTES] == 't';
                if (tombstone) {
                    alive.remove(key);
                } else {
                    alive.add(key);
                }
            } catch (InvalidProtocolBufferException e) {
                throw new ExitException(
                        ExitException.ERROR,
                        "cannot unmarshal value at revision " + revision + ": " + e.getMessage(),
                        e);
            }
        }

        private static String version(Tx tx) {
            Bucket meta = tx.bucket(META_BUCKET);
            byte[] version = meta == null ? null : meta.getBytes(STORAGE_VERSION);
            return version == null ? "" : new String(version, StandardCharsets.US_ASCII);
        }
    }
}
