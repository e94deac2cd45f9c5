package io.jarnetes.etcd.storage.bbolt;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How a {@link Db} is opened. {@link #DEFAULTS} are etcd's.
 *
 * @param readOnly open for reading only, with a shared lock; nothing is written, not even to repair
 * @param lockTimeout how long to wait for the file lock; etcd waits for ever, which nobody wants
 * @param freelistSync whether free pages are listed in the file; etcd scans the tree at open
 *     instead
 * @param noSync skips both syncs of a commit ({@code --unsafe-no-fsync}): a crash may lose the file
 * @param pageSizeBytes page size of a new file; a file that exists keeps its own
 * @param growthBytes by how much the file grows beyond what a commit needs
 * @param chunkBytes how much is mapped at once; a multiple of the page size
 * @param nanoClock for the times in {@link CommitTimes}
 */
public record Options(
        boolean readOnly,
        Duration lockTimeout,
        boolean freelistSync,
        boolean noSync,
        int pageSizeBytes,
        long growthBytes,
        long chunkBytes,
        LongSupplier nanoClock) {
    /** What etcd uses: 4 KiB pages, growth by 16 MiB, free pages not listed in the file. */
    public static final Options DEFAULTS =
            new Options(
                    false,
                    Duration.ofSeconds(10),
                    false,
                    false,
                    4096,
                    16L << 20,
                    64L << 20,
                    System::nanoTime);

    private static final int LEAST_PAGE_BYTES = 512;

    /** Refuses sizes that no file can have. */
    public Options {
        if (Integer.bitCount(pageSizeBytes) != 1 || pageSizeBytes < LEAST_PAGE_BYTES) {
            throw new IllegalArgumentException(
                    "page size must be a power of two and at least 512: " + pageSizeBytes);
        }
        if (chunkBytes % pageSizeBytes != 0 || chunkBytes <= 0 || growthBytes < 0) {
            throw new IllegalArgumentException(
                    "chunk size must be a multiple of the page size, growth not negative");
        }
    }

    /** These options, for reading only. */
    public Options withReadOnly(boolean value) {
        return new Options(
                value,
                lockTimeout,
                freelistSync,
                noSync,
                pageSizeBytes,
                growthBytes,
                chunkBytes,
                nanoClock);
    }

    /** These options, with free pages listed in the file or not. */
    public Options withFreelistSync(boolean value) {
        return new Options(
                readOnly,
                lockTimeout,
                value,
                noSync,
                pageSizeBytes,
                growthBytes,
                chunkBytes,
                nanoClock);
    }

    /** These options, with or without syncs. */
    public Options withNoSync(boolean value) {
        return new Options(
                readOnly,
                lockTimeout,
                freelistSync,
                value,
                pageSizeBytes,
                growthBytes,
                chunkBytes,
                nanoClock);
    }

    /** These options, with another time to wait for the lock. */
    public Options withLockTimeout(Duration value) {
        return new Options(
                readOnly,
                value,
                freelistSync,
                noSync,
                pageSizeBytes,
                growthBytes,
                chunkBytes,
                nanoClock);
    }

    /** These options, with other sizes: page, growth and mapped chunk, all in bytes. */
    public Options withSizes(int pageSize, long growth, long chunk) {
        return new Options(
                readOnly, lockTimeout, freelistSync, noSync, pageSize, growth, chunk, nanoClock);
    }
}
