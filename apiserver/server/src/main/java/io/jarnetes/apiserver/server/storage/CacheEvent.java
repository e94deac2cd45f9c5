package io.jarnetes.apiserver.server.storage;

import org.jspecify.annotations.Nullable;

/**
 * A change as the cache keeps it for watches that start later.
 *
 * @param object after the change; for a deletion the last state at the deletion's revision
 * @param previous before the change, null for a creation
 * @param plain what a watch without selectors is told; shared by all of them
 */
record CacheEvent(
        long revision,
        StoredObject object,
        @Nullable StoredObject previous,
        boolean deleted,
        WatchEvent.Change plain) {

    static CacheEvent put(StoredObject object, @Nullable StoredObject previous) {
        WatchEvent.Type type = previous == null ? WatchEvent.Type.ADDED : WatchEvent.Type.MODIFIED;
        return new CacheEvent(
                object.revision(), object, previous, false, new WatchEvent.Change(type, object));
    }

    static CacheEvent deleted(StoredObject previous, long revision) {
        StoredObject last = previous.deletedAt(revision);
        return new CacheEvent(
                revision,
                last,
                previous,
                true,
                new WatchEvent.Change(WatchEvent.Type.DELETED, last));
    }

    /** What a watch that wants only {@code wanted} is told; null for nothing. */
    WatchEvent.@Nullable Change seenBy(Selection wanted) {
        if (!object.key().startsWith(wanted.keyPrefix())) {
            return null;
        }
        if (wanted.all()) {
            return plain;
        }
        StoredObject old = previous;
        boolean before = old != null && wanted.matches(old);
        boolean after = !deleted && wanted.matches(object);
        if (after) {
            WatchEvent.Type type = before ? WatchEvent.Type.MODIFIED : WatchEvent.Type.ADDED;
            return type == plain.type() ? plain : new WatchEvent.Change(type, object);
        }
        if (!before || old == null) {
            return null;
        }
        // It no longer fits: the watcher sees it go, with its last fitting state.
        return deleted
                ? plain
                : new WatchEvent.Change(WatchEvent.Type.DELETED, old.deletedAt(object.revision()));
    }
}
