package io.jarnetes.etcd.server.peer;

import io.jarnetes.etcd.raft.ConfChangeV2;
import io.jarnetes.etcd.raft.Config;
import io.jarnetes.etcd.raft.Entry;
import io.jarnetes.etcd.raft.EntryType;
import io.jarnetes.etcd.raft.MemoryStorage;
import io.jarnetes.etcd.raft.Message;
import io.jarnetes.etcd.raft.ProposalDroppedException;
import io.jarnetes.etcd.raft.RawNode;
import io.jarnetes.etcd.raft.ReadState;
import io.jarnetes.etcd.raft.Ready;
import io.jarnetes.etcd.raft.StepException;
import io.jarnetes.etcd.server.tls.ClientHosts;
import io.jarnetes.etcd.storage.membership.Member;
import io.jarnetes.etcd.storage.membership.MemberIds;
import io.jarnetes.etcd.storage.membership.MemberJson;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A member that has the real core and the real transport, a log in memory, and no state machine:
 * enough to vote, follow and lead beside others.
 */
final class TestMember implements PeerRaft, AutoCloseable {
    private static final int TICK_MILLIS = 100;

    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
    private final ScheduledExecutorService raftThread =
            Executors.newSingleThreadScheduledExecutor();
    private final MemoryStorage storage = new MemoryStorage();
    private final Queue<Entry> applied = new ConcurrentLinkedQueue<>();
    private final Queue<ReadState> reads = new ConcurrentLinkedQueue<>();
    private final RawNode node;
    private final PeerTransport transport;
    private final PeerServer server;
    private final Member self;
    private final RecordingLog log = new RecordingLog();
    private volatile boolean overloaded;

    /**
     * @param members of the whole new cluster
     * @param tls contexts for dialling and listening, null for plain HTTP
     * @param hosts what is looked up of who connects, null for nothing
     */
    TestMember(
            Member self,
            List<Member> members,
            @Nullable SslContext clientTls,
            @Nullable Supplier<SslContext> serverTls,
            @Nullable ClientHosts hosts)
            throws IOException {
        this.self = self;
        node = new RawNode(Config.builder(self.id(), storage, new Random(self.id())).build());
        node.bootstrap(
                members.stream()
                        .sorted(Comparator.comparing(Member::id, Long::compareUnsigned))
                        .map(m -> new RawNode.Peer(m.id(), MemberJson.encode(m)))
                        .toList());
        URI url = URI.create(self.peerUrls().getFirst());
        PeerConfig config =
                new PeerConfig(
                        self.id(),
                        MemberIds.cluster(members.stream().map(Member::id).toList()),
                        "3.5.30",
                        List.of(url),
                        () -> clientTls);
        transport =
                new PeerTransport(
                        config,
                        this,
                        PeerLoops.nio(group, blocking),
                        PeerMetrics.NONE,
                        Clock.systemUTC(),
                        log);
        server = new PeerServer(transport, TestMember::noSnapshot, Map.of());
        server.listen(new InetSocketAddress(url.getHost(), url.getPort()), serverTls, hosts);
        for (Member m : members) {
            if (m.id() != self.id()) {
                transport.addPeer(m.id(), List.of(URI.create(m.peerUrls().getFirst())));
            }
        }
        transport.start();
        raftThread.scheduleAtFixedRate(
                () -> {
                    node.tick();
                    drive();
                },
                TICK_MILLIS,
                TICK_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    private static SnapshotSink noSnapshot(long index) {
        throw new IllegalStateException("unexpected snapshot at " + index);
    }

    RecordingLog log() {
        return log;
    }

    Member self() {
        return self;
    }

    RawNode node() {
        return node;
    }

    PeerTransport transport() {
        return transport;
    }

    Queue<Entry> applied() {
        return applied;
    }

    Queue<ReadState> reads() {
        return reads;
    }

    /** Runs something on the raft thread and waits for it. */
    <T> T call(Callable<T> task) {
        try {
            return raftThread
                    .submit(() -> {
                        T result = task.call();
                        drive();
                        return result;
                    })
                    .get(10, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Whether there was a leader to take it. */
    boolean propose(byte[] data) {
        return call(() -> {
            try {
                node.propose(data);
                return true;
            } catch (ProposalDroppedException e) {
                return false;
            }
        });
    }

    private void run(Runnable task) {
        raftThread.execute(() -> {
            try {
                task.run();
            } catch (StepException | ProposalDroppedException e) {
                return;
            }
            drive();
        });
    }

    private void drive() {
        while (node.hasReady()) {
            Ready r = node.ready();
            transport.send(r.messagesBeforeSync());
            storage.append(r.entries());
            if (!r.hardState().isEmpty()) {
                storage.setHardState(r.hardState());
            }
            transport.send(r.messagesAfterSync());
            node.advance(r);
            reads.addAll(r.readStates());
            for (Entry e : r.committedEntries()) {
                if (e.type() != EntryType.NORMAL) {
                    node.applyConfChange(ConfChangeV2.of(e));
                }
                applied.add(e);
                node.appliedTo(e.index());
            }
        }
    }

    /** Takes no message any more, as if too many waited. */
    void overload() {
        overloaded = true;
    }

    @Override
    public void process(Message message) {
        if (overloaded) {
            throw new ReceiveBufferFullException(message.from());
        }
        run(() -> node.step(message));
    }

    @Override
    public boolean isIdRemoved(long id) {
        return false;
    }

    @Override
    public void reportUnreachable(long id) {
        run(() -> node.reportUnreachable(id));
    }

    @Override
    public void reportSnapshot(long id, boolean delivered) {
        run(() -> node.reportSnapshot(id, delivered));
    }

    @Override
    public void removedFromCluster() {}

    @Override
    public void close() {
        raftThread.shutdownNow();
        transport.close();
        server.close();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2000);
        blocking.shutdownNow();
    }
}
