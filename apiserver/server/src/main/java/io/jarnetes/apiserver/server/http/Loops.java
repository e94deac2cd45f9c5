package io.jarnetes.apiserver.server.http;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;

/**
 * Event loops and the kind of socket that fits them. Whoever makes them ends them: {@link
 * #group()}{@code .shutdownGracefully()}.
 */
public record Loops(EventLoopGroup group, Class<? extends ServerSocketChannel> serverChannel) {

    /** Epoll where it is there, else NIO. */
    public static Loops create(int threads) {
        boolean epoll = Epoll.isAvailable();
        IoHandlerFactory factory = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        return new Loops(
                new MultiThreadIoEventLoopGroup(threads, factory),
                epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class);
    }
}
