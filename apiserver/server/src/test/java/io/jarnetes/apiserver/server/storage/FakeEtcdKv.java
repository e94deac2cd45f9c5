package io.jarnetes.apiserver.server.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** etcd in memory: every revision is kept until compaction; watches are told at once. */
public final class FakeEtcdKv implements EtcdKv {

    private record Write(long revision, String key, @Nullable Kv kv, @Nullable Kv previous) {}

    private record Watcher(String prefix, Listener listener) {}

    private final TreeMap<String, Kv> now = new TreeMap<>();
    private final List<Write> log = new ArrayList<>();
    private final List<Watcher> watchers = new ArrayList<>();
    private long revision = 1;
    private long compacted;
    private long lease = 1;

    @Override
    public synchronized Got get(String key) {
        return new Got(now.get(key), revision);
    }

    @Override
    public synchronized Page range(String from, String end, long limit, long at) {
        if (at > 0 && at < compacted) {
            throw new StorageException(StorageException.Kind.EXPIRED, "compacted");
        }
        TreeMap<String, Kv> state = at > 0 ? past(at) : now;
        List<Kv> all = new ArrayList<>(state.subMap(from, end).values());
        boolean more = limit > 0 && all.size() > limit;
        List<Kv> page = more ? all.subList(0, (int) limit) : all;
        return new Page(List.copyOf(page), more, all.size(), revision);
    }

    private TreeMap<String, Kv> past(long at) {
        TreeMap<String, Kv> state = new TreeMap<>();
        for (Write write : log) {
            if (write.revision <= at) {
                if (write.kv == null) {
                    state.remove(write.key);
                } else {
                    state.put(write.key, write.kv);
                }
            }
        }
        return state;
    }

    @Override
    public synchronized long count(String from, String end) {
        return now.subMap(from, end).size();
    }

    @Override
    public synchronized long revision() {
        return revision;
    }

    @Override
    public synchronized Outcome putIf(String key, byte[] value, long expected, long leaseId) {
        Kv current = now.get(key);
        if ((current == null ? 0 : current.modRevision()) != expected) {
            return new Outcome(false, current, revision);
        }
        return new Outcome(true, null, put(key, value, leaseId));
    }

    @Override
    public synchronized Outcome createAll(List<Creation> creations) {
        if (creations.stream().anyMatch(each -> now.containsKey(each.key()))) {
            return new Outcome(false, null, revision);
        }
        revision++;
        List<Write> writes = new ArrayList<>();
        for (Creation each : creations) {
            Kv kv = new Kv(each.key(), each.value(), revision, revision, 1);
            now.put(each.key(), kv);
            writes.add(new Write(revision, each.key(), kv, null));
        }
        log.addAll(writes);
        for (Watcher each : List.copyOf(watchers)) {
            List<Event> seen =
                    writes.stream()
                            .filter(write -> write.key.startsWith(each.prefix))
                            .map(FakeEtcdKv::event)
                            .toList();
            if (!seen.isEmpty()) {
                each.listener.onBatch(new Batch(seen, revision));
            }
        }
        return new Outcome(true, null, revision);
    }

    @Override
    public synchronized Outcome deleteIf(String key, long expected) {
        Kv current = now.get(key);
        if ((current == null ? 0 : current.modRevision()) != expected) {
            return new Outcome(false, current, revision);
        }
        delete(key);
        return new Outcome(true, null, revision);
    }

    @Override
    public synchronized Outcome putIfVersion(String key, byte[] value, long expectedVersion) {
        Kv current = now.get(key);
        if ((current == null ? 0 : current.version()) != expectedVersion) {
            return new Outcome(false, current, revision);
        }
        return new Outcome(true, null, put(key, value, 0));
    }

    @Override
    public synchronized long put(String key, byte[] value, long leaseId) {
        Kv previous = now.get(key);
        revision++;
        Kv kv =
                new Kv(
                        key,
                        value,
                        revision,
                        previous == null ? revision : previous.createRevision(),
                        previous == null ? 1 : previous.version() + 1);
        now.put(key, kv);
        note(new Write(revision, key, kv, previous));
        return revision;
    }

    @Override
    public synchronized void delete(String key) {
        Kv previous = now.remove(key);
        if (previous != null) {
            revision++;
            note(new Write(revision, key, null, previous));
        }
    }

    private void note(Write write) {
        log.add(write);
        for (Watcher each : List.copyOf(watchers)) {
            if (write.key.startsWith(each.prefix)) {
                each.listener.onBatch(new Batch(List.of(event(write)), write.revision));
            }
        }
    }

    private static Event event(Write write) {
        Kv kv = write.kv == null ? new Kv(write.key, new byte[0], write.revision, 0, 0) : write.kv;
        return new Event(write.kv == null, kv, write.previous);
    }

    @Override
    public synchronized Watch watch(String prefix, long start, Listener listener) {
        Watcher watcher = new Watcher(prefix, listener);
        for (Write write : log) {
            if (write.revision >= start && write.key.startsWith(prefix)) {
                listener.onBatch(new Batch(List.of(event(write)), write.revision));
            }
        }
        watchers.add(watcher);
        return () -> forget(watcher);
    }

    private synchronized void forget(Watcher watcher) {
        watchers.remove(watcher);
    }

    /** Breaks all watches for good, as a compaction during an absence does. */
    public synchronized void breakWatches() {
        List<Watcher> all = List.copyOf(watchers);
        watchers.clear();
        all.forEach(each ->
                each.listener.onFailure(
                        new StorageException(StorageException.Kind.EXPIRED, "compacted")));
    }

    @Override
    public synchronized void requestProgress() {
        watchers.forEach(each -> each.listener.onBatch(new Batch(List.of(), revision)));
    }

    @Override
    public synchronized long grant(long ttlSeconds) {
        return lease++;
    }

    @Override
    public void revoke(long leaseId) {}

    @Override
    public synchronized void compact(long to) {
        compacted = to;
    }
}
