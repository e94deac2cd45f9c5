package io.jarnetes.etcd.client;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A connection to each endpoint, and whose turn it is.
 *
 * <p>Calls go round the members that are connected; while none is, to one that may be soon. Each
 * connection keeps its own authority, so that a certificate is checked against the member's name.
 */
final class Endpoints implements AutoCloseable {
    private static final long KEEP_ALIVE_TIMEOUT_MILLIS = 10_000;
    private static final long CLOSE_MILLIS = 2_000;

    private final List<ManagedChannel> channels;
    private final AtomicInteger turn = new AtomicInteger();

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
        return hopeful == null ? channels.get(first) : hopeful;
    }

    @Override
    public void close() {
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
