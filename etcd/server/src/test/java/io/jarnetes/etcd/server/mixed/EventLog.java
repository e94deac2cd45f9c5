package io.jarnetes.etcd.server.mixed;

import com.google.protobuf.ByteString;
import io.grpc.stub.StreamObserver;
import io.jarnetes.etcd.proto.etcdserverpb.RangeRequest;
import io.jarnetes.etcd.proto.etcdserverpb.WatchCreateRequest;
import io.jarnetes.etcd.proto.etcdserverpb.WatchRequest;
import io.jarnetes.etcd.proto.etcdserverpb.WatchResponse;
import io.jarnetes.etcd.proto.mvccpb.Event;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** All that ever happened to the keys of a {@link Load}, as a member tells a watcher. */
final class EventLog implements StreamObserver<WatchResponse> {
    private static final ByteString FIRST = ByteString.copyFromUtf8("load");
    private static final ByteString END = ByteString.copyFromUtf8("loae");
    private static final long SECONDS = 30;

    /**
     * What a revision did.
     *
     * @param value null if the key was deleted
     */
    record Change(String key, @Nullable String value) {}

    private final Map<Long, Change> changes = new TreeMap<>();
    private final CompletableFuture<Map<Long, Change>> done = new CompletableFuture<>();
    private final long last;

    private EventLog(long last) {
        this.last = last;
    }

    /** By revision; revisions of other keys are not in it. */
    static Map<Long, Change> of(Endpoint e) {
        RangeRequest range = RangeRequest.newBuilder().setKey(FIRST).setRangeEnd(END).build();
        long last =
                e.kv().range(range).getKvsList().stream()
                        .mapToLong(kv -> kv.getModRevision())
                        .max()
                        .orElseThrow();
        EventLog log = new EventLog(last);
        StreamObserver<WatchRequest> stream = e.watch().watch(log);
        stream.onNext(
                WatchRequest.newBuilder()
                        .setCreateRequest(
                                WatchCreateRequest.newBuilder()
                                        .setKey(FIRST)
                                        .setRangeEnd(END)
                                        .setStartRevision(1))
                        .build());
        try {
            return log.done.get(SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException x) {
            throw new AssertionError("no watch of all events up to " + last + " at " + e, x);
        } catch (InterruptedException x) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while watching " + e, x);
        } finally {
            stream.onCompleted();
        }
    }

    @Override
    public void onNext(WatchResponse response) {
        if (response.getCanceled()) {
            done.completeExceptionally(new AssertionError("the watch was canceled: " + response));
        }
        long seen = 0;
        for (Event event : response.getEventsList()) {
            var kv = event.getKv();
            boolean put = event.getType() == Event.EventType.PUT;
            seen = kv.getModRevision();
            changes.put(
                    seen,
                    new Change(
                            kv.getKey().toStringUtf8(), put ? kv.getValue().toStringUtf8() : null));
        }
        if (seen >= last) {
            done.complete(changes);
        }
    }

    @Override
    public void onError(Throwable t) {
        done.completeExceptionally(t);
    }

    @Override
    public void onCompleted() {
        done.completeExceptionally(new AssertionError("the watch was ended"));
    }
}
