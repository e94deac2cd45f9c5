package io.jarnetes.etcd.client;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.jarnetes.etcd.client.WatchListener.Event;
import io.jarnetes.etcd.proto.etcdserverpb.WatchCreateRequest;
import io.jarnetes.etcd.proto.etcdserverpb.WatchCreateRequest.FilterType;
import io.jarnetes.etcd.proto.etcdserverpb.WatchGrpc;
import io.jarnetes.etcd.proto.etcdserverpb.WatchProgressRequest;
import io.jarnetes.etcd.proto.etcdserverpb.WatchRequest;
import io.jarnetes.etcd.proto.etcdserverpb.WatchResponse;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One watch, over as many streams as it takes.
 *
 * <p>Invariant: {@code nextRevision} is one past the last revision that was delivered whole; a new
 * stream starts there. All state belongs to {@code loop}; calls of other threads hop onto it.
 */
final class WatchSession implements WatchClient.Watch {
    static final Metadata.Key<String> HAS_LEADER =
            Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER);
    private static final long FIRST_BACKOFF_MILLIS = 20;
    private static final long MAX_BACKOFF_MILLIS = 1_000;
    private static final int MAX_DOUBLINGS = 6;

    private final Calls calls;
    private final WatchOptions options;
    private final WatchListener listener;
    private final EventLoop loop;
    private final List<Event> fragments = new ArrayList<>();
    private long nextRevision;
    private int failures;
    private boolean closed;
    private boolean progressWanted;
    private @Nullable Stream stream;

    WatchSession(Calls calls, WatchOptions options, WatchListener listener) {
        this.calls = calls;
        this.options = options;
        this.listener = listener;
        this.loop = calls.loops().next();
        this.nextRevision = options.startRevision();
    }

    void start() {
        loop.execute(this::open);
    }

    private void open() {
        if (!closed) {
            fragments.clear();
            stream = new Stream();
            stream.open();
        }
    }

    @Override
    public void requestProgress() {
        loop.execute(() -> {
            if (stream != null && stream.created) {
                stream.sendProgressRequest();
            } else {
                progressWanted = true;
            }
        });
    }

    @Override
    public void close() {
        loop.execute(() -> end(0, null));
    }

    private void end(long compactRevision, @Nullable EtcdException reason) {
        if (closed) {
            return;
        }
        closed = true;
        if (stream != null) {
            stream.call.cancel("the watch is over", null);
        }
        listener.onClosed(compactRevision, reason);
    }

    private void received(WatchResponse response) {
        failures = 0;
        if (response.getCreated() && !response.getCanceled()) {
            created(response);
        } else if (response.getCanceled()) {
            canceled(response);
        } else if (response.getEventsCount() > 0) {
            events(response);
        } else if (!response.getFragment()) {
            progress(response.getHeader().getRevision());
        }
    }

    private void created(WatchResponse response) {
        long revision = response.getHeader().getRevision();
        if (nextRevision == 0) {
            nextRevision = revision + 1;
        }
        listener.onCreated(revision);
        Stream current = stream;
        if (current != null) {
            current.created = true;
            if (progressWanted) {
                progressWanted = false;
                current.sendProgressRequest();
            }
        }
    }

    private void canceled(WatchResponse response) {
        if (response.getCompactRevision() > 0) {
            end(
                    response.getCompactRevision(),
                    new EtcdException(
                            EtcdException.Code.OUT_OF_RANGE,
                            "etcdserver: mvcc: required revision has been compacted"));
        } else {
            end(
                    0,
                    new EtcdException(
                            EtcdException.Code.UNKNOWN,
                            "the member canceled the watch: " + response.getCancelReason()));
        }
    }

    private void events(WatchResponse response) {
        for (var event : response.getEventsList()) {
            fragments.add(
                    new Event(
                            event.getType() == io.jarnetes.etcd.proto.mvccpb.Event.EventType.DELETE,
                            Wire.keyValue(event.getKv()),
                            event.hasPrevKv() ? Wire.keyValue(event.getPrevKv()) : null));
        }
        if (response.getFragment()) {
            return;
        }
        List<Event> whole = List.copyOf(fragments);
        fragments.clear();
        nextRevision = whole.getLast().kv().modRevision() + 1;
        listener.onEvents(response.getHeader().getRevision(), whole);
    }

    private void progress(long revision) {
        nextRevision = Math.max(nextRevision, revision + 1);
        listener.onProgress(revision);
    }

    private void broken(Status status) {
        if (closed) {
            return;
        }
        stream = null;
        if (!Failures.mayPass(status) || calls.endpoints().isClosed()) {
            end(0, new EtcdException(status));
            return;
        }
        long backoff = FIRST_BACKOFF_MILLIS << Math.min(failures++, MAX_DOUBLINGS);
        if (!loop.isShuttingDown()) {
            loop.schedule(this::open, Math.min(backoff, MAX_BACKOFF_MILLIS), TimeUnit.MILLISECONDS);
        }
    }

    private WatchCreateRequest createRequest() {
        var create =
                WatchCreateRequest.newBuilder()
                        .setKey(Wire.bytes(options.key()))
                        .setRangeEnd(Wire.bytes(options.end()))
                        .setStartRevision(nextRevision)
                        .setPrevKv(options.prevKv())
                        .setProgressNotify(options.progressNotify())
                        .setFragment(true);
        if (options.noPut()) {
            create.addFilters(FilterType.NOPUT);
        }
        if (options.noDelete()) {
            create.addFilters(FilterType.NODELETE);
        }
        return create.build();
    }

    /** One stream; what it hears is handed to the session on the session's loop. */
    private final class Stream extends ClientCall.Listener<WatchResponse> {
        private final ClientCall<WatchRequest, WatchResponse> call =
                calls.endpoints().call(WatchGrpc.getWatchMethod(), CallOptions.DEFAULT, loop);
        private boolean created;

        void open() {
            Metadata headers = calls.headers();
            if (options.requireLeader()) {
                headers.put(HAS_LEADER, "true");
            }
            call.start(this, headers);
            call.sendMessage(WatchRequest.newBuilder().setCreateRequest(createRequest()).build());
            call.request(1);
        }

        void sendProgressRequest() {
            call.sendMessage(
                    WatchRequest.newBuilder()
                            .setProgressRequest(WatchProgressRequest.getDefaultInstance())
                            .build());
        }

        @Override
        public void onMessage(WatchResponse response) {
            run(() -> {
                if (!closed && stream == this) {
                    received(response);
                    call.request(1);
                }
            });
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            run(() -> {
                if (stream == this) {
                    broken(Failures.of(status));
                }
            });
        }

        private void run(Runnable task) {
            if (loop.inEventLoop()) {
                task.run();
            } else {
                loop.execute(task);
            }
        }
    }
}
