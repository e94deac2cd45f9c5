package io.jarnetes.etcd.server;

import static io.jarnetes.etcd.client.EtcdClient.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.jarnetes.base.Eventually;
import io.jarnetes.etcd.client.EtcdClient;
import io.jarnetes.etcd.client.Keys;
import io.jarnetes.etcd.proto.etcdserverpb.KVGrpc;
import io.jarnetes.etcd.proto.etcdserverpb.RangeRequest;
import io.jarnetes.etcd.proto.etcdserverpb.RangeResponse;
import java.net.URI;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers that nobody takes any more, or can take, hold nothing. */
final class CancelledRangesTest {
    private static final int KEYS = 200;
    private static final int VALUE_BYTES = 16_000;
    private static final int CALLS = 300;
    private static final long SEED = 11;

    @TempDir Path dir;

    @Test
    void whatIsCancelledOrTooLargeLetsGoOfTheStore() throws Exception {
        try (TestCluster cluster = TestCluster.plain(dir, 1).startAll()) {
            EtcdClient client = cluster.client();
            byte[] value = new byte[VALUE_BYTES];
            for (int i = 0; i < KEYS; i++) {
                await(client.kv().put(Keys.utf8("key-" + i), value));
            }
            URI url = cluster.config(0).urls().advertiseClient().getFirst();
            ManagedChannel channel =
                    NettyChannelBuilder.forAddress(url.getHost(), url.getPort())
                            .usePlaintext()
                            .maxInboundMessageSize(KEYS * VALUE_BYTES / 2)
                            .build();
            try {
                cancelSome(channel);
            } finally {
                channel.shutdownNow();
            }
            // A compaction waits until nobody reads what was there before it, and would hang.
            long revision = await(client.kv().put(Keys.utf8("key-0"), value)).header().revision();
            await(client.kv().compact(revision, true));
            EtcdMember member = cluster.server(0).member();
            BooleanSupplier gone = member.stores().backend().viewsGone();
            await(client.kv().put(Keys.utf8("key-0"), value));
            Eventually.until("nobody reads what was committed before", gone::getAsBoolean);
            assertThat(await(client.kv().get(Keys.utf8("key-1"))).count()).isEqualTo(1);
        }
    }

    private static void cancelSome(ManagedChannel channel) throws Exception {
        Random random = new Random(SEED);
        ByteString all = ByteString.copyFrom(new byte[1]);
        for (int i = 0; i < CALLS; i++) {
            // All of it is more than the client takes; half of it isn't.
            RangeRequest request =
                    RangeRequest.newBuilder()
                            .setKey(all)
                            .setRangeEnd(all)
                            .setLimit(random.nextBoolean() ? 0 : KEYS / 4)
                            .setSerializable(random.nextBoolean())
                            .build();
            ListenableFuture<RangeResponse> answer = KVGrpc.newFutureStub(channel).range(request);
            if (random.nextInt(3) == 0) {
                try {
                    answer.get(random.nextInt(20), TimeUnit.MILLISECONDS);
                } catch (java.util.concurrent.TimeoutException
                        | java.util.concurrent.ExecutionException e) {
                    // Too late, or too large.
                }
            }
            answer.cancel(true);
        }
    }
}
