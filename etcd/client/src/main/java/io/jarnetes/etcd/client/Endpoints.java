package io.jarnetes.etcd.client;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ConnectivityState;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A connection to each endpoint, and whose turn it is.
 *
 * <p>Calls go round the members that are connected; while none is, to one that may be soon, and on
 * to another one that is sooner: a member that comes up takes connections long before it serves.
 * Each connection keeps its own authority, so that a certificate is checked against the member's
 * name.
 */
final class Endpoints implements AutoCloseable {
    private static final long KEEP_ALIVE_TIMEOUT_MILLIS = 10_000;
    private static final long CLOSE_MILLIS = 2_000;

    /** How often a call that waits for its connection looks for a better one. */
    private static final long LOOK_MILLIS = 100;

    /** While nobody is reached, grpc-java's pause grows to two minutes; ours doesn't. */
    private static final long MAX_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final List<ManagedChannel> channels;
    private volatile boolean closed;
    private final AtomicInteger turn = new AtomicInteger();
    private final AtomicLong retriedNanos = new AtomicLong(System.nanoTime());

    Endpoints(EtcdClientConfig config, EventLoopGroup loops, Class<? extends Channel> type) {
        List<ManagedChannel> made = new ArrayList<>();
        for (int i = 0; i < config.connections(); i++) {
            for (URI endpoint : config.endpoints()) {
                made.add(connect(config, endpoint, loops, type));
            }
        }
        channels = List.copyOf(made);
    }

    private static ManagedChannel connect(
            EtcdClientConfig config,
            URI endpoint,
            EventLoopGroup loops,
            Class<? extends Channel> type) {
        boolean tls = "https".equals(endpoint.getScheme());
        int port = endpoint.getPort() >= 0 ? endpoint.getPort() : tls ? 443 : 80;
        NettyChannelBuilder builder =
                NettyChannelBuilder.forAddress(endpoint.getHost(), port)
                        .eventLoopGroup(loops)
                        .channelType(type)
                        .directExecutor()
                        .offloadExecutor(task -> loops.next().execute(task))
                        .disableRetry()
                        .maxInboundMessageSize(EtcdClientConfig.MAX_RESPONSE_BYTES);
        if (config.keepAlive().compareTo(Duration.ZERO) > 0) {
            builder.keepAliveTime(config.keepAlive().toMillis(), TimeUnit.MILLISECONDS)
                    .keepAliveTimeout(KEEP_ALIVE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
        }
        return tls
                ? builder.sslContext(config.tls()).useTransportSecurity().build()
                : builder.usePlaintext().build();
    }

    int size() {
        return channels.size();
    }

    ManagedChannel next() {
        int size = channels.size();
        int first = Math.floorMod(turn.getAndIncrement(), size);
        ManagedChannel hopeful = null;
        for (int i = 0; i < size; i++) {
            ManagedChannel channel = channels.get((first + i) % size);
            ConnectivityState state = channel.getState(true);
            if (state == ConnectivityState.READY) {
                return channel;
            }
            if (hopeful == null && state != ConnectivityState.TRANSIENT_FAILURE) {
                hopeful = channel;
            }
        }
        retrySoon();
        return hopeful == null ? channels.get(first) : hopeful;
    }

    /**
     * Dials members that could not be reached again at once: gRPC itself would wait a second and
     * longer, also for a member that is starting.
     */
    void dialAgain() {
        for (ManagedChannel channel : channels) {
            if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
                channel.resetConnectBackoff();
            }
        }
    }

    private void retrySoon() {
        long last = retriedNanos.get();
        long now = System.nanoTime();
        if (now - last > MAX_PAUSE_NANOS && retriedNanos.compareAndSet(last, now)) {
            dialAgain();
        }
    }

    /**
     * A call at whose turn it is. While it waits for a connection and another member is reached
     * first, it ends as {@code CANCELLED}, and {@link #isSent} says no of it: to be made again.
     */
    <Q, R> ClientCall<Q, R> call(
            MethodDescriptor<Q, R> method, CallOptions options, EventLoop loop) {
        ManagedChannel channel = next();
        ClientCall<Q, R> call = channel.newCall(method, options);
        return channels.size() == 1 || channel.getState(false) == ConnectivityState.READY
                ? call
                : new Waiting<>(call, channel, loop);
    }

    /** Whether a connection has taken the call, so that a member may have seen it. */
    static boolean isSent(ClientCall<?, ?> call) {
        return call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR) != null;
    }

    private static boolean isConnected(ManagedChannel channel) {
        return channel.getState(true) == ConnectivityState.READY;
    }

    /** A call that looks about until its connection is there, or another one is. */
    private final class Waiting<Q, R> extends SimpleForwardingClientCall<Q, R> {
        private final ManagedChannel channel;
        private final EventLoop loop;
        private volatile boolean over;

        Waiting(ClientCall<Q, R> call, ManagedChannel channel, EventLoop loop) {
            super(call);
            this.channel = channel;
            this.loop = loop;
        }

        @Override
        public void start(Listener<R> listener, Metadata headers) {
            super.start(
                    new SimpleForwardingClientCallListener<>(listener) {
                        @Override
                        public void onClose(Status status, Metadata trailers) {
                            over = true;
                            super.onClose(status, trailers);
                        }
                    },
                    headers);
            again();
        }

        private void again() {
            if (!loop.isShuttingDown()) {
                loop.schedule(this::look, LOOK_MILLIS, TimeUnit.MILLISECONDS);
            }
        }

        private void look() {
            // On a channel that is connected the call is sent, or about to be.
            if (over || isSent(this) || isConnected(channel)) {
                return;
            }
            if (channels.stream().anyMatch(Endpoints::isConnected)) {
                cancel("another member was reached first", null);
            } else {
                again();
            }
        }
    }

    /** Whether nobody is reached any more, ever. */
    boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
        channels.forEach(ManagedChannel::shutdownNow);
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSE_MILLIS);
        try {
            for (ManagedChannel channel : channels) {
                channel.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
