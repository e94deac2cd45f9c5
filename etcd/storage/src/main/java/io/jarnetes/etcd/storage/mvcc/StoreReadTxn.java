package io.jarnetes.etcd.storage.mvcc;

import io.jarnetes.etcd.storage.backend.Bucket;
import io.jarnetes.etcd.storage.backend.View;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** A view at the revision that was current when it was opened. */
final class StoreReadTxn implements ReadTxn {
    private final KeyIndex index;
    private final View view;
    private final long revision;
    private final long compactRevision;
    private final OperationCounts counts;

    StoreReadTxn(
            KeyIndex index,
            View view,
            long revision,
            long compactRevision,
            OperationCounts counts) {
        this.index = index;
        this.view = view;
        this.revision = revision;
        this.compactRevision = compactRevision;
        this.counts = counts;
    }

    @Override
    public StoredRange stored(KeyRange range, RangeOptions options) {
        counts.range();
        return stored(index, view, revision, compactRevision, range, options);
    }

    static StoredRange stored(
            KeyIndex index,
            View view,
            long current,
            long compacted,
            KeyRange range,
            RangeOptions options) {
        if (options.revision() > current) {
            throw new MvccException(MvccException.Code.FUTURE_REVISION);
        }
        long at = options.revision() <= 0 ? current : options.revision();
        if (at < compacted) {
            throw new MvccException(MvccException.Code.COMPACTED, compacted);
        }
        if (options.countOnly()) {
            return new StoredRange(List.of(), current, index.count(range, at));
        }
        if (range.single()) {
            Revision found = index.get(range.key(), at);
            return found == null
                    ? new StoredRange(List.of(), current, 0)
                    : new StoredRange(List.of(load(view, found)), current, 1);
        }
        List<StoredKeyValue> kvs = new ArrayList<>();
        long[] count = {0};
        index.visit(
                range,
                at,
                (key, found) -> {
                    if (options.limit() <= 0 || count[0] < options.limit()) {
                        kvs.add(load(view, found));
                    }
                    count[0]++;
                    return true;
                });
        return new StoredRange(kvs, current, count[0]);
    }

    private static StoredKeyValue load(View view, Revision revision) {
        StoredKeyValue found =
                view.read(
                        Bucket.KEY,
                        Revision.encode(revision.main(), revision.sub(), false),
                        KeyValueCodec::read);
        if (found == null) {
            throw new IllegalStateException(
                    "revision "
                            + revision.main()
                            + "/"
                            + revision.sub()
                            + " is in the index but not in the db; restore this member from a"
                            + " snapshot or from its peers");
        }
        return found;
    }

    /** The hash up to {@code at}; see {@link Mvcc#hashByRev}. */
    KeyValueHash hash(long at) {
        if (at > 0 && at < compactRevision) {
            throw new MvccException(MvccException.Code.COMPACTED, compactRevision);
        }
        if (at > revision) {
            throw new MvccException(MvccException.Code.FUTURE_REVISION);
        }
        long upTo = at == 0 ? revision : at;
        KeyValueHasher hasher =
                new KeyValueHasher(
                        compactRevision,
                        upTo,
                        index.anySeenAt(upTo),
                        (value, found) ->
                                index.isSeenAt(KeyValueCodec.decodeKey(value), found, upTo));
        view.scanStored(
                Bucket.KEY,
                Revision.encode(0),
                Revision.encode(upTo + 1),
                (key, value) -> {
                    hasher.add(key, value);
                    return true;
                });
        return hasher.value();
    }

    /** The changes of the revisions from {@code from} to {@code to}, both included, in order. */
    void changes(long from, long to, ChangeVisitor visitor) {
        view.scanStored(
                Bucket.KEY,
                Revision.encode(Math.max(0, from)),
                Revision.encode(to + 1),
                (key, value) -> {
                    long main = Revision.decode(key).main();
                    return visitor.visit(main, Revision.isTombstone(key), value);
                });
    }

    /** Takes changes as they are stored; says whether it wants more. */
    @FunctionalInterface
    interface ChangeVisitor {
        boolean visit(long main, boolean tombstone, MemorySegment stored);
    }

    @Override
    public long revision() {
        return revision;
    }

    @Override
    public long firstRevision() {
        return compactRevision;
    }

    @Override
    public void close() {
        view.close();
    }
}
