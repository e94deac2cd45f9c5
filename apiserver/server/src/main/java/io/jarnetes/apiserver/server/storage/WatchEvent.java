package io.jarnetes.apiserver.server.storage;

/** What a watch tells. */
public sealed interface WatchEvent {

    /** The words of the API. */
    enum Type {
        ADDED,
        MODIFIED,
        DELETED
    }

    /**
     * @param object after the change; for DELETED the last state, with the deletion's revision
     */
    record Change(Type type, StoredObject object) implements WatchEvent {}

    /**
     * Everything up to this revision has been told.
     *
     * @param initialEventsEnd the first one of a watch with {@code sendInitialEvents}
     */
    record Bookmark(long revision, boolean initialEventsEnd) implements WatchEvent {}

    /** The last event of a watch that cannot go on. */
    record Failure(StorageException cause) implements WatchEvent {}
}
