package io.jarnetes.etcd.storage.mvcc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * What the store should be, as plainly as can be: all changes in order, and every read works its
 * way through them from the first one.
 */
final class Model {
    private final List<Event> changes = new ArrayList<>();
    private long revision = 1;

    long revision() {
        return revision;
    }

    /** Keys and pairs as of a revision. */
    TreeMap<byte[], KeyValue> at(long atRevision) {
        TreeMap<byte[], KeyValue> pairs = new TreeMap<>(Arrays::compareUnsigned);
        for (Event change : changes) {
            if (change.kv().modRevision() > atRevision) {
                break;
            }
            if (change.type() == Event.Type.PUT) {
                pairs.put(change.kv().key(), change.kv());
            } else {
                pairs.remove(change.kv().key());
            }
        }
        return pairs;
    }

    List<KeyValue> range(KeyRange range, long atRevision) {
        return at(atRevision).values().stream().filter(kv -> range.contains(kv.key())).toList();
    }

    List<Event> events(KeyRange range, long from) {
        return changes.stream()
                .filter(change -> change.kv().modRevision() >= from)
                .filter(change -> range.contains(change.kv().key()))
                .toList();
    }

    /** The changes of one request. */
    final class Txn {
        private final long main = revision + 1;
        private boolean changed;

        void put(byte[] key, byte[] value, long lease) {
            KeyValue before = at(main).get(key);
            long created = before == null ? main : before.createRevision();
            long version = before == null ? 1 : before.version() + 1;
            changes.add(
                    new Event(
                            Event.Type.PUT,
                            new KeyValue(key, created, main, version, value, lease)));
            changed = true;
        }

        long deleteRange(KeyRange range) {
            List<KeyValue> found = range(range, main);
            for (KeyValue kv : found) {
                changes.add(new Event(Event.Type.DELETE, KeyValue.tombstone(kv.key(), main)));
                changed = true;
            }
            return found.size();
        }

        void end() {
            if (changed) {
                revision = main;
            }
        }
    }

    Txn txn() {
        return new Txn();
    }
}
