package io.jarnetes.etcd.storage.mvcc;

import io.jarnetes.etcd.storage.backend.Backend;
import io.jarnetes.etcd.storage.backend.BadPairException;
import io.jarnetes.etcd.storage.backend.Bucket;
import io.jarnetes.etcd.storage.backend.Meta;
import io.jarnetes.etcd.storage.backend.View;
import io.jarnetes.etcd.storage.lease.Lessor;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/** Reads a backend into an index, and notes revisions and leases on the way. */
final class Restorer {
    private final Backend backend;
    private final KeyIndex index = new KeyIndex(System.identityHashCode(this));
    private final Map<ByteBuffer, Long> leases = new HashMap<>();
    private Revision last = new Revision(0, 0);
    private long currentRevision = 1;
    private long finishedCompactRevision = -1;
    private long scheduledCompactRevision = -1;

    Restorer(Backend backend) {
        this.backend = backend;
    }

    KeyIndex index() {
        return index;
    }

    long currentRevision() {
        return currentRevision;
    }

    long finishedCompactRevision() {
        return finishedCompactRevision;
    }

    long scheduledCompactRevision() {
        return scheduledCompactRevision;
    }

    void run() {
        try (View view = backend.view()) {
            finishedCompactRevision = readRevision(view, Meta.FINISHED_COMPACT_REV);
            scheduledCompactRevision = readRevision(view, Meta.SCHEDULED_COMPACT_REV);
            view.scanStored(
                    Bucket.KEY,
                    Revision.encode(1),
                    null,
                    (key, value) -> {
                        add(key, value);
                        return true;
                    });
        }
        index.restored();
        // The newest revisions may have been tombstones that a compaction took away.
        currentRevision =
                Math.max(
                        currentRevision,
                        Math.max(finishedCompactRevision, scheduledCompactRevision));
    }

    private static long readRevision(View view, String name) {
        Revision stored = view.get(Bucket.META, Meta.key(name), Revision::decode);
        return stored == null ? -1 : stored.main();
    }

    private void add(byte[] key, MemorySegment value) {
        Revision revision = Revision.decode(key);
        if (revision.compareTo(last) <= 0) {
            // The index relies on it, and bbolt's pages have no checksum that would tell.
            throw new BadPairException(
                    "comes after revision "
                            + last.main()
                            + "/"
                            + last.sub()
                            + " and does not rise");
        }
        last = revision;
        boolean tombstone = Revision.isTombstone(key);
        KeyValue kv = KeyValueCodec.read(value).withoutValue();
        index.restore(kv, revision, tombstone);
        currentRevision = revision.main();
        if (kv.lease() != 0 && !tombstone) {
            leases.put(ByteBuffer.wrap(kv.key()), kv.lease());
        } else if (!leases.isEmpty()) {
            leases.remove(ByteBuffer.wrap(kv.key()));
        }
    }

    /** Attaches the keys to their leases; one whose lease is gone stays without, as upstream. */
    void attachTo(Lessor lessor) {
        leases.forEach((key, lease) -> {
            if (lessor.exists(lease)) {
                lessor.attach(lease, key.array());
            }
        });
    }
}
