package io.jarnetes.etcd.server.peer;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.ClosedChannelException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Small requests to a peer, each on a connection of its own: {@code /members}, {@code /version}.
 */
public final class PeerHttpClient {
    private static final int MAX_RESPONSE_BYTES = 64 * 1024 * 1024;

    private final PeerDialer dialer;

    /**
     * @param tls the context for {@code https}, asked for each connection
     */
    public PeerHttpClient(PeerLoops loops, Supplier<@Nullable SslContext> tls) {
        this(new PeerDialer(loops, tls));
    }

    PeerHttpClient(PeerDialer dialer) {
        this.dialer = dialer;
    }

    /** What came back. */
    public record Response(int status, HttpHeaders headers, byte[] body) {
        /** The body as text. */
        public String text() {
            return new String(body, java.nio.charset.StandardCharsets.UTF_8);
        }
    }

    /**
     * Asks.
     *
     * @param url with path and query
     * @param headers to be sent besides Host and Content-Length
     * @return the answer, or an {@link IOException} if there is none in time
     */
    public CompletableFuture<Response> request(
            String method, URI url, Map<String, String> headers, byte[] body, int timeoutMillis) {
        return request(
                method,
                url,
                h -> headers.forEach((name, value) -> h.set(name, value)),
                body,
                timeoutMillis);
    }

    CompletableFuture<Response> request(
            String method, URI url, Consumer<HttpHeaders> headers, byte[] body, int timeoutMillis) {
        FullHttpRequest request =
                new DefaultFullHttpRequest(
                        HttpVersion.HTTP_1_1,
                        HttpMethod.valueOf(method),
                        target(url),
                        Unpooled.wrappedBuffer(body));
        request.headers()
                .set(HttpHeaderNames.HOST, url.getRawAuthority())
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE)
                .set(HttpHeaderNames.CONTENT_LENGTH, body.length);
        headers.accept(request.headers());
        CompletableFuture<Response> result = new CompletableFuture<>();
        Exchange exchange = new Exchange(result);
        dialer.dial(url, exchange)
                .whenComplete((channel, failure) -> {
                    if (failure != null) {
                        result.completeExceptionally(failure);
                    } else {
                        exchange.begin(channel, request, timeoutMillis);
                    }
                });
        return result;
    }

    /** Path and query as they go into the request line. */
    static String target(URI url) {
        String path =
                url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        return url.getRawQuery() == null ? path : path + "?" + url.getRawQuery();
    }

    /** One request and its answer. */
    private static final class Exchange extends SimpleChannelInboundHandler<FullHttpResponse> {
        private final CompletableFuture<Response> result;

        Exchange(CompletableFuture<Response> result) {
            this.result = result;
        }

        void begin(Channel channel, FullHttpRequest request, int timeoutMillis) {
            channel.writeAndFlush(request);
            var timeout =
                    channel.eventLoop()
                            .schedule(
                                    () -> fail(channel, new IOException("request timed out")),
                                    timeoutMillis,
                                    TimeUnit.MILLISECONDS);
            result.whenComplete((ok, failure) -> timeout.cancel(false));
        }

        private void fail(Channel channel, Throwable why) {
            result.completeExceptionally(why);
            channel.close();
        }

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            ctx.pipeline()
                    .addBefore(ctx.name(), null, new HttpObjectAggregator(MAX_RESPONSE_BYTES));
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpResponse response) {
            byte[] body = new byte[response.content().readableBytes()];
            response.content().readBytes(body);
            result.complete(new Response(response.status().code(), response.headers(), body));
            ctx.close();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            result.completeExceptionally(new ClosedChannelException());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            fail(ctx.channel(), cause);
        }
    }
}
