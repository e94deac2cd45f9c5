package io.jarnetes.etcd.ctl.etcdutl;

import io.jarnetes.etcd.ctl.command.ExitException;
import io.jarnetes.etcd.storage.disk.Disk;
import io.jarnetes.etcd.storage.disk.DiskFile;
import io.jarnetes.etcd.storage.disk.OpenMode;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** Copies a snapshot's db to its place, without the SHA-256 behind it, which it checks. */
final class SnapshotCopy {
    private static final int SHA_BYTES = 32;
    private static final int SECTOR_BYTES = 512;
    private static final int COPY_BYTES = 1 << 20;

    private final Disk disk;
    private final RestorePlan plan;

    SnapshotCopy(Disk disk, RestorePlan plan) {
        this.disk = disk;
        this.plan = plan;
    }

    void run() {
        if (!Files.exists(plan.snapshot())) {
            throw refused("open " + plan.snapshot() + ": no such file or directory");
        }
        try (DiskFile source = disk.open(plan.snapshot(), OpenMode.READ)) {
            long size = source.size();
            if (size < SHA_BYTES) {
                throw refused("seek " + plan.snapshot() + ": invalid argument");
            }
            // Pages fill whole sectors: only the checksum can be what is over.
            boolean hashed = size % SECTOR_BYTES == SHA_BYTES;
            if (!hashed && !plan.skipHashCheck()) {
                throw refused("snapshot missing hash but --skip-hash-check=false");
            }
            byte[] found = copy(source, hashed ? size - SHA_BYTES : size);
            ByteBuffer expected = ByteBuffer.allocate(SHA_BYTES);
            source.read(expected, size - SHA_BYTES);
            if (hashed && !plan.skipHashCheck() && !Arrays.equals(expected.array(), found)) {
                throw refused("expected sha256 " + go(expected.array()) + ", got " + go(found));
            }
        }
    }

    private byte[] copy(DiskFile source, long size) {
        MessageDigest digest = sha256();
        disk.createDirectories(plan.snapDir());
        try (DiskFile target = disk.open(plan.database(), OpenMode.CREATE)) {
            ByteBuffer buffer = ByteBuffer.allocate(COPY_BYTES);
            for (long at = 0; at < size; at += buffer.limit()) {
                buffer.clear().limit((int) Math.min(COPY_BYTES, size - at));
                source.read(buffer, at);
                digest.update(buffer.flip());
                target.write(buffer.rewind(), at);
            }
            target.sync();
        }
        return digest.digest();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256, which snapshots need", e);
        }
    }

    /** Bytes as Go prints them. */
    private static String go(byte[] bytes) {
        StringBuilder text = new StringBuilder("[");
        for (byte b : bytes) {
            text.append(text.length() > 1 ? " " : "").append(b & 0xff);
        }
        return text.append(']').toString();
    }

    private static ExitException refused(String message) {
        return new ExitException(ExitException.ERROR, message);
    }
}
