package io.jarnetes.etcd.server.v3rpc;

import com.google.protobuf.ByteString;
import io.jarnetes.etcd.proto.etcdserverpb.DeleteRangeRequest;
import io.jarnetes.etcd.proto.etcdserverpb.RequestOp;
import io.jarnetes.etcd.server.apply.ServerError;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The keys that a branch of a transaction changes: none may be put twice, or put and deleted. The
 * two branches of an inner transaction exclude each other, so they may share keys.
 */
final class TxnKeys {
    private static final Comparator<ByteString> ORDER =
            ByteString.unsignedLexicographicalComparator();

    private final Set<ByteString> puts = new HashSet<>();
    private final List<DeleteRangeRequest> deletes = new ArrayList<>();

    private TxnKeys() {}

    static void check(List<RequestOp> ops) {
        of(ops);
    }

    private static TxnKeys of(List<RequestOp> ops) {
        TxnKeys keys = new TxnKeys();
        for (RequestOp op : ops) {
            if (op.hasRequestDeleteRange()) {
                keys.deletes.add(op.getRequestDeleteRange());
            }
        }
        for (RequestOp op : ops) {
            if (op.hasRequestTxn()) {
                keys.addInner(
                        of(op.getRequestTxn().getSuccessList()),
                        of(op.getRequestTxn().getFailureList()));
            }
        }
        for (RequestOp op : ops) {
            if (op.hasRequestPut()) {
                keys.addPut(op.getRequestPut().getKey(), Set.of());
            }
        }
        return keys;
    }

    private void addInner(TxnKeys success, TxnKeys failure) {
        success.puts.forEach(key -> addPut(key, Set.of()));
        failure.puts.forEach(key -> addPut(key, success.puts));
        deletes.addAll(success.deletes);
        deletes.addAll(failure.deletes);
    }

    private void addPut(ByteString key, Set<ByteString> shared) {
        boolean twice = puts.contains(key) && !shared.contains(key);
        if (twice || deletes.stream().anyMatch(d -> covers(d, key))) {
            throw ServerError.DUPLICATE_KEY.exception();
        }
        puts.add(key);
    }

    /** Literally, as upstream has it: an end of "\0" lies before every key. */
    private static boolean covers(DeleteRangeRequest delete, ByteString key) {
        if (delete.getRangeEnd().isEmpty()) {
            return delete.getKey().equals(key);
        }
        return ORDER.compare(delete.getKey(), key) <= 0
                && ORDER.compare(key, delete.getRangeEnd()) < 0;
    }
}
