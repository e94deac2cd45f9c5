package io.jarnetes.etcd.server.mixed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.jarnetes.etcd.proto.etcdserverpb.PutRequest;
import io.jarnetes.etcd.proto.etcdserverpb.RangeRequest;
import io.jarnetes.etcd.proto.etcdserverpb.RequestOp;
import io.jarnetes.etcd.proto.etcdserverpb.TxnRequest;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Transactions that members of upstream's decide only where the client waits. */
@Tag("cluster")
final class MixedTxnPeersTest {
    private static final ByteString KEY = ByteString.copyFromUtf8("k");

    @TempDir private Path dir;

    static Stream<Upstream> upstreams() {
        return Stream.of(Upstream.V3_5_30, Upstream.V3_6);
    }

    /** Upstream's other members would apply what the one that is asked refuses. */
    @ParameterizedTest
    @MethodSource("upstreams")
    void whoMayNotReadWritesNothingAnywhere(Upstream upstream) throws Exception {
        Settings settings = Settings.PLAIN.with("--bcrypt-cost=4");
        try (Cluster cluster =
                Cluster.start(dir, upstream, settings, Make.GO, Make.JAVA, Make.GO)) {
            Etcdctl ctl = cluster.ctl();
            ctl.run("user", "add", "root:secret");
            ctl.run("user", "grant-role", "root", "root");
            ctl.run("user", "add", "writer:secret");
            ctl.run("role", "add", "writes");
            ctl.run("role", "grant-permission", "writes", "write", "k");
            ctl.run("user", "grant-role", "writer", "writes");
            ctl.run("auth", "enable");
            Endpoint ours = cluster.endpoint(cluster.any(Make.JAVA));
            AuthTraffic.become(ours, "writer");
            ours.kv().put(put());
            assertThatThrownBy(() -> ours.kv().txn(putAndRead(0)))
                    .hasMessageContaining("permission denied");
            ours.as(null);
            ctl.run("--user=root:secret", "auth", "disable");
            Agreement.await(cluster);
        }
    }

    @ParameterizedTest
    @MethodSource("upstreams")
    void whoReadsWhatIsNotThereWritesNothingAnywhere(Upstream upstream) throws Exception {
        try (Cluster cluster =
                Cluster.start(dir, upstream, Settings.PLAIN, Make.GO, Make.JAVA, Make.GO)) {
            Endpoint ours = cluster.endpoint(cluster.any(Make.JAVA));
            long first = ours.kv().put(put()).getHeader().getRevision();
            long last = ours.kv().put(put()).getHeader().getRevision();
            assertThatThrownBy(() -> ours.kv().txn(putAndRead(last + 1)))
                    .hasMessageContaining("mvcc: required revision is a future revision");
            cluster.ctl().run("compact", Long.toString(last));
            assertThatThrownBy(() -> ours.kv().txn(putAndRead(first)))
                    .hasMessageContaining("mvcc: required revision has been compacted");
            assertThat(ours.kv().txn(putAndRead(last)).getHeader().getRevision())
                    .isEqualTo(last + 1);
            Agreement.await(cluster);
        }
    }

    private static TxnRequest putAndRead(long revision) {
        return TxnRequest.newBuilder()
                .addSuccess(RequestOp.newBuilder().setRequestPut(put()))
                .addSuccess(
                        RequestOp.newBuilder()
                                .setRequestRange(
                                        RangeRequest.newBuilder()
                                                .setKey(KEY)
                                                .setRevision(revision)))
                .build();
    }

    private static PutRequest put() {
        return PutRequest.newBuilder().setKey(KEY).setValue(KEY).build();
    }
}
