package io.jarnetes.etcd.client;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.URI;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/**
 * A client of one cluster.
 *
 * <p>The event loops belong to whoever hands them over, and are not closed with the client. All
 * calls answer with futures that end with an {@link EtcdException} or a result; on a virtual or a
 * plain thread {@link #await} waits for them.
 */
public final class EtcdClient implements AutoCloseable {
    private final EtcdClientConfig config;
    private final EventLoopGroup loops;
    private final Endpoints endpoints;
    private final Calls calls;

    /**
     * Connects when the first call is made.
     *
     * @param loops epoll loops where {@link Epoll#isAvailable}, NIO loops otherwise
     */
    public EtcdClient(EtcdClientConfig config, EventLoopGroup loops) {
        this.config = config;
        this.loops = loops;
        this.endpoints = new Endpoints(config, loops, channelType(loops));
        this.calls = new Calls(endpoints, loops, config.requestTimeout(), null);
    }

    public KvClient kv() {
        return new KvClient(calls);
    }

    public WatchClient watch() {
        return new WatchClient(calls);
    }

    public LeaseClient lease() {
        return new LeaseClient(calls);
    }

    public ClusterClient cluster() {
        return new ClusterClient(calls);
    }

    /** Asks whichever member has its turn; mostly wanted of {@link #at}. */
    public MaintenanceClient maintenance() {
        return new MaintenanceClient(calls);
    }

    /** A client of this member alone; to be closed by the caller. */
    public EtcdClient at(URI endpoint) {
        return new EtcdClient(config.withEndpoint(endpoint), loops);
    }

    public EtcdClientConfig config() {
        return config;
    }

    /** Ends all calls and watches; the event loops run on. Not to be called on one of them. */
    @Override
    public void close() {
        endpoints.close();
    }

    /**
     * Waits for an answer. Not to be called on an event loop.
     *
     * @throws EtcdException what the future failed with
     */
    public static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            future.cancel(true);
            Thread.currentThread().interrupt();
            throw new EtcdException(
                    EtcdException.Code.CANCELLED, "interrupted while waiting for etcd");
        } catch (CancellationException e) {
            throw new EtcdException(EtcdException.Code.CANCELLED, "the call was cancelled");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            while (cause instanceof CompletionException && cause.getCause() != null) {
                cause = cause.getCause();
            }
            throw EtcdException.of(cause == null ? e : cause);
        }
    }

    private static Class<? extends Channel> channelType(EventLoopGroup loops) {
        boolean epoll =
                Epoll.isAvailable()
                        && loops instanceof MultiThreadIoEventLoopGroup group
                        && group.isIoType(io.netty.channel.epoll.EpollIoHandler.class);
        return epoll ? EpollSocketChannel.class : NioSocketChannel.class;
    }
}
