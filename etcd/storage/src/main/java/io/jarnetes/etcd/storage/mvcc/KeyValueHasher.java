package io.jarnetes.etcd.storage.mvcc;

import io.jarnetes.etcd.storage.backend.Bucket;
import java.lang.foreign.MemorySegment;
import java.util.function.BiPredicate;
import java.util.zip.CRC32C;

/**
 * The hash that members compare: CRC-32C over the word "key", then each pair of the bucket up to a
 * revision, less what compaction has removed or will remove on some members and not yet on others.
 */
final class KeyValueHasher {
    private final CRC32C crc = new CRC32C();
    private final long compactRevision;
    private final long revision;
    private final boolean skipCompacted;
    private final BiPredicate<MemorySegment, Revision> kept;

    /**
     * A hash that has seen nothing yet.
     *
     * @param compactRevision the revision compacted last
     * @param revision up to where to hash
     * @param anyKept whether {@code kept} holds for any pair at all; upstream skips nothing when
     *     its set is empty
     * @param kept given the stored bytes of a pair and its revision: whether a compaction at {@code
     *     revision} keeps it
     */
    KeyValueHasher(
            long compactRevision,
            long revision,
            boolean anyKept,
            BiPredicate<MemorySegment, Revision> kept) {
        this.compactRevision = compactRevision;
        this.revision = revision;
        this.skipCompacted = anyKept;
        this.kept = kept;
        crc.update(Bucket.KEY.diskNameBytes());
    }

    void add(byte[] key, MemorySegment value) {
        Revision at = Revision.decode(key);
        if (at.main() > revision) {
            return;
        }
        if (at.main() <= compactRevision && skipCompacted && !kept.test(value, at)) {
            return;
        }
        // Versions before 3.5.16 remove a tombstone at the compact revision itself, later ones do
        // not: it never counts.
        if (at.main() == compactRevision && Revision.isTombstone(key)) {
            return;
        }
        crc.update(key);
        crc.update(value.asByteBuffer());
    }

    KeyValueHash value() {
        return new KeyValueHash((int) crc.getValue(), compactRevision, revision);
    }
}
