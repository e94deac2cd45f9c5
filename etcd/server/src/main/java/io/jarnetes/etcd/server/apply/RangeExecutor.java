package io.jarnetes.etcd.server.apply;

import io.jarnetes.etcd.proto.etcdserverpb.RangeRequest;
import io.jarnetes.etcd.proto.etcdserverpb.RangeRequest.SortOrder;
import io.jarnetes.etcd.proto.etcdserverpb.RangeRequest.SortTarget;
import io.jarnetes.etcd.storage.mvcc.RangeOptions;
import io.jarnetes.etcd.storage.mvcc.ReadTxn;
import io.jarnetes.etcd.storage.mvcc.StoredKeyValue;
import io.jarnetes.etcd.storage.mvcc.StoredRange;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A range with its filters, sorting and limit. */
final class RangeExecutor {
    private RangeExecutor() {}

    static RangeAnswer range(ReadTxn txn, RangeRequest request) {
        boolean filtered = isFiltered(request);
        boolean all = filtered || request.getSortOrder() != SortOrder.NONE;
        // One more than asked for tells whether there are more.
        long limit = all || request.getLimit() <= 0 ? 0 : request.getLimit() + 1;
        StoredRange found =
                txn.stored(
                        Messages.range(request.getKey(), request.getRangeEnd()),
                        new RangeOptions(
                                limit, request.getRevision(), request.getCountOnly(), false));
        List<StoredKeyValue> kvs = found.kvs();
        if (filtered) {
            kvs = kvs.stream().filter(kv -> passes(kv, request)).toList();
        }
        return answer(request, found, sorted(kvs, request));
    }

    private static RangeAnswer answer(
            RangeRequest request, StoredRange found, List<StoredKeyValue> kvs) {
        long limit = request.getLimit();
        boolean more = limit > 0 && kvs.size() > limit;
        List<StoredKeyValue> shown = more ? kvs.subList(0, (int) limit) : kvs;
        return new RangeAnswer(shown, request.getKeysOnly(), found.revision(), more, found.count());
    }

    private static boolean isFiltered(RangeRequest request) {
        return request.getMinModRevision() != 0
                || request.getMaxModRevision() != 0
                || request.getMinCreateRevision() != 0
                || request.getMaxCreateRevision() != 0;
    }

    private static boolean passes(StoredKeyValue kv, RangeRequest request) {
        return within(kv.modRevision(), request.getMinModRevision(), request.getMaxModRevision())
                && within(
                        kv.createRevision(),
                        request.getMinCreateRevision(),
                        request.getMaxCreateRevision());
    }

    private static boolean within(long revision, long least, long most) {
        return (least == 0 || revision >= least) && (most == 0 || revision <= most);
    }

    private static List<StoredKeyValue> sorted(List<StoredKeyValue> kvs, RangeRequest request) {
        boolean byKey = request.getSortTarget() == SortTarget.KEY;
        if (byKey && request.getSortOrder() != SortOrder.DESCEND) {
            return kvs;
        }
        Comparator<StoredKeyValue> order =
                switch (request.getSortTarget()) {
                    case VERSION -> Comparator.comparingLong(StoredKeyValue::version);
                    case CREATE -> Comparator.comparingLong(StoredKeyValue::createRevision);
                    case MOD -> Comparator.comparingLong(StoredKeyValue::modRevision);
                    case VALUE -> (a, b) -> compare(a.value(), b.value());
                    case KEY, UNRECOGNIZED -> (a, b) -> compare(a.key(), b.key());
                };
        List<StoredKeyValue> sorted = new ArrayList<>(kvs);
        sorted.sort(request.getSortOrder() == SortOrder.DESCEND ? order.reversed() : order);
        return sorted;
    }

    /** Unsigned, a prefix first. */
    private static int compare(MemorySegment a, MemorySegment b) {
        long at = a.mismatch(b);
        if (at < 0) {
            return 0;
        }
        if (at == a.byteSize() || at == b.byteSize()) {
            return Long.compare(a.byteSize(), b.byteSize());
        }
        return Byte.compareUnsigned(
                a.get(ValueLayout.JAVA_BYTE, at), b.get(ValueLayout.JAVA_BYTE, at));
    }
}
