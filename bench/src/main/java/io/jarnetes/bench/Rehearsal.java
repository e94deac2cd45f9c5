package io.jarnetes.bench;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.util.List;

/**
 * A little of everything that clients ask a member for, so that etcd's start-up cache has seen it.
 * {@code hack/lib/train} calls it with a client port.
 */
final class Rehearsal {
    private static final int CLIENTS = 10;
    private static final int OPERATIONS = 300;

    private Rehearsal() {}

    public static void main(String[] args) throws Exception {
        var loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        List<Workload> all =
                List.of(
                        Workload.put(),
                        Workload.get(false),
                        Workload.get(true),
                        Workload.range(10),
                        Workload.txn(),
                        Workload.lease());
        try (Connections connections =
                new Connections(loops, List.of(Integer.valueOf(args[0])), CLIENTS)) {
            for (Workload workload : all) {
                Load.run(workload, connections, CLIENTS, OPERATIONS);
            }
            WatchLoad.start(connections, CLIENTS).close();
        }
        loops.shutdownGracefully().sync();
    }
}
