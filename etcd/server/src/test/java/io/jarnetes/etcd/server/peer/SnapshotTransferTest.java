package io.jarnetes.etcd.server.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.base.Eventually;
import io.jarnetes.base.FreePorts;
import io.jarnetes.etcd.raft.ConfState;
import io.jarnetes.etcd.raft.Message;
import io.jarnetes.etcd.raft.MessageType;
import io.jarnetes.etcd.raft.Snapshot;
import io.jarnetes.etcd.raft.SnapshotMetadata;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Databases between two transports, and what a removed member is told. */
final class SnapshotTransferTest {
    private static final long SENDER = 1;
    private static final long RECEIVER = 2;

    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
    private final RecordingLog log = new RecordingLog();
    private final Recorder senderRaft = new Recorder();
    private final Recorder receiverRaft = new Recorder();
    private final Sink sink = new Sink();
    private PeerTransport sender;
    private PeerTransport receiver;
    private PeerServer server;
    private URI url;

    SnapshotTransferTest() throws IOException {
        sender = transport(SENDER, senderRaft);
        receiver = transport(RECEIVER, receiverRaft);
        server = new PeerServer(receiver, index -> sink.begin(index), Map.of());
        InetSocketAddress bound = server.listen(new InetSocketAddress("127.0.0.1", 0), null, null);
        url = URI.create("http://localhost:" + bound.getPort());
    }

    private PeerTransport transport(long id, PeerRaft raft) {
        return new PeerTransport(
                new PeerConfig(id, 7, "3.6.14", List.of(), () -> null),
                raft,
                PeerLoops.nio(group, blocking),
                PeerMetrics.NONE,
                Clock.systemUTC(),
                log);
    }

    @BeforeEach
    void connect() {
        sender.addPeer(RECEIVER, List.of(url));
    }

    @AfterEach
    void close() {
        sender.close();
        receiver.close();
        server.close();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        blocking.shutdownNow();
    }

    private static Message snapshotAt(long index) {
        return Message.of(MessageType.MSG_SNAP)
                .from(SENDER)
                .to(RECEIVER)
                .term(3)
                .snapshot(
                        new Snapshot(
                                new byte[] {1, 2, 3},
                                new SnapshotMetadata(
                                        ConfState.ofVoters(List.of(SENDER, RECEIVER)), index, 3)))
                .build();
    }

    @Test
    void aDatabaseArrivesWholeAndBeforeItsMessage() {
        byte[] database = new byte[3_000_001];
        new Random(1).nextBytes(database);
        sender.sendSnapshot(
                new SnapshotMessage(
                        snapshotAt(42), new ByteArrayInputStream(database), database.length));
        Eventually.until("the report", () -> !senderRaft.reports.isEmpty());
        assertThat(senderRaft.reports).containsExactly("2 true");
        assertThat(receiverRaft.messages).containsExactly(snapshotAt(42));
        assertThat(sink.events).containsExactly("open 42", "commit");
        assertThat(sink.bytes.toByteArray()).isEqualTo(database);
    }

    @Test
    void aTransferThatBreaksOffLeavesNothing() {
        InputStream breaking =
                new InputStream() {
                    private int left = 500_000;

                    @Override
                    public int read() throws IOException {
                        if (left == 0) {
                            throw new IOException("the disk is gone");
                        }
                        left--;
                        return 7;
                    }
                };
        sender.sendSnapshot(new SnapshotMessage(snapshotAt(42), breaking, 1_000_000));
        Eventually.until("the report", () -> !senderRaft.reports.isEmpty());
        assertThat(senderRaft.reports).containsExactly("2 false");
        Eventually.until("the abort", () -> sink.events.contains("abort"));
        assertThat(receiverRaft.messages).isEmpty();
    }

    @Test
    void aReceiverThatCannotStoreSaysSo() {
        sink.failing = true;
        sender.sendSnapshot(
                new SnapshotMessage(
                        snapshotAt(42), new ByteArrayInputStream(new byte[1_000_000]), 1_000_000));
        Eventually.until("the report", () -> !senderRaft.reports.isEmpty());
        assertThat(senderRaft.reports).containsExactly("2 false");
        assertThat(receiverRaft.messages).isEmpty();
    }

    /** A removed member learns it from its streams (410) and from its posts (403). */
    @Test
    void aRemovedMemberIsTold() {
        receiverRaft.knowsRemoved = true;
        sender.start();
        Eventually.until("the streams' answers", () -> senderRaft.removals > 0);
        sender.removeAllPeers();
        sender.addRemote(RECEIVER, List.of(url));
        receiverRaft.removed = true;
        int soFar = senderRaft.removals;
        sender.send(
                List.of(
                        Message.of(MessageType.MSG_HEARTBEAT)
                                .from(SENDER)
                                .to(RECEIVER)
                                .term(1)
                                .build()));
        Eventually.until("the post's answer", () -> senderRaft.removals > soFar);
    }

    /** A peer whose name doesn't resolve, or who isn't there yet, is dialled until it is. */
    @Test
    void aPeerThatComesLateIsFound() throws Exception {
        int port = FreePorts.take(1).getFirst();
        PeerTransport late = transport(3, new Recorder());
        late.addPeer(SENDER, List.of(URI.create("http://no-such-host.invalid:1")));
        sender.addPeer(3, List.of(URI.create("http://localhost:" + port)));
        sender.start();
        late.start();
        try (PeerServer lateServer = new PeerServer(late, index -> sink, Map.of())) {
            Eventually.until("a failed dial", () -> log.has("failed to dial 3 on "));
            Eventually.until("a failed look-up", () -> log.has("lookup no-such-host.invalid: "));
            lateServer.listen(new InetSocketAddress("127.0.0.1", port), null, null);
            Eventually.until("the late peer", () -> sender.activeSince(3) != null);
            // It hears of the other's stream a moment after the other has its answer; and it can't
            // dial the other, so that it doesn't stay active.
            Eventually.until("the way back", () -> log.has("peer became active [peer-id, 1]"));
        } finally {
            late.close();
        }
    }

    /** What a transport tells its member. */
    private static final class Recorder implements PeerRaft {
        private final Queue<Message> messages = new ConcurrentLinkedQueue<>();
        private final Queue<String> reports = new ConcurrentLinkedQueue<>();
        private volatile boolean knowsRemoved;
        private volatile boolean removed;
        private volatile int removals;

        @Override
        public void process(Message message) {
            if (removed) {
                throw new MemberRemovedException(message.from());
            }
            messages.add(message);
        }

        @Override
        public boolean isIdRemoved(long id) {
            return knowsRemoved;
        }

        @Override
        public void reportUnreachable(long id) {}

        @Override
        public void reportSnapshot(long id, boolean delivered) {
            reports.add(id + " " + delivered);
        }

        @Override
        public synchronized void removedFromCluster() {
            removals++;
        }
    }

    /** Keeps what comes. */
    private static final class Sink implements SnapshotSink {
        private final Queue<String> events = new ConcurrentLinkedQueue<>();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private volatile boolean failing;

        SnapshotSink begin(long index) {
            events.add("open " + index);
            return this;
        }

        @Override
        public void write(ByteBuffer piece) {
            if (failing) {
                throw new IllegalStateException("no space left on device");
            }
            bytes.write(piece.array(), 0, piece.remaining());
        }

        @Override
        public void commit() {
            events.add("commit");
        }

        @Override
        public void abort() {
            events.add("abort");
        }
    }
}
