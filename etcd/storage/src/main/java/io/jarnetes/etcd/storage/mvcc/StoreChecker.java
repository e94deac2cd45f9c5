package io.jarnetes.etcd.storage.mvcc;

import io.jarnetes.etcd.storage.backend.Bucket;
import io.jarnetes.etcd.storage.backend.View;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Walks all that is stored and all that is indexed, and says where they break the rules. */
final class StoreChecker {
    private static final int MAX_FAULTS = 100;

    private final KeyIndex index;
    private final View view;
    private final long current;
    private final long compacted;
    private final List<String> faults = new ArrayList<>();
    // The newest pair of each key seen so far; a tombstone's has version 0.
    private final Map<ByteBuffer, KeyValue> newest = new HashMap<>();

    StoreChecker(KeyIndex index, View view, long current, long compacted) {
        this.index = index;
        this.view = view;
        this.current = current;
        this.compacted = compacted;
    }

    List<String> run() {
        if (compacted > current) {
            fault("the compact revision " + compacted + " is beyond the current one " + current);
        }
        view.scanStored(
                Bucket.KEY,
                Revision.encode(0),
                null,
                (key, value) -> {
                    stored(key, value);
                    return faults.size() < MAX_FAULTS;
                });
        index.forEachRevision(this::indexed);
        return faults;
    }

    private void fault(String text) {
        if (faults.size() < MAX_FAULTS) {
            faults.add(text);
        }
    }

    private void stored(byte[] revisionKey, MemorySegment value) {
        Revision at = Revision.decode(revisionKey);
        KeyValue kv = KeyValueCodec.decode(value);
        String name = "revision " + at.main() + "/" + at.sub() + " of " + kv;
        if (at.main() > current) {
            fault(name + " is beyond the current revision " + current);
        }
        if (value.byteSize() == 0) {
            // A restore with --bump-revision leaves one such.
            return;
        }
        boolean inIndex = index.contains(kv.key(), at);
        if (!inIndex && at.main() > compacted) {
            fault(name + " is stored but not in the index");
        }
        KeyValue before = newest.get(ByteBuffer.wrap(kv.key()));
        if (Revision.isTombstone(revisionKey)) {
            if (kv.modRevision() != 0 || kv.value().length != 0) {
                fault(name + " is a tombstone that holds more than a key");
            }
            newest.put(ByteBuffer.wrap(kv.key()), KeyValue.tombstone(kv.key(), at.main()));
        } else {
            put(name, at, kv, before, inIndex);
            newest.put(ByteBuffer.wrap(kv.key()), kv);
        }
    }

    private void put(
            String name, Revision at, KeyValue kv, @Nullable KeyValue before, boolean inIndex) {
        if (kv.modRevision() != at.main()) {
            fault(name + " is stored at another revision than it says");
        }
        if (kv.version() < 1 || kv.createRevision() > kv.modRevision()) {
            fault(name + " has an impossible version or create revision");
        }
        // Below the compact revision some of its forerunners may be gone.
        if (before == null || !inIndex || before.modRevision() <= compacted) {
            return;
        }
        boolean alive = before.version() > 0;
        long create = alive ? before.createRevision() : at.main();
        long version = alive ? before.version() + 1 : 1;
        if (kv.createRevision() != create || kv.version() != version) {
            fault(name + " does not follow " + before);
        }
    }

    private void indexed(byte[] key, Revision revision, boolean tombstone) {
        byte[] stored = Revision.encode(revision.main(), revision.sub(), tombstone);
        if (view.get(Bucket.KEY, stored) == null) {
            fault(
                    "revision "
                            + revision.main()
                            + "/"
                            + revision.sub()
                            + " of "
                            + KeyValue.printable(key)
                            + " is in the index but not stored");
        }
    }
}
