package io.jarnetes.apiserver.server.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** A listening socket and its connections. */
public final class HttpServer implements AutoCloseable {

    private static final int BACKLOG = 1024;
    private static final int LOW_WATER_BYTES = 64 * 1024;
    private static final int HIGH_WATER_BYTES = 256 * 1024;

    private final CompletableFuture<Application> application;
    private final Channel listener;
    private final ChannelGroup connections;
    private final InFlight inFlight;

    private HttpServer(
            CompletableFuture<Application> application,
            Channel listener,
            ChannelGroup connections,
            InFlight inFlight) {
        this.application = application;
        this.listener = listener;
        this.connections = connections;
        this.inFlight = inFlight;
    }

    /**
     * Listens. Requests wait until {@link #serve} says who answers them.
     *
     * @param tls the context for a new connection, asked for each
     * @param executor runs the application, a task for each request
     * @throws IOException when the port is taken or may not be used
     */
    public static HttpServer start(
            InetSocketAddress address, Supplier<SslContext> tls, Loops loops, Executor executor)
            throws IOException {
        CompletableFuture<Application> application = new CompletableFuture<>();
        ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
        InFlight inFlight = new InFlight();
        ServerBootstrap bootstrap =
                new ServerBootstrap()
                        .group(loops.group())
                        .channel(loops.serverChannel())
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childOption(ChannelOption.SO_KEEPALIVE, true)
                        .childOption(
                                ChannelOption.WRITE_BUFFER_WATER_MARK,
                                new WriteBufferWaterMark(LOW_WATER_BYTES, HIGH_WATER_BYTES))
                        .childHandler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        connections.add(channel);
                                        Protocols.install(
                                                channel,
                                                tls.get(),
                                                new Protocols.Server(
                                                        exchange ->
                                                                application.join().serve(exchange),
                                                        executor,
                                                        inFlight));
                                    }
                                });
        var bound = bootstrap.bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(bound.cause().getMessage(), bound.cause());
        }
        return new HttpServer(application, bound.channel(), connections, inFlight);
    }

    /** Answers all requests, those that wait included. */
    public void serve(RequestFilters filters) {
        application.complete(filters);
    }

    void serve(Application answers) {
        application.complete(answers);
    }

    /** Where it listens, with the port that the system chose for port 0. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    /** Takes no more connections, ends watches, waits for requests in flight, then closes all. */
    public void close(Duration grace) {
        listener.close().awaitUninterruptibly();
        inFlight.endLongRunning();
        try {
            inFlight.await(grace);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        connections.close().awaitUninterruptibly();
    }

    @Override
    public void close() {
        close(Duration.ZERO);
    }
}
