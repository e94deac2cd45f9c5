package io.jarnetes.etcd.server;

import io.jarnetes.etcd.server.peer.PeerLoops;
import io.jarnetes.etcd.server.peer.Urls;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetSocketAddress;
import java.net.URI;

/** Kinds of sockets that go with event loops, and addresses to listen on. */
public final class Sockets {
    private Sockets() {}

    private static boolean isEpoll(EventLoopGroup loops) {
        return loops instanceof IoEventLoopGroup group && group.isIoType(EpollIoHandler.class);
    }

    public static Class<? extends ServerChannel> serverChannel(EventLoopGroup loops) {
        return isEpoll(loops) ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    static PeerLoops peerLoops(EtcdRuntime runtime) {
        return isEpoll(runtime.loops())
                ? new PeerLoops(
                        runtime.loops(),
                        EpollSocketChannel.class,
                        EpollServerSocketChannel.class,
                        runtime.commits())
                : PeerLoops.nio(runtime.loops(), runtime.commits());
    }

    /** Where a listen URL listens; upstream allows addresses and localhost. */
    public static InetSocketAddress address(URI url) {
        int given = Urls.port(url);
        int port = given >= 0 ? given : "https".equals(url.getScheme()) ? 443 : 80;
        return new InetSocketAddress(Urls.host(url), port);
    }
}
