package io.jarnetes.apiserver.server.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;

/** The pipelines: TLS, then by ALPN HTTP/1.1 or HTTP/2, then {@link ExchangeHandler}. */
final class Protocols {

    /** Many informers share one connection, so more than the 250 that upstream allows. */
    private static final int MAX_STREAMS = 1000;

    private static final int STREAM_WINDOW_BYTES = 1 << 20;
    private static final String PLAIN_HTTP =
            "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n";

    private static final int MAX_LINE_BYTES = 64 * 1024;
    private static final int MAX_HEADER_BYTES = 1 << 20;
    private static final int MAX_CHUNK_BYTES = 64 * 1024;

    private Protocols() {}

    /** What connections need of their server. */
    record Server(Application application, Executor executor, InFlight inFlight) {

        ExchangeHandler handler(Connection connection) {
            return new ExchangeHandler(connection, application, executor, inFlight);
        }
    }

    static void install(Channel channel, SslContext tls, Server server) {
        channel.pipeline().addLast(tls.newHandler(channel.alloc()), new Negotiation(server));
    }

    private static final class Negotiation extends ApplicationProtocolNegotiationHandler {

        private final Server server;

        Negotiation(Server server) {
            super(ApplicationProtocolNames.HTTP_1_1);
            this.server = server;
        }

        @Override
        protected void configurePipeline(ChannelHandlerContext context, String protocol) {
            Connection connection = Connection.of(context.channel());
            if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
                http2(context.pipeline(), connection, server);
            } else {
                http1(context.pipeline(), connection, server);
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event)
                throws Exception {
            if (event instanceof SslHandshakeCompletionEvent handshake
                    && handshake.cause() instanceof NotSslRecordException) {
                // Somebody forgot the s of https: Go's server says so, without TLS. The handler of
                // TLS, which is the first, closes the connection after this.
                context.pipeline()
                        .firstContext()
                        .writeAndFlush(
                                Unpooled.copiedBuffer(PLAIN_HTTP, StandardCharsets.US_ASCII));
            }
            super.userEventTriggered(context, event);
        }

        @Override
        protected void handshakeFailure(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }

    private static void http1(ChannelPipeline pipeline, Connection connection, Server server) {
        pipeline.addLast(
                new HttpServerCodec(MAX_LINE_BYTES, MAX_HEADER_BYTES, MAX_CHUNK_BYTES),
                server.handler(connection));
    }

    private static void http2(ChannelPipeline pipeline, Connection connection, Server server) {
        Http2Settings settings =
                Http2Settings.defaultSettings()
                        .maxConcurrentStreams(MAX_STREAMS)
                        .initialWindowSize(STREAM_WINDOW_BYTES)
                        .maxHeaderListSize(MAX_HEADER_BYTES);
        ChannelInitializer<Channel> streams =
                new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel stream) {
                        stream.pipeline()
                                .addLast(
                                        new Http2StreamFrameToHttpObjectCodec(true),
                                        server.handler(connection));
                    }
                };
        pipeline.addLast(
                Http2FrameCodecBuilder.forServer().initialSettings(settings).build(),
                new Http2MultiplexHandler(streams),
                new LastResort());
    }

    /** Errors of a whole HTTP/2 connection, such as a reset. */
    private static final class LastResort extends ChannelInboundHandlerAdapter {

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
