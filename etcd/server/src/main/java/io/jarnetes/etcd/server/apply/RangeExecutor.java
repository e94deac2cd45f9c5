package io.jarnetes.etcd.server.apply;

import io.jarnetes.etcd.proto.etcdserverpb.RangeRequest;
import io.jarnetes.etcd.proto.etcdserverpb.RangeRequest.SortOrder;
import io.jarnetes.etcd.proto.etcdserverpb.RangeRequest.SortTarget;
import io.jarnetes.etcd.proto.etcdserverpb.RangeResponse;
import io.jarnetes.etcd.storage.mvcc.KeyValue;
import io.jarnetes.etcd.storage.mvcc.RangeOptions;
import io.jarnetes.etcd.storage.mvcc.RangeResult;
import io.jarnetes.etcd.storage.mvcc.ReadTxn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** A range with its filters, sorting and limit. */
final class RangeExecutor {
    private RangeExecutor() {}

    static RangeResponse range(ReadTxn txn, RangeRequest request) {
        boolean filtered = isFiltered(request);
        boolean all = filtered || request.getSortOrder() != SortOrder.NONE;
        // One more than asked for tells whether there are more.
        long limit = all || request.getLimit() <= 0 ? 0 : request.getLimit() + 1;
        boolean valuesNeeded =
                !request.getKeysOnly() || request.getSortTarget() == SortTarget.VALUE;
        RangeResult found =
                txn.range(
                        Messages.range(request.getKey(), request.getRangeEnd()),
                        new RangeOptions(
                                limit,
                                request.getRevision(),
                                request.getCountOnly(),
                                !valuesNeeded));
        List<KeyValue> kvs = found.kvs();
        if (filtered) {
            kvs = kvs.stream().filter(kv -> passes(kv, request)).toList();
        }
        return response(request, found, sorted(kvs, request));
    }

    private static RangeResponse response(
            RangeRequest request, RangeResult found, List<KeyValue> kvs) {
        long limit = request.getLimit();
        boolean more = limit > 0 && kvs.size() > limit;
        List<KeyValue> shown = more ? kvs.subList(0, (int) limit) : kvs;
        RangeResponse.Builder response =
                RangeResponse.newBuilder()
                        .setHeader(Messages.revision(found.revision()))
                        .setMore(more)
                        .setCount(found.count());
        for (KeyValue kv : shown) {
            var message = Messages.keyValue(kv);
            boolean stripped = request.getKeysOnly() && !message.getValue().isEmpty();
            response.addKvs(stripped ? message.toBuilder().clearValue().build() : message);
        }
        return response.build();
    }

    private static boolean isFiltered(RangeRequest request) {
        return request.getMinModRevision() != 0
                || request.getMaxModRevision() != 0
                || request.getMinCreateRevision() != 0
                || request.getMaxCreateRevision() != 0;
    }

    private static boolean passes(KeyValue kv, RangeRequest request) {
        return within(kv.modRevision(), request.getMinModRevision(), request.getMaxModRevision())
                && within(
                        kv.createRevision(),
                        request.getMinCreateRevision(),
                        request.getMaxCreateRevision());
    }

    private static boolean within(long revision, long least, long most) {
        return (least == 0 || revision >= least) && (most == 0 || revision <= most);
    }

    private static List<KeyValue> sorted(List<KeyValue> kvs, RangeRequest request) {
        boolean byKey = request.getSortTarget() == SortTarget.KEY;
        if (byKey && request.getSortOrder() != SortOrder.DESCEND) {
            return kvs;
        }
        Comparator<KeyValue> order =
                switch (request.getSortTarget()) {
                    case VERSION -> Comparator.comparingLong(KeyValue::version);
                    case CREATE -> Comparator.comparingLong(KeyValue::createRevision);
                    case MOD -> Comparator.comparingLong(KeyValue::modRevision);
                    case VALUE -> (a, b) -> Arrays.compareUnsigned(a.value(), b.value());
                    case KEY, UNRECOGNIZED -> (a, b) -> Arrays.compareUnsigned(a.key(), b.key());
                };
        List<KeyValue> sorted = new ArrayList<>(kvs);
        sorted.sort(request.getSortOrder() == SortOrder.DESCEND ? order.reversed() : order);
        return sorted;
    }
}
