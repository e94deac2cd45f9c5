package io.jarnetes.etcd.server.peer;

import io.jarnetes.etcd.server.tls.ClientHosts;
import io.jarnetes.etcd.server.tls.Rejections;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The listening side of the peer protocol: HTTP/1.1, plain or TLS, on any number of addresses. */
public final class PeerServer implements AutoCloseable {
    private final PeerTransport transport;
    private final SnapshotSink.Factory snapshots;
    private final Map<String, PeerEndpoint> endpoints;
    private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

    /**
     * @param snapshots where databases of incoming snapshots go
     * @param endpoints by path ({@code /members}); a path that ends with a slash takes all below it
     */
    public PeerServer(
            PeerTransport transport,
            SnapshotSink.Factory snapshots,
            Map<String, PeerEndpoint> endpoints) {
        this.transport = transport;
        this.snapshots = snapshots;
        this.endpoints = new TreeMap<>(endpoints);
    }

    /**
     * Listens on one more address.
     *
     * @param tls null for plain HTTP; asked for each connection
     * @param hosts what is looked up of where peers come from; null for nothing
     * @return the address with the port that was taken
     * @throws IOException if the address can't be had
     */
    public InetSocketAddress listen(
            InetSocketAddress address,
            @Nullable Supplier<SslContext> tls,
            @Nullable ClientHosts hosts)
            throws IOException {
        PeerLoops loops = transport.context().loops();
        var bound =
                new ServerBootstrap()
                        .group(loops.group())
                        .channel(loops.serverChannel())
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childHandler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        accept(channel, tls, hosts);
                                    }
                                })
                        .bind(address)
                        .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException("listen tcp " + address + ": " + bound.cause(), bound.cause());
        }
        channels.add(bound.channel());
        SocketAddress local = bound.channel().localAddress();
        return (InetSocketAddress) local;
    }

    private void accept(
            Channel channel, @Nullable Supplier<SslContext> tls, @Nullable ClientHosts hosts) {
        channels.add(channel);
        if (tls != null) {
            channel.pipeline()
                    .addLast(
                            tls.get().newHandler(channel.alloc()),
                            Rejections.peer(hosts, transport.context().log()));
        }
        channel.pipeline()
                .addLast(
                        new HttpServerCodec(),
                        new PeerHandler(transport, snapshots, this::endpoint));
    }

    /** The endpoint of a path, else the one that takes all below a prefix of it. */
    private @Nullable PeerEndpoint endpoint(String path) {
        PeerEndpoint exact = endpoints.get(path);
        if (exact != null) {
            return exact;
        }
        for (Map.Entry<String, PeerEndpoint> e : endpoints.entrySet()) {
            if (e.getKey().endsWith("/") && path.startsWith(e.getKey())) {
                return e.getValue();
            }
        }
        return null;
    }

    /** Closes listeners and connections, and waits until they are closed. */
    @Override
    public void close() {
        channels.close().awaitUninterruptibly();
    }
}
