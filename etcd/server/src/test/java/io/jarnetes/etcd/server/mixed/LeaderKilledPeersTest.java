package io.jarnetes.etcd.server.mixed;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.jarnetes.etcd.proto.etcdserverpb.PutRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is asked of the others right after their leader was killed. */
@Tag("cluster")
@Execution(ExecutionMode.CONCURRENT)
final class LeaderKilledPeersTest {
    private static final Status.Code CODE = Status.Code.UNAVAILABLE;
    private static final String TEXT = "etcdserver: request timed out";

    /** With this where the next leader came within two election time-outs of the question. */
    private static final String REASON = TEXT + ", possibly due to previous leader failure";

    /** Five seconds and two election time-outs, which are of a second. */
    private static final Duration PATIENCE = Duration.ofSeconds(7);

    private static final Duration SLACK = Duration.ofSeconds(3);

    @TempDir private Path dir;

    static Stream<Arguments> leaders() {
        return Stream.of(
                Arguments.of(Upstream.V3_6, Make.GO), Arguments.of(Upstream.V3_5_30, Make.JAVA));
    }

    /** An answer, if it was none but that. */
    private record Refusal(Node node, Status.Code code, String text, Duration after) {}

    /**
     * Whom they forward to is gone, and they don't know it yet: nobody can tell whether it was
     * written, so nobody tries again.
     */
    @ParameterizedTest(name = "{0}, {1} led")
    @MethodSource("leaders")
    void membersOfBothMakesGiveTheSameAnswer(Upstream upstream, Make leads) throws Exception {
        Settings settings = Settings.PLAIN.asProcesses();
        try (Cluster cluster = Cluster.start(dir, upstream, settings, leads, Make.GO, Make.JAVA);
                var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Node leader = cluster.node("m0");
            cluster.moveLeader(leader);
            List<Node> others = cluster.nodes().stream().filter(n -> n != leader).toList();
            // Their connections are there.
            others.forEach(node -> cluster.endpoint(node).kv().put(put()));
            cluster.kill(leader);
            List<CompletableFuture<Refusal>> asked =
                    others.stream()
                            .map(node ->
                                    CompletableFuture.supplyAsync(
                                            () -> ask(cluster, node), executor))
                            .toList();
            for (CompletableFuture<Refusal> answer : asked) {
                Refusal refusal = answer.join();
                assertThat(refusal.code()).as(refusal.toString()).isEqualTo(CODE);
                assertThat(refusal.text()).as(refusal.toString()).isIn(TEXT, REASON);
                assertThat(refusal.after())
                        .as(refusal.toString())
                        .isBetween(PATIENCE, PATIENCE.plus(SLACK));
            }
            // They have a leader for long, and take the next.
            others.forEach(node -> cluster.endpoint(node).kv().put(put()));
        }
    }

    private static Refusal ask(Cluster cluster, Node node) {
        long began = System.nanoTime();
        Status status = Status.OK;
        try {
            cluster.endpoint(node).kv().put(put());
        } catch (StatusRuntimeException e) {
            status = e.getStatus();
        }
        return new Refusal(
                node,
                status.getCode(),
                String.valueOf(status.getDescription()),
                Duration.ofNanos(System.nanoTime() - began));
    }

    private static PutRequest put() {
        return PutRequest.newBuilder().setKey(ByteString.copyFromUtf8("k")).build();
    }
}
