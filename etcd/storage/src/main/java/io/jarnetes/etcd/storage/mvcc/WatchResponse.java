package io.jarnetes.etcd.storage.mvcc;

import java.util.List;

/**
 * What a watcher gets. Events of one revision always come in one response.
 *
 * @param watchId the watcher; {@link WatchStream#PROGRESS_WATCH_ID} in the answer to a progress
 *     request for the whole stream
 * @param events in revision order; empty for progress and for a compaction
 * @param revision the store's revision when the response was made: every event up to it was sent
 * @param compactRevision not 0 when the watcher lost its place to a compaction and is gone
 */
public record WatchResponse(long watchId, List<Event> events, long revision, long compactRevision) {

    /** Whether it only says how far the watcher has come. */
    public boolean isProgress() {
        return events.isEmpty() && compactRevision == 0;
    }
}
