package io.jarnetes.etcd.server.v3rpc;

import io.grpc.Status;
import io.jarnetes.etcd.server.EtcdMember;
import io.jarnetes.etcd.storage.mvcc.KeyRange;
import io.jarnetes.etcd.storage.mvcc.WatchResponse;
import io.jarnetes.etcd.storage.mvcc.WatchStream;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/** A watcher of the member's own, whose responses a virtual thread waits for. */
final class KeyWatch implements AutoCloseable {
    private static final int MAX_QUEUED = 256;

    /** Wakes whoever waits when there is nothing more to wait for. */
    private static final WatchResponse GONE = new WatchResponse(-1, List.of(), 0, 0);

    private final LinkedBlockingQueue<WatchResponse> queue = new LinkedBlockingQueue<>();
    private final WatchStream stream;

    private KeyWatch(EtcdMember member) {
        stream = member.stores().mvcc().newWatchStream(this::offer);
    }

    /**
     * @param revision the first that it wants to see
     * @param gone ends it
     */
    static KeyWatch open(
            EtcdMember member, KeyRange range, long revision, CompletableFuture<Void> gone) {
        KeyWatch watch = new KeyWatch(member);
        gone.thenRun(() -> watch.queue.add(GONE));
        watch.stream.watch(WatchStream.AUTO_WATCH_ID, range, revision, Set.of());
        member.hurryWatchers();
        return watch;
    }

    private boolean offer(WatchResponse response) {
        return queue.size() < MAX_QUEUED && queue.add(response);
    }

    /**
     * The next response with events.
     *
     * @throws Session.GoneException if the caller went away
     */
    WatchResponse next() {
        while (true) {
            WatchResponse response = take();
            if (response.equals(GONE)) {
                throw new Session.GoneException();
            }
            if (response.compactRevision() != 0) {
                throw Status.UNKNOWN
                        .withDescription("etcdserver: mvcc: required revision has been compacted")
                        .asRuntimeException();
            }
            if (!response.events().isEmpty()) {
                return response;
            }
        }
    }

    private WatchResponse take() {
        try {
            return queue.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for events", e);
        }
    }

    @Override
    public void close() {
        stream.close();
    }
}
