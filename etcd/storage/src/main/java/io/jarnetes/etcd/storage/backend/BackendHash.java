package io.jarnetes.etcd.storage.backend;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.zip.CRC32C;

/** CRC-32C over names of buckets and their pairs, less what may differ between members. */
final class BackendHash implements BackendFile.BucketVisitor {
    private static final Set<String> IGNORED =
            Set.of(Meta.CONSISTENT_INDEX, Meta.TERM, Meta.STORAGE_VERSION);

    private final CRC32C crc = new CRC32C();
    private final byte[] metaName = Bucket.META.diskNameBytes();
    private boolean inMeta;

    @Override
    public void bucket(byte[] name) {
        inMeta = Arrays.equals(name, metaName);
        crc.update(name);
    }

    @Override
    public void pair(byte[] key, byte[] value) {
        if (inMeta && IGNORED.contains(new String(key, StandardCharsets.ISO_8859_1))) {
            return;
        }
        crc.update(key);
        crc.update(value);
    }

    int value() {
        return (int) crc.getValue();
    }
}
