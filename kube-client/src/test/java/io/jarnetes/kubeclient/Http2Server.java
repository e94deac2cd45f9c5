package io.jarnetes.kubeclient;

import io.jarnetes.base.tls.Tls;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server of HTTP/2 over TLS whose paths say what it does: {@code /echo} sends the request back,
 * {@code /open} a head and no end, {@code /large} {@link #LARGE_BYTES} bytes, {@code /reset} an
 * error of the stream, {@code /leave} an answer and a good-bye to the connection.
 */
final class Http2Server implements AutoCloseable {

    static final int LARGE_BYTES = 9 << 20;

    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Channel listener;
    private final ServingKeys.Pair keys = SelfSigned.make("test");
    private final AtomicInteger connections = new AtomicInteger();
    private final CompletableFuture<Void> closedEarly = new CompletableFuture<>();
    private volatile boolean largeWritten;

    Http2Server(int maxStreams) throws InterruptedException {
        SslContext tls =
                Tls.server(
                        new Tls.Identity(List.of(keys.chain()), keys.key()),
                        List.of(),
                        ClientAuth.NONE,
                        "h2");
        listener =
                new ServerBootstrap()
                        .group(group)
                        .channel(NioServerSocketChannel.class)
                        .childHandler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        connections.incrementAndGet();
                                        channel.pipeline()
                                                .addLast(
                                                        tls.newHandler(channel.alloc()),
                                                        Http2FrameCodecBuilder.forServer()
                                                                .initialSettings(
                                                                        Http2Settings
                                                                                .defaultSettings()
                                                                                .maxConcurrentStreams(
                                                                                        maxStreams))
                                                                .build(),
                                                        new Http2MultiplexHandler(streams()));
                                    }
                                })
                        .bind("127.0.0.1", 0)
                        .sync()
                        .channel();
    }

    private ChannelInitializer<Channel> streams() {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel stream) {
                stream.pipeline()
                        .addLast(
                                new Http2StreamFrameToHttpObjectCodec(true),
                                new HttpObjectAggregator(1 << 20),
                                new Handler());
            }
        };
    }

    String url() {
        return "https://127.0.0.1:" + ((InetSocketAddress) listener.localAddress()).getPort();
    }

    SslContext clientTls() {
        return Tls.client(null, List.of(keys.chain()), "h2", "http/1.1");
    }

    /** Connections that were made so far. */
    int connections() {
        return connections.get();
    }

    /** Whether the network has taken all of {@code /large}. */
    boolean largeWritten() {
        return largeWritten;
    }

    /** Completes when a stream of {@code /open} was ended by the client. */
    CompletableFuture<Void> closedEarly() {
        return closedEarly;
    }

    private final class Handler extends SimpleChannelInboundHandler<FullHttpRequest> {

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            switch (request.uri()) {
                case "/open" -> {
                    context.channel()
                            .closeFuture()
                            .addListener(closed -> closedEarly.complete(null));
                    context.writeAndFlush(head());
                }
                case "/large" -> {
                    context.write(head());
                    ChannelFuture written =
                            context.writeAndFlush(
                                    new DefaultHttpContent(
                                            Unpooled.wrappedBuffer(new byte[LARGE_BYTES])));
                    written.addListener(done -> largeWritten = done.isSuccess());
                    context.writeAndFlush(new DefaultLastHttpContent());
                }
                case "/reset" ->
                        context.pipeline()
                                .firstContext()
                                .writeAndFlush(
                                        new DefaultHttp2ResetFrame(Http2Error.INTERNAL_ERROR));
                case "/leave" -> {
                    context.channel()
                            .parent()
                            .writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR));
                    answer(context, "bye");
                }
                default ->
                        answer(
                                context,
                                request.method()
                                        + " "
                                        + request.uri()
                                        + " "
                                        + request.headers().get("x-test")
                                        + " "
                                        + request.content().toString(StandardCharsets.UTF_8));
            }
        }

        private static DefaultHttpResponse head() {
            return new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        }

        private static void answer(ChannelHandlerContext context, String text) {
            context.writeAndFlush(
                    new DefaultFullHttpResponse(
                            HttpVersion.HTTP_1_1,
                            HttpResponseStatus.OK,
                            Unpooled.copiedBuffer(text, StandardCharsets.UTF_8)));
        }
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
