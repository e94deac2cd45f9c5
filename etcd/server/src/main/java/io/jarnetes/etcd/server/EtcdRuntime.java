package io.jarnetes.etcd.server;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that members of one process share.
 *
 * @param loops network; epoll where it is there
 * @param background bounded: long ranges, hashes, passwords, compaction
 * @param commits one task a member at most: commits of the database, and streams of it
 */
public record EtcdRuntime(EventLoopGroup loops, ExecutorService background, ExecutorService commits)
        implements AutoCloseable {
    private static final int BACKGROUND_THREADS = 2;
    private static final long IDLE_SECONDS = 10;
    private static final long CLOSE_SECONDS = 5;

    /**
     * @param loopThreads one or two serve a member well
     */
    public static EtcdRuntime create(int loopThreads) {
        return over(
                new MultiThreadIoEventLoopGroup(
                        loopThreads,
                        new DefaultThreadFactory("etcd-loop", true),
                        Epoll.isAvailable()
                                ? EpollIoHandler.newFactory()
                                : NioIoHandler.newFactory()));
    }

    /** Over loops of the process, which are closed with this all the same. */
    public static EtcdRuntime over(EventLoopGroup loops) {
        var background =
                new ThreadPoolExecutor(
                        BACKGROUND_THREADS,
                        BACKGROUND_THREADS,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        Thread.ofPlatform().name("etcd-background-", 0).daemon().factory());
        background.allowCoreThreadTimeOut(true);
        ExecutorService commits =
                Executors.newCachedThreadPool(
                        Thread.ofPlatform().name("etcd-commit-", 0).daemon().factory());
        return new EtcdRuntime(loops, background, commits);
    }

    /** To be called when all members are closed. */
    @Override
    public void close() {
        background.shutdown();
        commits.shutdown();
        loops.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
