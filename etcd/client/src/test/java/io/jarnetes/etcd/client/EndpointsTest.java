package io.jarnetes.etcd.client;

import static io.jarnetes.etcd.client.EtcdClient.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.jarnetes.base.FreePorts;
import io.jarnetes.etcd.proto.etcdserverpb.KVGrpc;
import io.jarnetes.etcd.proto.etcdserverpb.PutRequest;
import io.jarnetes.etcd.proto.etcdserverpb.PutResponse;
import io.jarnetes.etcd.proto.etcdserverpb.ResponseHeader;
import io.jarnetes.etcd.proto.etcdserverpb.WatchGrpc;
import io.jarnetes.etcd.proto.etcdserverpb.WatchRequest;
import io.jarnetes.etcd.proto.etcdserverpb.WatchResponse;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Members that take connections and don't serve them, as etcd does until it has a leader. */
class EndpointsTest {
    private static final byte[] A = Keys.utf8("a");

    @Test
    void callsThatWaitForAMemberGoToOneThatIsReachedFirst() throws Exception {
        var loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            int port = FreePorts.take(1).getFirst();
            var config =
                    EtcdClientConfig.of(List.of(uri(silent.getLocalPort()), uri(port)), null)
                            .withRequestTimeout(Duration.ofMinutes(5));
            try (EtcdClient client = new EtcdClient(config, loops)) {
                Recorder watcher = new Recorder();
                client.watch().start(WatchOptions.key(A), watcher);
                var put = client.kv().put(A, A);
                // The silent member has both calls: it took the connections.
                silent.setSoTimeout(10_000);
                Socket held = silent.accept();
                assertThat(put).isNotDone();
                Server server = serve(port);
                try (held) {
                    assertThat(put.get(30, TimeUnit.SECONDS).header().revision()).isEqualTo(7);
                    assertThat(watcher.created.get(30, TimeUnit.SECONDS)).isEqualTo(7);
                } finally {
                    server.shutdownNow().awaitTermination();
                }
            }
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }

    /** Nothing goes on behind a client that was closed. */
    @Test
    void aWatchEndsWithItsClient() throws Exception {
        var loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        int port = FreePorts.take(1).getFirst();
        Server server = serve(port);
        try (EtcdClient client =
                new EtcdClient(EtcdClientConfig.of(List.of(uri(port)), null), loops)) {
            Recorder watcher = new Recorder();
            client.watch().start(WatchOptions.key(A), watcher);
            assertThat(watcher.created.get(30, TimeUnit.SECONDS)).isEqualTo(7);
            assertThat(await(client.kv().put(A, A)).header().revision()).isEqualTo(7);
            client.close();
            assertThat(watcher.closed.get(30, TimeUnit.SECONDS)).isNotNull();
        } finally {
            server.shutdownNow().awaitTermination();
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }

    private static URI uri(int port) {
        return URI.create("http://127.0.0.1:" + port);
    }

    private static Server serve(int port) throws Exception {
        ResponseHeader header = ResponseHeader.newBuilder().setRevision(7).build();
        return NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .addService(
                        new KVGrpc.KVImplBase() {
                            @Override
                            public void put(
                                    PutRequest request, StreamObserver<PutResponse> answers) {
                                answers.onNext(PutResponse.newBuilder().setHeader(header).build());
                                answers.onCompleted();
                            }
                        })
                .addService(
                        new WatchGrpc.WatchImplBase() {
                            @Override
                            public StreamObserver<WatchRequest> watch(
                                    StreamObserver<WatchResponse> answers) {
                                return new Created(answers, header);
                            }
                        })
                .build()
                .start();
    }

    private record Created(StreamObserver<WatchResponse> answers, ResponseHeader header)
            implements StreamObserver<WatchRequest> {
        @Override
        public void onNext(WatchRequest request) {
            answers.onNext(WatchResponse.newBuilder().setHeader(header).setCreated(true).build());
        }

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onCompleted() {
            answers.onCompleted();
        }
    }

    private static final class Recorder implements WatchListener {
        private final CompletableFuture<Long> created = new CompletableFuture<>();
        private final CompletableFuture<@Nullable EtcdException> closed = new CompletableFuture<>();

        @Override
        public void onCreated(long revision) {
            created.complete(revision);
        }

        @Override
        public void onEvents(long revision, List<Event> events) {}

        @Override
        public void onProgress(long revision) {}

        @Override
        public void onClosed(long compactRevision, @Nullable EtcdException reason) {
            created.completeExceptionally(new IllegalStateException("closed", reason));
            closed.complete(reason);
        }
    }
}
