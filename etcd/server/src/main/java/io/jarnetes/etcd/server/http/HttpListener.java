package io.jarnetes.etcd.server.http;

import io.jarnetes.base.log.Log;
import io.jarnetes.etcd.server.Sockets;
import io.jarnetes.etcd.server.tls.Rejections;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A port for HTTP alone: {@code --listen-metrics-urls} and {@code --listen-client-http-urls}. */
public final class HttpListener implements AutoCloseable {
    private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

    /**
     * @param tls asked for each connection; null for plain HTTP
     * @throws IOException if the address can't be had
     */
    public HttpListener(
            EventLoopGroup loops,
            InetSocketAddress address,
            @Nullable Supplier<SslContext> tls,
            HttpApi api,
            Log log)
            throws IOException {
        var bound =
                new ServerBootstrap()
                        .group(loops)
                        .channel(Sockets.serverChannel(loops))
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childHandler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        channels.add(channel);
                                        accept(channel, tls, api, log);
                                    }
                                })
                        .bind(address)
                        .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "listen tcp " + address + ": " + bound.cause().getMessage(), bound.cause());
        }
        channels.add(bound.channel());
    }

    private static void accept(
            Channel channel, @Nullable Supplier<SslContext> tls, HttpApi api, Log log) {
        if (tls != null) {
            channel.pipeline()
                    .addLast(tls.get().newHandler(channel.alloc()), Rejections.client(log));
        }
        HttpChannel.handlers(api).forEach(channel.pipeline()::addLast);
    }

    @Override
    public void close() {
        channels.close().awaitUninterruptibly();
    }
}
