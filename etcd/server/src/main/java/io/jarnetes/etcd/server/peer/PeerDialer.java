package io.jarnetes.etcd.server.peer;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Connects to peers. Names are resolved anew for each connection and never on an event loop: in
 * containers a peer's name may not exist yet, and a slow resolver must not stop heartbeats.
 */
final class PeerDialer {
    private static final int HTTPS_PORT = 443;
    private static final int HTTP_PORT = 80;

    private final PeerLoops loops;
    private final Supplier<@Nullable SslContext> tls;

    PeerDialer(PeerLoops loops, Supplier<@Nullable SslContext> tls) {
        this.loops = loops;
        this.tls = tls;
    }

    /** An event loop for timers. */
    EventLoop nextLoop() {
        return loops.group().next();
    }

    /**
     * Connects, with TLS for {@code https}, and puts an HTTP/1.1 client codec and the handler on
     * the connection.
     *
     * @return the channel when it is ready for a request, or why not
     */
    CompletableFuture<Channel> dial(URI url, ChannelHandler handler) {
        CompletableFuture<Channel> result = new CompletableFuture<>();
        try {
            InetSocketAddress literal = literal(url);
            if (literal != null) {
                connect(url, literal, handler, result);
            } else {
                loops.blocking().execute(() -> resolve(url, handler, result));
            }
        } catch (RejectedExecutionException | IllegalArgumentException e) {
            result.completeExceptionally(e);
        }
        return result;
    }

    private static int port(URI url) {
        int port = Urls.port(url);
        if (port >= 0) {
            return port;
        }
        return isTls(url) ? HTTPS_PORT : HTTP_PORT;
    }

    private static boolean isTls(URI url) {
        return "https".equals(url.getScheme());
    }

    private static @Nullable InetSocketAddress literal(URI url) {
        InetAddress address = NetUtil.createInetAddressFromIpAddressString(Urls.host(url));
        return address == null ? null : new InetSocketAddress(address, port(url));
    }

    private void resolve(URI url, ChannelHandler handler, CompletableFuture<Channel> result) {
        try {
            connect(
                    url,
                    new InetSocketAddress(InetAddress.getByName(Urls.host(url)), port(url)),
                    handler,
                    result);
        } catch (UnknownHostException e) {
            result.completeExceptionally(
                    new IOException("dial tcp: lookup " + Urls.host(url) + ": no such host", e));
        } catch (RuntimeException e) {
            result.completeExceptionally(e);
        }
    }

    private void connect(
            URI url,
            InetSocketAddress address,
            ChannelHandler handler,
            CompletableFuture<Channel> result) {
        SslContext context = isTls(url) ? tls.get() : null;
        if (isTls(url) && context == null) {
            throw new IllegalArgumentException("no TLS is configured for " + url);
        }
        Bootstrap bootstrap =
                new Bootstrap()
                        .group(loops.group())
                        .channel(loops.clientChannel())
                        .option(ChannelOption.TCP_NODELAY, true)
                        .option(
                                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                                PeerConfig.READ_TIMEOUT_MILLIS)
                        .handler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        build(channel, context, url, handler);
                                    }
                                });
        bootstrap
                .connect(address)
                .addListener((ChannelFuture done) -> {
                    if (done.isSuccess()) {
                        connected(done.channel(), result);
                    } else {
                        result.completeExceptionally(done.cause());
                    }
                });
    }

    private static void build(
            Channel channel, @Nullable SslContext context, URI url, ChannelHandler handler) {
        if (context != null) {
            SslHandler ssl = context.newHandler(channel.alloc(), Urls.host(url), port(url));
            ssl.setHandshakeTimeoutMillis(PeerConfig.READ_TIMEOUT_MILLIS);
            channel.pipeline().addLast(ssl);
        }
        channel.pipeline().addLast(new HttpClientCodec(), handler);
    }

    private static void connected(Channel channel, CompletableFuture<Channel> result) {
        SslHandler ssl = channel.pipeline().get(SslHandler.class);
        if (ssl == null) {
            result.complete(channel);
            return;
        }
        ssl.handshakeFuture()
                .addListener(done -> {
                    if (done.isSuccess()) {
                        result.complete(channel);
                    } else {
                        channel.close();
                        result.completeExceptionally(done.cause());
                    }
                });
    }
}
