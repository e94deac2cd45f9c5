package io.jarnetes.etcd.raft;

import java.util.List;

/** Limits of lists of entries. */
final class Entries {
    private Entries() {}

    /** The longest prefix of at most {@code maxSizeBytes}, but never less than one entry. */
    static List<Entry> limit(List<Entry> entries, long maxSizeBytes) {
        long size = 0;
        for (int i = 0; i < entries.size(); i++) {
            size += entries.get(i).sizeBytes();
            if (i > 0 && size > maxSizeBytes) {
                return entries.subList(0, i);
            }
        }
        return entries;
    }

    /** Size in bytes as protobuf messages. */
    static long sizeBytes(List<Entry> entries) {
        long size = 0;
        for (Entry e : entries) {
            size += e.sizeBytes();
        }
        return size;
    }

    /**
     * Size in bytes of the data alone, which is what the limits of uncommitted and inflight count.
     */
    static long payloadBytes(List<Entry> entries) {
        long size = 0;
        for (Entry e : entries) {
            size += e.data().length;
        }
        return size;
    }
}
