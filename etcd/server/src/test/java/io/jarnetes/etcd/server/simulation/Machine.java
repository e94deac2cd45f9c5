package io.jarnetes.etcd.server.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jarnetes.etcd.raft.Entry;
import io.jarnetes.etcd.storage.backend.Backend;
import io.jarnetes.etcd.storage.backend.BackendOptions;
import io.jarnetes.etcd.storage.backend.MemoryFile;
import io.jarnetes.etcd.storage.lease.Lessor;
import io.jarnetes.etcd.storage.mvcc.KeyRange;
import io.jarnetes.etcd.storage.mvcc.KeyValue;
import io.jarnetes.etcd.storage.mvcc.Mvcc;
import io.jarnetes.etcd.storage.mvcc.RangeOptions;
import io.jarnetes.etcd.storage.mvcc.WriteTxn;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A member's state machine: the real store on the real backend. */
final class Machine {
    private static final int COMMIT_BATCH = 10_000;

    private final MemoryFile file;
    private final Backend backend;
    private final Mvcc mvcc;

    /** The part of each key in the hash of the state. */
    private final Map<String, Long> parts = new HashMap<>();

    private long content;
    private long index;

    /**
     * @param synced the last entry that the member's log has on disk
     */
    Machine(MemoryFile file, LongSupplier synced) {
        this.file = file;
        backend = Backend.over(file, new BackendOptions(0, COMMIT_BATCH, () -> 0, synced));
        Lessor lessor = Lessor.open(backend, 1, () -> 0);
        mvcc = Mvcc.open(backend, lessor);
        index = backend.consistentIndex();
        for (KeyValue kv : mvcc.range(KeyRange.all(), RangeOptions.LATEST).kvs()) {
            note(new String(kv.key(), UTF_8), kv);
        }
    }

    Mvcc mvcc() {
        return mvcc;
    }

    long index() {
        return index;
    }

    /** Applies the next entry. */
    Outcome apply(Entry entry, @Nullable Command command) {
        if (entry.index() != index + 1) {
            throw new AssertionError("applies " + entry + " after " + index);
        }
        boolean changed = command != null && apply(command);
        index = entry.index();
        backend.applied(index, entry.term());
        return new Outcome(mvcc.revision(), changed);
    }

    private boolean apply(Command command) {
        long before = mvcc.revision();
        switch (command) {
            case Command.Put put -> put(put.value(), put.key());
            case Command.Both both -> put(both.value(), both.first(), both.second());
            case Command.Delete delete -> {
                mvcc.deleteRange(KeyRange.of(delete.key().getBytes(UTF_8)));
                note(delete.key());
            }
            case Command.Cas cas -> {
                if (cas.expected().equals(value(cas.key()))) {
                    put(cas.value(), cas.key());
                }
            }
            case Command.Compact compact -> {
                boolean may = compact.revision() > mvcc.compactRevision();
                if (may && compact.revision() <= mvcc.revision()) {
                    mvcc.compact(compact.revision());
                }
            }
        }
        return mvcc.revision() > before;
    }

    private void put(String value, String... keys) {
        try (WriteTxn txn = mvcc.write()) {
            for (String key : keys) {
                txn.put(key.getBytes(UTF_8), value.getBytes(UTF_8), 0);
            }
        }
        for (String key : keys) {
            note(key);
        }
    }

    private @Nullable KeyValue pair(String key) {
        KeyRange range = KeyRange.of(key.getBytes(UTF_8));
        List<KeyValue> found = mvcc.range(range, RangeOptions.LATEST).kvs();
        return found.isEmpty() ? null : found.getFirst();
    }

    @Nullable String value(String key) {
        KeyValue kv = pair(key);
        return kv == null ? null : new String(kv.value(), UTF_8);
    }

    private void note(String key) {
        note(key, pair(key));
    }

    private void note(String key, @Nullable KeyValue kv) {
        long part = kv == null ? 0 : part(key, kv);
        Long before = parts.put(key, part);
        content += part - (before == null ? 0 : before);
    }

    private static long part(String key, KeyValue kv) {
        int value = new String(kv.value(), UTF_8).hashCode();
        return Model.pairHash(
                key.hashCode(), value, kv.createRevision(), kv.modRevision(), kv.version());
    }

    /** What {@link Model#stateHash()} is to be at this index. */
    long stateHash() {
        return Model.stateHash(mvcc.revision(), mvcc.compactRevision(), content);
    }

    /** Commits, if it may; false if something is left. */
    boolean commit() {
        return backend.commit();
    }

    /** What is committed, to be sent. */
    MemoryFile committed() {
        return file.copy();
    }

    /** What a background thread does now and then. */
    void settle() {
        while (mvcc.syncWatchers()) {
            // More revisions than one batch holds.
        }
        mvcc.syncVictims();
        if (mvcc.compactStep()) {
            backend.requestCommit();
        }
    }
}
