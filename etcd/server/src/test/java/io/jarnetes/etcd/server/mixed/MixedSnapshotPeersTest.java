package io.jarnetes.etcd.server.mixed;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.jarnetes.base.Eventually;
import io.jarnetes.etcd.proto.etcdserverpb.PutRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whoever is too far behind for the log gets the database of a leader of the other make. */
@Tag("cluster")
@Execution(ExecutionMode.CONCURRENT)
final class MixedSnapshotPeersTest {
    private static final int WRITES = 60;
    private static final int LARGE_BYTES = 1_000_000;

    @TempDir private Path dir;

    static Stream<Arguments> sides() {
        return Stream.of(
                Arguments.of(Make.GO, Make.JAVA, Upstream.V3_5_16, true),
                Arguments.of(Make.JAVA, Make.GO, Upstream.V3_5_30, false),
                Arguments.of(Make.GO, Make.JAVA, Upstream.V3_6, false),
                Arguments.of(Make.JAVA, Make.GO, Upstream.V3_6, true));
    }

    @ParameterizedTest(name = "{0} leads, {1} gets it, {2}, mutual TLS: {3}")
    @MethodSource("sides")
    void aMemberThatIsBehindGetsTheDatabase(Make leads, Make behind, Upstream upstream, boolean tls)
            throws Exception {
        Settings settings =
                Settings.PLAIN.with(upstream.shortLogs()).with("--strict-reconfig-check=false");
        settings = tls ? settings.withTls(PeerTls.create(dir.resolve("pki"))) : settings;
        try (Cluster cluster = Cluster.start(dir, upstream, settings, leads, leads, behind)) {
            Node slow = cluster.node("m2");
            cluster.moveLeader(cluster.node("m0"));
            cluster.stop(slow);
            write(cluster, "away");
            cluster.restart(slow, behind);
            Eventually.until("a snapshot for " + slow, () -> gotSnapshot(slow));
            Agreement.await(cluster);

            write(cluster, "more");
            Node fresh = cluster.join("fresh", behind, true);
            cluster.promote(fresh);
            assertThat(gotSnapshot(fresh)).isTrue();
            Agreement.await(cluster);

            // What came with the snapshot stands on the disk.
            cluster.stop(fresh);
            cluster.restart(fresh, behind);
            Agreement.await(cluster);
            cluster.moveLeader(fresh);
            write(cluster, "led");
            Agreement.await(cluster);
        }
    }

    private static boolean gotSnapshot(Node node) throws IOException {
        return Files.readString(node.log()).contains("\"msg\":\"applied snapshot\"");
    }

    private static void write(Cluster cluster, String name) {
        Endpoint e = cluster.endpoint(cluster.leader());
        for (int i = 0; i < WRITES; i++) {
            byte[] value = new byte[i % 20 == 0 ? LARGE_BYTES : 10];
            e.kv().put(
                            PutRequest.newBuilder()
                                    .setKey(ByteString.copyFromUtf8(name + i % 7))
                                    .setValue(ByteString.copyFrom(value))
                                    .build());
        }
        cluster.ctl().run("lease", "grant", "600");
        cluster.ctl().run("user", "add", name, "--no-password");
    }
}
