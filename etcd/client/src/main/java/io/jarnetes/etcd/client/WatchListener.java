package io.jarnetes.etcd.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Hears of a watch, in order, on an event loop: it must not block.
 *
 * <p>After {@link #onClosed} nothing follows.
 */
public interface WatchListener {

    /**
     * A change of one key.
     *
     * @param deleted then {@code kv} holds only the key and the revision of the delete
     * @param previous what was there before, if it was asked for, existed and is not compacted
     */
    record Event(boolean deleted, KeyValue kv, @Nullable KeyValue previous) {
        /** Whether the key was not there before. */
        public boolean created() {
            return !deleted && kv.createRevision() == kv.modRevision();
        }
    }

    /** The member has the watch; called again after a reconnection. */
    default void onCreated(long revision) {}

    /**
     * Changes, all those of a revision in one call.
     *
     * @param revision the store's revision at the member when it sent them
     */
    void onEvents(long revision, List<Event> events);

    /** Everything up to this revision was delivered. */
    default void onProgress(long revision) {}

    /**
     * The watch is over.
     *
     * @param compactRevision above 0 if the revision to go on from is compacted: read anew
     * @param reason null if it was closed by its owner
     */
    void onClosed(long compactRevision, @Nullable EtcdException reason);
}
