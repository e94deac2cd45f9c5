package io.jarnetes.etcd.storage.mvcc;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The hashes that compactions made on their way, the ten of the highest revisions. */
final class CompactionHashes {
    private static final int MAX_HASHES = 10;

    private final List<KeyValueHash> hashes = new ArrayList<>();

    synchronized void store(KeyValueHash hash) {
        hashes.add(hash);
        hashes.sort(Comparator.comparingLong(KeyValueHash::revision));
        if (hashes.size() > MAX_HASHES) {
            hashes.removeFirst();
        }
    }

    synchronized @Nullable KeyValueHash get(long revision) {
        for (KeyValueHash hash : hashes) {
            if (hash.revision() == revision) {
                return hash;
            }
        }
        return null;
    }

    synchronized List<KeyValueHash> all() {
        return List.copyOf(hashes);
    }
}
