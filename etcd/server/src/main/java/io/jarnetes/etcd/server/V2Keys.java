package io.jarnetes.etcd.server;

import com.google.protobuf.InvalidProtocolBufferException;
import io.jarnetes.etcd.proto.etcdserverpb.Request;
import io.jarnetes.etcd.raft.Entry;
import io.jarnetes.etcd.raft.EntryType;
import io.jarnetes.etcd.raft.Snapshot;
import io.jarnetes.etcd.storage.membership.V2Snapshot;
import java.util.List;

/**
 * Keys of the API v2 in a directory of etcd 3.4 or 3.5. A member that keeps no v2 store would lose
 * them with its next snapshot, so it doesn't start, as 3.6 doesn't.
 */
final class V2Keys {
    // A request of v3 begins with its header, one of v2 with its id.
    private static final byte V2_ID_TAG = 0x08;
    private static final String KEYS = "/1";
    private static final String ADVICE =
            " (the directory holds keys of the API v2, which would be lost: with etcd 3.5, copy"
                    + " what is needed to v3, delete the v2 keys, and wait for a snapshot)";

    private V2Keys() {}

    /**
     * @throws BootException if there are any
     */
    static void refuse(Snapshot snapshot, List<Entry> entries) {
        if (snapshot.data().length > 0 && V2Snapshot.holdsKeys(snapshot.data())) {
            throw new BootException(
                    "detected disallowed custom content in v2store for stage"
                            + " --v2-deprecation=write-only"
                            + ADVICE);
        }
        for (Entry entry : entries) {
            if (changesKeys(entry)) {
                throw new BootException(
                        "detected disallowed v2 WAL for stage --v2-deprecation=write-only, entry "
                                + entry.index()
                                + ADVICE);
            }
        }
    }

    private static boolean changesKeys(Entry entry) {
        if (entry.type() != EntryType.NORMAL
                || entry.data().length == 0
                || entry.data()[0] != V2_ID_TAG) {
            return false;
        }
        try {
            Request request = Request.parseFrom(entry.data());
            return !request.getMethod().equals("QGET")
                    && !request.getMethod().equals("SYNC")
                    && request.getPath().startsWith(KEYS);
        } catch (InvalidProtocolBufferException _) {
            // The applier says what it can't read.
            return false;
        }
    }
}
