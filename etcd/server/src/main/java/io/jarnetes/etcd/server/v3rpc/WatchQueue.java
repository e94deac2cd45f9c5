package io.jarnetes.etcd.server.v3rpc;

import io.jarnetes.etcd.storage.mvcc.Event;
import io.jarnetes.etcd.storage.mvcc.WatchResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be sent on one watch stream. Any thread offers, one takes. Where many wait, those
 * in a row for the same watcher are taken as one, as those of a watcher that catches up come too:
 * each message costs more than the events in it.
 */
final class WatchQueue {
    /** So many responses may wait for a slow client before the store has to keep them. */
    static final int MOST = 1024;

    /** With fewer a client sees each change as soon as it may. */
    static final int CROWD = 16;

    /** Of keys and values in one response that was put together. */
    static final long MERGED_BYTES = 64 << 10;

    private final Queue<WatchResponse> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();

    /** Takes it, unless it is full. */
    boolean offer(WatchResponse response) {
        if (size.get() >= MOST) {
            return false;
        }
        size.incrementAndGet();
        queue.add(response);
        return true;
    }

    /** The next one, with what follows it if there is a crowd; null for none. */
    @Nullable WatchResponse poll() {
        boolean crowd = size.get() >= CROWD;
        WatchResponse first = queue.poll();
        if (first == null) {
            return null;
        }
        size.decrementAndGet();
        return crowd && hasEvents(first) ? merged(first) : first;
    }

    private WatchResponse merged(WatchResponse first) {
        List<Event> events = new ArrayList<>(first.events());
        WatchResponse last = first;
        long bytes = bytes(first);
        for (WatchResponse next = queue.peek();
                next != null && next.watchId() == first.watchId() && hasEvents(next);
                next = queue.peek()) {
            bytes += bytes(next);
            if (bytes > MERGED_BYTES) {
                break;
            }
            queue.remove();
            size.decrementAndGet();
            events.addAll(next.events());
            last = next;
        }
        return last == first
                ? first
                : new WatchResponse(first.watchId(), List.copyOf(events), last.revision(), 0);
    }

    private static boolean hasEvents(WatchResponse response) {
        return response.compactRevision() == 0 && !response.events().isEmpty();
    }

    private static long bytes(WatchResponse response) {
        long bytes = 0;
        for (Event event : response.events()) {
            bytes += event.kv().key().length + event.kv().value().length;
        }
        return bytes;
    }

    void clear() {
        queue.clear();
    }
}
