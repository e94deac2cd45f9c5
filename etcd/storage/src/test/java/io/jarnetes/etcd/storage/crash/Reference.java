package io.jarnetes.etcd.storage.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.etcd.storage.lease.Lessor;
import io.jarnetes.etcd.storage.mvcc.KeyRange;
import io.jarnetes.etcd.storage.mvcc.KeyValue;
import io.jarnetes.etcd.storage.mvcc.Mvcc;
import io.jarnetes.etcd.storage.mvcc.RangeOptions;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a store must hold: all versions of each key in a list, as plainly as can be. */
final class Reference implements Commands.Target {
    private final TreeMap<byte[], List<KeyValue>> versions = new TreeMap<>(Arrays::compareUnsigned);
    private final Map<Long, TreeSet<ByteBuffer>> leases = new HashMap<>();
    private long revision = 1;
    private long compacted = -1;
    private long applied;

    /** Applies entries up to one. */
    void applyTo(long index) {
        while (applied < index) {
            Commands.apply(++applied, this);
        }
    }

    @Override
    public long revision() {
        return revision;
    }

    @Override
    public long compactRevision() {
        return compacted;
    }

    @Override
    public boolean hasLease(long id) {
        return leases.containsKey(id);
    }

    @Override
    public void grant(long id) {
        leases.put(id, new TreeSet<>());
    }

    @Override
    public void revoke(long id) {
        List<Commands.Change> changes = new ArrayList<>();
        for (ByteBuffer key : leases.remove(id)) {
            changes.add(new Commands.Change.Delete(key.array(), new byte[0]));
        }
        change(changes);
    }

    @Override
    public void compact(long at) {
        compacted = at;
        for (List<KeyValue> list : versions.values()) {
            int kept = 0;
            while (kept + 1 < list.size() && list.get(kept + 1).modRevision() <= at) {
                kept++;
            }
            list.subList(0, kept).clear();
        }
    }

    @Override
    public void change(List<Commands.Change> changes) {
        long main = revision + 1;
        boolean changed = false;
        for (Commands.Change change : changes) {
            switch (change) {
                case Commands.Change.Put(byte[] key, byte[] value, long lease) -> {
                    put(key, value, lease, main);
                    changed = true;
                }
                case Commands.Change.Delete(byte[] key, byte[] end) ->
                        changed |= delete(key, end, main);
            }
        }
        if (changed) {
            revision = main;
        }
    }

    private void put(byte[] key, byte[] value, long lease, long main) {
        List<KeyValue> list = versions.computeIfAbsent(key, k -> new ArrayList<>());
        KeyValue before = list.isEmpty() ? null : list.getLast();
        boolean alive = before != null && before.version() > 0;
        long create = alive ? before.createRevision() : main;
        long version = alive ? before.version() + 1 : 1;
        list.add(new KeyValue(key, create, main, version, value, lease));
        detach(key);
        if (lease != 0) {
            leases.get(lease).add(ByteBuffer.wrap(key));
        }
    }

    private void detach(byte[] key) {
        leases.values().forEach(keys -> keys.remove(ByteBuffer.wrap(key)));
    }

    private boolean delete(byte[] key, byte[] end, long main) {
        boolean any = false;
        var range =
                end.length == 0
                        ? versions.subMap(key, true, key, true)
                        : versions.subMap(key, true, end, false);
        for (Map.Entry<byte[], List<KeyValue>> pair : range.entrySet()) {
            if (!pair.getValue().isEmpty() && pair.getValue().getLast().version() > 0) {
                pair.getValue().add(KeyValue.tombstone(pair.getKey(), main));
                detach(pair.getKey());
                any = true;
            }
        }
        return any;
    }

    private List<KeyValue> at(long asked) {
        List<KeyValue> found = new ArrayList<>();
        for (List<KeyValue> list : versions.values()) {
            KeyValue newest = null;
            for (KeyValue kv : list) {
                newest = kv.modRevision() <= asked ? kv : newest;
            }
            if (newest != null && newest.version() > 0) {
                found.add(newest);
            }
        }
        return found;
    }

    /** Everything that can be asked for, at {@code samples} revisions and at both ends. */
    void requireSame(Mvcc store, Lessor lessor, int samples) {
        assertThat(store.revision()).isEqualTo(revision);
        assertThat(store.compactRevision()).isEqualTo(compacted);
        long first = Math.max(1, compacted);
        long step = Math.max(1, (revision - first) / Math.max(1, samples));
        for (long at = first; at < revision; at += step) {
            requireSame(store, at);
        }
        requireSame(store, revision);
        assertThat(lessor.leases()).containsExactlyInAnyOrderElementsOf(leases.keySet());
        leases.forEach((id, keys) ->
                assertThat(lessor.lookup(id).keys().stream().map(ByteBuffer::wrap))
                        .as("keys of lease %d", id)
                        .containsExactlyInAnyOrderElementsOf(keys));
    }

    private void requireSame(Mvcc store, long at) {
        assertThat(store.range(KeyRange.all(), RangeOptions.at(at)).kvs())
                .as("everything at revision %d of %d", at, revision)
                .isEqualTo(at(at));
    }
}
