package io.jarnetes.etcd.storage.mvcc;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Watchers by what they watch, so that those of a key are found fast. */
final class WatcherGroup {
    private final Map<ByteBuffer, Set<Watcher>> byKey = new HashMap<>();
    private final Map<KeyRange, Set<Watcher>> byRange = new HashMap<>();
    // Made when it is asked for, since watchers come and go more seldom than events; null when
    // stale.
    private @Nullable RangeTree tree;
    private int size;

    int size() {
        return size;
    }

    void add(Watcher watcher) {
        if (setOf(watcher).add(watcher)) {
            size++;
        }
    }

    private Set<Watcher> setOf(Watcher watcher) {
        KeyRange range = watcher.range();
        return range.single()
                ? byKey.computeIfAbsent(ByteBuffer.wrap(range.key()), key -> new LinkedHashSet<>())
                : byRange.computeIfAbsent(
                        range,
                        key -> {
                            tree = null;
                            return new LinkedHashSet<>();
                        });
    }

    void remove(Watcher watcher) {
        Set<Watcher> set = setOf(watcher);
        if (set.remove(watcher)) {
            size--;
        }
        if (set.isEmpty()) {
            byKey.remove(ByteBuffer.wrap(watcher.range().key()), set);
            if (byRange.remove(watcher.range(), set)) {
                tree = null;
            }
        }
    }

    /** Hands over the watchers of a key. */
    void forKey(byte[] key, Consumer<Watcher> action) {
        Set<Watcher> exact = byKey.get(ByteBuffer.wrap(key));
        if (exact != null) {
            exact.forEach(action);
        }
        if (byRange.isEmpty()) {
            return;
        }
        RangeTree now = tree;
        if (now == null) {
            now = new RangeTree(byRange.keySet());
            tree = now;
        }
        now.forKey(key, range -> byRange.getOrDefault(range, Set.of()).forEach(action));
    }
}
