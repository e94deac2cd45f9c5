package io.jarnetes.kubeclient.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.timeout.IdleState;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/** One connection, and how many requests it carries. Everything runs on the event loop. */
abstract sealed class Connection {

    private final Channel channel;
    private final Set<Exchange> running = new HashSet<>();

    private Connection(Channel channel) {
        this.channel = channel;
    }

    Channel channel() {
        return channel;
    }

    /** Whether it takes one more request now. */
    boolean hasRoom() {
        return channel.isActive() && running.size() < limit();
    }

    /**
     * Sends a request.
     *
     * @param opened gets what to close to end it early
     * @param free runs when there is room for another request
     */
    void start(
            FullHttpRequest request, Exchange exchange, Consumer<Channel> opened, Runnable free) {
        running.add(exchange);
        send(
                request,
                exchange,
                opened,
                () -> {
                    running.remove(exchange);
                    free.run();
                });
    }

    boolean idle() {
        return running.isEmpty();
    }

    /** Fails what is under way, and ends the connection. */
    void end(IOException cause) {
        List.copyOf(running).forEach(exchange -> exchange.fail(cause));
        channel.close();
    }

    abstract int limit();

    abstract void send(
            FullHttpRequest request, Exchange exchange, Consumer<Channel> opened, Runnable over);

    /** Requests one after the other. */
    static final class Http1 extends Connection {

        Http1(Channel channel) {
            super(channel);
        }

        @Override
        int limit() {
            return 1;
        }

        @Override
        void send(
                FullHttpRequest request,
                Exchange exchange,
                Consumer<Channel> opened,
                Runnable over) {
            exchange.whenIdle(() -> {
                channel().config().setAutoRead(true);
                over.run();
            });
            channel().pipeline().addLast(exchange);
            opened.accept(channel());
            write(channel(), request, exchange);
        }
    }

    private static void write(Channel channel, FullHttpRequest request, Exchange exchange) {
        channel.writeAndFlush(request)
                .addListener(written -> {
                    if (!written.isSuccess()) {
                        exchange.fail(failure(written.cause()));
                        channel.close();
                    }
                });
    }

    /** Closes from any thread. */
    static void close(Channel channel) {
        try {
            channel.close();
        } catch (RejectedExecutionException e) {
            // Its event loop is gone, and so is the channel.
            return;
        }
    }

    static IOException failure(Throwable cause) {
        return cause instanceof IOException io ? io : new IOException(cause.getMessage(), cause);
    }

    /** As many requests at a time as the server's settings say. */
    static final class Http2 extends Connection {

        /** What Go's client lets a server send ahead, for a stream and for a connection. */
        private static final int STREAM_WINDOW_BYTES = 4 << 20;

        private static final int CONNECTION_WINDOW_BYTES = 1 << 30;
        private static final int MAX_HEADER_BYTES = 1 << 20;

        /** A connection that is silent for so long is asked, and closed when it stays silent. */
        private static final int SILENCE_SECONDS = 30;

        private static final int DEFAULT_LIMIT = 100;

        private final Http2FrameCodec codec;
        private int limit = DEFAULT_LIMIT;
        private boolean leaving;

        private Http2(Channel channel, Http2FrameCodec codec) {
            super(channel);
            this.codec = codec;
        }

        /** Begins to speak HTTP/2; {@code ready} runs when the server has told its settings. */
        static void begin(Channel channel, Consumer<Connection> ready) {
            Http2Settings settings =
                    Http2Settings.defaultSettings()
                            .pushEnabled(false)
                            .initialWindowSize(STREAM_WINDOW_BYTES)
                            .maxHeaderListSize(MAX_HEADER_BYTES);
            Http2FrameCodec codec =
                    Http2FrameCodecBuilder.forClient()
                            .initialSettings(settings)
                            // Closed means now, whatever is still under way.
                            .gracefulShutdownTimeoutMillis(0)
                            .build();
            Http2 connection = new Http2(channel, codec);
            channel.pipeline()
                    .addLast(
                            new IdleStateHandler(SILENCE_SECONDS, 0, 0),
                            codec,
                            new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()),
                            connection.new Control(ready));
        }

        @Override
        int limit() {
            return leaving ? 0 : limit;
        }

        @Override
        void send(
                FullHttpRequest request,
                Exchange exchange,
                Consumer<Channel> opened,
                Runnable over) {
            Future<Http2StreamChannel> stream =
                    new Http2StreamChannelBootstrap(channel())
                            .handler(
                                    new ChannelInitializer<Channel>() {
                                        @Override
                                        protected void initChannel(Channel made) {
                                            made.pipeline()
                                                    .addLast(
                                                            new Http2StreamFrameToHttpObjectCodec(
                                                                    false, false),
                                                            exchange);
                                        }
                                    })
                            .open();
            stream.addListener(done -> {
                if (!done.isSuccess()) {
                    request.release();
                    exchange.fail(failure(done.cause()));
                    over.run();
                    return;
                }
                Channel made = stream.getNow();
                made.closeFuture().addListener(closed -> over.run());
                opened.accept(made);
                write(made, request, exchange);
            });
        }

        /** What concerns the whole connection. */
        private final class Control extends ChannelInboundHandlerAdapter {
            private final Consumer<Connection> ready;
            private boolean told;
            private boolean asked;

            Control(Consumer<Connection> ready) {
                this.ready = ready;
            }

            @Override
            public void channelRead(ChannelHandlerContext context, Object frame)
                    throws Http2Exception {
                asked = false;
                if (frame instanceof Http2SettingsFrame settings) {
                    Long most = settings.settings().maxConcurrentStreams();
                    limit =
                            most == null
                                    ? DEFAULT_LIMIT
                                    : (int) Math.clamp(most, 1, Integer.MAX_VALUE);
                    begun(context);
                } else if (frame instanceof Http2GoAwayFrame) {
                    leaving = true;
                    if (idle()) {
                        context.close();
                    }
                }
                ReferenceCountUtil.release(frame);
            }

            private void begun(ChannelHandlerContext context) throws Http2Exception {
                if (told) {
                    return;
                }
                told = true;
                Http2Connection http = codec.connection();
                http.local()
                        .flowController()
                        .incrementWindowSize(http.connectionStream(), CONNECTION_WINDOW_BYTES);
                context.flush();
                ready.accept(Http2.this);
            }

            @Override
            public void userEventTriggered(ChannelHandlerContext context, Object event) {
                if (event instanceof IdleStateEvent idle && idle.state() == IdleState.READER_IDLE) {
                    if (asked) {
                        context.close();
                        return;
                    }
                    asked = true;
                    context.writeAndFlush(new DefaultHttp2PingFrame(System.nanoTime()));
                }
                context.fireUserEventTriggered(event);
            }

            @Override
            public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                context.close();
            }
        }
    }
}
