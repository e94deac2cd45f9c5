package io.jarnetes.etcd.server.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The second model of the store, deliberately simple: a map, and all events ever. It takes each
 * command once, in the order of the log; members are compared with what it says.
 */
final class Model {
    /** A change of a key, as a watcher is to see it. */
    record Change(String key, @Nullable String value, long revision) {}

    private record Pair(String value, long created, long modified, long version) {}

    private final TreeMap<String, Pair> pairs = new TreeMap<>();
    private final List<Change> changes = new ArrayList<>();

    /** Where in {@code changes} a revision begins. */
    private final Longs begins = new Longs();

    private long revision = 1;
    private long compacted = -1;
    private long content;

    Outcome apply(Command command) {
        int before = changes.size();
        switch (command) {
            case Command.Put put -> put(put.key(), put.value());
            case Command.Both both -> {
                put(both.first(), both.value());
                put(both.second(), both.value());
            }
            case Command.Delete delete -> remove(delete.key());
            case Command.Cas cas -> {
                Pair now = pairs.get(cas.key());
                if (now != null && now.value.equals(cas.expected())) {
                    put(cas.key(), cas.value());
                }
            }
            case Command.Compact compact -> {
                if (compact.revision() > compacted && compact.revision() <= revision) {
                    compacted = compact.revision();
                }
            }
        }
        boolean changed = changes.size() > before;
        if (changed) {
            revision++;
            begins.set(revision, before);
        }
        return new Outcome(revision, changed);
    }

    private void put(String key, String value) {
        Pair before = pairs.get(key);
        long next = revision + 1;
        Pair after =
                before == null
                        ? new Pair(value, next, next, 1)
                        : new Pair(value, before.created, next, before.version + 1);
        replace(key, before, after);
        changes.add(new Change(key, value, next));
    }

    private void remove(String key) {
        Pair before = pairs.get(key);
        if (before != null) {
            replace(key, before, null);
            changes.add(new Change(key, null, revision + 1));
        }
    }

    private void replace(String key, @Nullable Pair before, @Nullable Pair after) {
        if (before != null) {
            content -= hash(key, before);
        }
        if (after == null) {
            pairs.remove(key);
        } else {
            pairs.put(key, after);
            content += hash(key, after);
        }
    }

    private static long hash(String key, Pair p) {
        return pairHash(key.hashCode(), p.value.hashCode(), p.created, p.modified, p.version);
    }

    /** One pair's part in {@link #stateHash}. */
    static long pairHash(int key, int value, long created, long modified, long version) {
        long names = Trace.mix(key, value);
        return Trace.mix(Trace.mix(Trace.mix(names, created), modified), version);
    }

    /** A hash of a state; its content is the sum over its pairs. Never 0. */
    static long stateHash(long revision, long compacted, long content) {
        return Trace.mix(Trace.mix(content, revision), compacted) | 1;
    }

    long stateHash() {
        return stateHash(revision, compacted, content);
    }

    long revision() {
        return revision;
    }

    /** All changes of these revisions, in order. */
    List<Change> changes(long from, long to) {
        if (from > to || from > revision) {
            return List.of();
        }
        int begin = (int) begins.get(Math.max(from, 2));
        int end = to >= revision ? changes.size() : (int) begins.get(to + 1);
        return changes.subList(begin, end);
    }
}
