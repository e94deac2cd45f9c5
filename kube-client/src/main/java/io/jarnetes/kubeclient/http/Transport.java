package io.jarnetes.kubeclient.http;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Requests to one server. Connections are made when a request needs one, kept, and made anew when
 * they are lost; a request on a lost connection fails, and isn't sent again.
 */
public final class Transport implements AutoCloseable {

    private final String host;
    private final int port;
    private final String authority;
    private final String base;
    private final @Nullable SslContext tls;
    private final EventLoopGroup loops;
    private final EventLoop loop;
    private final Bootstrap bootstrap;

    // Of the event loop:
    private final List<Connection> connections = new ArrayList<>();
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private @Nullable Channel dialled;
    private boolean closed;

    /** A request that no connection has taken yet. */
    private record Waiting(HttpAsk ask, Exchange exchange, CompletableFuture<?> future) {}

    /**
     * @param server {@code https://host:port}, or http, with what all paths begin with
     * @param tls null for http; with {@code h2} and {@code http/1.1} offered
     */
    public Transport(String server, @Nullable SslContext tls, Duration connectLimit) {
        URI url = URI.create(server);
        boolean secure = "https".equals(url.getScheme());
        String name = String.valueOf(url.getHost());
        this.host = name.startsWith("[") ? name.substring(1, name.length() - 1) : name;
        this.port = url.getPort() >= 0 ? url.getPort() : secure ? 443 : 80;
        this.authority = url.getRawAuthority();
        this.base = url.getRawPath() == null ? "" : url.getRawPath();
        this.tls = secure ? tls : null;
        boolean epoll = Epoll.isAvailable();
        this.loops =
                new MultiThreadIoEventLoopGroup(
                        1,
                        new DefaultThreadFactory("kube-client", true),
                        epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        this.loop = loops.next();
        this.bootstrap =
                new Bootstrap()
                        .group(loop)
                        .channel(epoll ? EpollSocketChannel.class : NioSocketChannel.class)
                        .option(ChannelOption.TCP_NODELAY, true)
                        .option(
                                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                                Math.toIntExact(connectLimit.toMillis()))
                        .handler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        initialize(channel);
                                    }
                                });
    }

    /** The whole answer. Cancelling the future ends the request. */
    public CompletableFuture<HttpAnswer> send(HttpAsk ask) {
        CompletableFuture<HttpAnswer> future = new CompletableFuture<>();
        enqueue(new Waiting(ask, new Exchange.Whole(future), future));
        return future;
    }

    /** The head of the answer, and its body as it comes. Cancelling the future ends the request. */
    public CompletableFuture<HttpStream> stream(HttpAsk ask) {
        CompletableFuture<HttpStream> future = new CompletableFuture<>();
        enqueue(new Waiting(ask, new Exchange.Streamed(future), future));
        return future;
    }

    private void enqueue(Waiting request) {
        try {
            loop.execute(() -> {
                waiting.add(request);
                proceed();
            });
        } catch (RejectedExecutionException e) {
            request.exchange.fail(new IOException("the client is closed"));
        }
    }

    /** Gives requests that wait to connections with room; asks for one more when there is none. */
    private void proceed() {
        while (!waiting.isEmpty()) {
            if (closed) {
                waiting.remove().exchange.fail(new IOException("the client is closed"));
                continue;
            }
            Connection connection = withRoom();
            if (connection == null) {
                connect();
                return;
            }
            start(connection, waiting.remove());
        }
    }

    private @Nullable Connection withRoom() {
        for (Connection connection : connections) {
            if (connection.hasRoom()) {
                return connection;
            }
        }
        return null;
    }

    private void start(Connection connection, Waiting request) {
        if (request.future.isDone()) {
            return;
        }
        HttpAsk ask = request.ask;
        HttpAsk whole = new HttpAsk(ask.method(), base + ask.path(), ask.headers(), ask.body());
        connection.start(
                whole.message(authority),
                request.exchange,
                channel ->
                        request.future.whenComplete((answer, failure) -> {
                            if (request.future.isCancelled()) {
                                Connection.close(channel);
                            }
                        }),
                () -> {
                    if (!connection.hasRoom() && connection.idle()) {
                        connection.channel().close();
                    }
                    proceed();
                });
    }

    private void connect() {
        if (dialled != null) {
            return;
        }
        ChannelFuture future = bootstrap.connect(host, port);
        Channel channel = future.channel();
        dialled = channel;
        future.addListener(done -> {
            if (!done.isSuccess()) {
                refuse(channel, done.cause());
            }
        });
    }

    /** Those that wait were waiting for this connection. */
    private void refuse(Channel channel, Throwable why) {
        if (dialled != channel) {
            return;
        }
        dialled = null;
        IOException cause = Connection.failure(why);
        List<Waiting> refused = List.copyOf(waiting);
        waiting.clear();
        refused.forEach(request -> request.exchange.fail(cause));
    }

    private void initialize(Channel channel) {
        channel.pipeline().addLast(new Lost());
        if (tls == null) {
            channel.pipeline()
                    .addLast(
                            new ChannelInboundHandlerAdapter() {
                                @Override
                                public void channelActive(ChannelHandlerContext context) {
                                    context.pipeline().remove(this);
                                    http1(channel);
                                }
                            });
            return;
        }
        SslHandler handler = tls.newHandler(channel.alloc(), host, port);
        channel.pipeline().addLast(handler);
        handler.handshakeFuture()
                .addListener(done -> {
                    if (!done.isSuccess()) {
                        refuse(channel, done.cause());
                        channel.close();
                    } else if (ApplicationProtocolNames.HTTP_2.equals(
                            handler.applicationProtocol())) {
                        Connection.Http2.begin(channel, this::connected);
                    } else {
                        http1(channel);
                    }
                });
    }

    private void http1(Channel channel) {
        channel.pipeline().addLast(new HttpClientCodec());
        connected(new Connection.Http1(channel));
    }

    private void connected(Connection connection) {
        dialled = null;
        connections.add(connection);
        if (closed) {
            connection.channel().close();
        }
        proceed();
    }

    /** First in each connection's pipeline: sees its end, also before it carried anything. */
    private final class Lost extends ChannelInboundHandlerAdapter {

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            Channel channel = context.channel();
            connections.removeIf(each -> each.channel() == channel);
            context.fireChannelInactive();
            refuse(channel, new IOException("the connection was closed before it was ready"));
            proceed();
        }
    }

    /** Ends all requests. */
    @Override
    public void close() {
        try {
            loop.execute(() -> {
                closed = true;
                // Told here: the event loop may be gone before the channels could tell.
                IOException cause = new IOException("the client is closed");
                List.copyOf(connections).forEach(each -> each.end(cause));
                proceed();
                loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            });
        } catch (RejectedExecutionException e) {
            // It was closed before.
            return;
        }
    }
}
