package io.jarnetes.etcd.storage.mvcc;

import io.jarnetes.etcd.storage.backend.Backend;
import io.jarnetes.etcd.storage.backend.Bucket;
import io.jarnetes.etcd.storage.backend.Meta;
import io.jarnetes.etcd.storage.backend.View;
import java.lang.foreign.MemorySegment;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Removes, batch by batch, what nobody can read any more since a revision was compacted. It walks
 * the stored revisions up to there; the index says of each whether it stays. Begins once all who
 * may still read older revisions are done. One thread at a time.
 */
final class Compaction {
    private final Backend backend;
    private final KeyIndex index;
    private final long revision;
    private final long previousRevision;
    private final boolean previousFinished;
    private final BooleanSupplier readersGone;
    private final byte[] end;
    private byte[] next = Revision.encode(0);
    private @Nullable KeyValueHasher hasher;
    private boolean started;

    Compaction(
            Backend backend,
            KeyIndex index,
            long revision,
            long previousRevision,
            boolean previousFinished,
            BooleanSupplier readersGone) {
        this.backend = backend;
        this.index = index;
        this.revision = revision;
        this.previousRevision = previousRevision;
        this.previousFinished = previousFinished;
        this.readersGone = readersGone;
        this.end = Revision.encode(revision + 1);
    }

    long revision() {
        return revision;
    }

    /**
     * The hash of all that was there, for comparing members; null when the compaction before did
     * not finish, as then this one did not see everything.
     */
    @Nullable KeyValueHash hash() {
        return previousFinished && hasher != null ? hasher.value() : null;
    }

    /** Removes one batch; returns whether the work is done. */
    boolean step(int batchLimit) {
        if (!started) {
            if (!readersGone.getAsBoolean()) {
                return false;
            }
            started = true;
        }
        KeyValueHasher hash = hasher();
        int[] visited = {0};
        try (View view = backend.view()) {
            view.scanStored(
                    Bucket.KEY,
                    next,
                    end,
                    (key, value) -> {
                        removeUnlessKept(key, value);
                        hash.add(key, value);
                        next = successor(key);
                        return ++visited[0] < batchLimit;
                    });
        }
        if (visited[0] == batchLimit) {
            return false;
        }
        backend.put(Bucket.META, Meta.key(Meta.FINISHED_COMPACT_REV), Revision.encode(revision));
        backend.requestCommit();
        return true;
    }

    private KeyValueHasher hasher() {
        KeyValueHasher now = hasher;
        if (now == null) {
            now =
                    new KeyValueHasher(
                            previousRevision,
                            revision,
                            index.anyKeptAt(revision),
                            (value, at) -> index.contains(KeyValueCodec.decodeKey(value), at));
            hasher = now;
        }
        return now;
    }

    private void removeUnlessKept(byte[] revisionKey, MemorySegment value) {
        byte[] key = KeyValueCodec.decodeKey(value);
        // The index is thinned out on the way, so that writers never wait for a walk of all of it.
        index.compact(key, revision);
        if (!index.contains(key, Revision.decode(revisionKey))) {
            backend.delete(Bucket.KEY, revisionKey);
        }
    }

    private static byte[] successor(byte[] revisionKey) {
        Revision at = Revision.decode(revisionKey);
        return Revision.encode(at.main(), at.sub() + 1, false);
    }
}
