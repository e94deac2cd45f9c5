package io.jarnetes.etcd.server.peer;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.concurrent.Executor;

/**
 * Where the transport runs; belongs to the caller, who closes it.
 *
 * @param group event loops, shared with whoever likes
 * @param clientChannel the socket that fits the loops
 * @param serverChannel the listener that fits the loops
 * @param blocking for names that resolve slowly and for databases; its threads may block
 */
public record PeerLoops(
        EventLoopGroup group,
        Class<? extends SocketChannel> clientChannel,
        Class<? extends ServerChannel> serverChannel,
        Executor blocking) {

    /** With NIO's sockets. */
    public static PeerLoops nio(EventLoopGroup group, Executor blocking) {
        return new PeerLoops(group, NioSocketChannel.class, NioServerSocketChannel.class, blocking);
    }
}
