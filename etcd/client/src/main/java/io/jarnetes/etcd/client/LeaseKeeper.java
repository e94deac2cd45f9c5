package io.jarnetes.etcd.client;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseGrpc;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseKeepAliveRequest;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseKeepAliveResponse;
import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one lease alive: asks again after a third of what is left, on another member when a stream
 * breaks. All state belongs to one event loop.
 */
public final class LeaseKeeper implements AutoCloseable {
    private static final long RETRY_MILLIS = 500;

    /** Hears of the lease on an event loop: it must not block. */
    public interface Listener {
        /** The lease lives for so long from now. */
        default void onAlive(long ttlSeconds) {}

        /** It expired or was revoked, or the keeper was refused: {@code reason} is null then. */
        void onLost(@Nullable EtcdException reason);
    }

    private final Calls calls;
    private final long id;
    private final Listener listener;
    private final EventLoop loop;
    private boolean closed;
    private @Nullable Stream stream;

    LeaseKeeper(Calls calls, long id, Listener listener) {
        this.calls = calls;
        this.id = id;
        this.listener = listener;
        this.loop = calls.loops().next();
    }

    void start() {
        loop.execute(this::open);
    }

    private void open() {
        if (!closed) {
            stream = new Stream();
            stream.open();
        }
    }

    private void ask() {
        if (!closed && stream != null) {
            stream.call.sendMessage(LeaseKeepAliveRequest.newBuilder().setID(id).build());
        }
    }

    private void received(long ttlSeconds) {
        if (ttlSeconds <= 0) {
            lost(null);
        } else {
            listener.onAlive(ttlSeconds);
            loop.schedule(this::ask, ttlSeconds * 1000 / 3, TimeUnit.MILLISECONDS);
        }
    }

    private void broken(Status status) {
        stream = null;
        if (Failures.mayPass(status) && !calls.endpoints().isClosed()) {
            loop.schedule(this::open, RETRY_MILLIS, TimeUnit.MILLISECONDS);
        } else {
            lost(new EtcdException(status));
        }
    }

    private void lost(@Nullable EtcdException reason) {
        if (!closed) {
            end();
            listener.onLost(reason);
        }
    }

    private void end() {
        closed = true;
        if (stream != null) {
            stream.call.cancel("the lease is no longer kept", null);
        }
    }

    /** Stops asking; the lease runs out by itself. */
    @Override
    public void close() {
        loop.execute(this::end);
    }

    private final class Stream extends ClientCall.Listener<LeaseKeepAliveResponse> {
        private final ClientCall<LeaseKeepAliveRequest, LeaseKeepAliveResponse> call =
                calls.endpoints()
                        .call(LeaseGrpc.getLeaseKeepAliveMethod(), CallOptions.DEFAULT, loop);

        void open() {
            Metadata headers = calls.headers();
            headers.put(WatchSession.HAS_LEADER, "true");
            call.start(this, headers);
            call.request(1);
            ask();
        }

        @Override
        public void onMessage(LeaseKeepAliveResponse response) {
            loop.execute(() -> {
                if (!closed && stream == this) {
                    received(response.getTTL());
                    call.request(1);
                }
            });
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            loop.execute(() -> {
                if (!closed && stream == this) {
                    broken(Failures.of(status));
                }
            });
        }
    }
}
