package io.jarnetes.bench;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Connections to the members of a cluster, in turns. Linux: epoll. */
final class Connections implements AutoCloseable {
    private static final long CLOSE_SECONDS = 5;
    private static final int MAX_MESSAGE_BYTES = 64 << 20;

    private final List<ManagedChannel> channels = new ArrayList<>();

    Connections(EventLoopGroup loops, List<Integer> ports, int count) {
        for (int i = 0; i < count; i++) {
            channels.add(connect(loops, ports.get(i % ports.size())));
        }
    }

    private static ManagedChannel connect(EventLoopGroup loops, int port) {
        return NettyChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .eventLoopGroup(loops)
                .channelType(EpollSocketChannel.class)
                .directExecutor()
                .offloadExecutor(task -> loops.next().execute(task))
                .disableRetry()
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .build();
    }

    int size() {
        return channels.size();
    }

    ManagedChannel get(int index) {
        return channels.get(index % channels.size());
    }

    @Override
    public void close() throws InterruptedException {
        channels.forEach(ManagedChannel::shutdownNow);
        for (ManagedChannel channel : channels) {
            channel.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
        }
    }
}
