package io.jarnetes.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.google.protobuf.Descriptors.FileDescriptor;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.jarnetes.base.Invocation;
import io.jarnetes.base.Program;
import io.jarnetes.etcd.proto.etcdserverpb.RpcProto;
import io.jarnetes.etcd.proto.v3electionpb.V3ElectionProto;
import io.jarnetes.etcd.proto.v3lockpb.V3LockProto;
import io.jarnetes.etcd.server.EtcdProgram;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Calls every request in docs/MISSING.md's blocks, and sees that no other call is missing. */
@Tag("e2e")
class MissingApiTest {

    private static final int CALLS_OF_ETCD = 48;
    private static final String SENTENCE =
            "is not (there|supported) yet|is not supported on resources of kind";

    /** It would tell each of the calls that are no messages, with its stack. */
    private static final Logger GRPC = Logger.getLogger("io.grpc.internal");

    @TempDir static Path dir;
    private static ControlPlane cluster;
    private static ManagedChannel channel;
    private static Tools tools;

    @BeforeAll
    static void up() {
        GRPC.setLevel(Level.OFF);
        UpOptions ephemeral = UpOptions.ephemeral(dir.resolve("data")).withMembers(1).withNodes(1);
        cluster = ControlPlane.start(ephemeral.withInsecureEtcd(), Progress.silent());
        tools = Tools.of(cluster);
        tools.ok("kubectl run p --image=p");
        tools.until("kubectl get pod p -o jsonpath={.status.podIP}", text -> !text.isEmpty());
        channel =
                ManagedChannelBuilder.forTarget(URI.create(endpoint()).getAuthority())
                        .usePlaintext()
                        .build();
    }

    @AfterAll
    static void down() {
        if (channel != null) {
            channel.shutdownNow();
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    private static String endpoint() {
        return cluster.etcdEndpoints().get(0);
    }

    /** What a call with bytes that are no message is answered. */
    private static Status call(String method) {
        MethodDescriptor<byte[], byte[]> descriptor =
                MethodDescriptor.<byte[], byte[]>newBuilder()
                        .setType(MethodDescriptor.MethodType.UNARY)
                        .setFullMethodName(method)
                        .setRequestMarshaller(new Raw())
                        .setResponseMarshaller(new Raw())
                        .build();
        CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS);
        try {
            ClientCalls.blockingUnaryCall(channel, descriptor, options, new byte[] {7});
            return Status.OK;
        } catch (StatusRuntimeException e) {
            return e.getStatus();
        }
    }

    private record Raw() implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Test
    void everyCallOfEtcdIsThere() {
        List<String> methods =
                Stream.of(
                                RpcProto.getDescriptor(),
                                V3ElectionProto.getDescriptor(),
                                V3LockProto.getDescriptor())
                        .map(FileDescriptor::getServices)
                        .flatMap(List::stream)
                        .flatMap(service ->
                                service.getMethods().stream()
                                        .map(method ->
                                                service.getFullName() + "/" + method.getName()))
                        .toList();
        assertThat(methods).hasSize(CALLS_OF_ETCD);
        assertThat(methods.stream().filter(m -> call(m).getCode() == Status.Code.UNIMPLEMENTED))
                .isEmpty();
    }

    @Test
    void everyFlagOfEtcdIsTakenOrListed() throws IOException {
        List<String> ours = flags(help(new EtcdProgram()));
        List<String> listed =
                MissingList.lines("").stream()
                        .filter(line -> line.startsWith("etcd --"))
                        .map(line -> line.substring("etcd ".length(), line.indexOf('=')))
                        .toList();
        for (String version : List.of("3.4.23", "3.5.16", "3.5.30")) {
            String help = tools.ok("$JARNETES_PEERS/etcd-" + version + "/usr/bin/etcd --help");
            assertThat(flags(help))
                    .as("flags of etcd " + version)
                    .hasSizeGreaterThan(70)
                    .allMatch(flag -> ours.contains(flag) || listed.contains(flag));
        }
    }

    private static String help(Program program) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(text, true, StandardCharsets.UTF_8);
        CompletableFuture<Void> stop = CompletableFuture.completedFuture(null);
        try {
            program.run(new Invocation(List.of("--help"), Map.of(), out, out, stop));
        } catch (Exception e) {
            throw new AssertionError("--help failed", e);
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    private static List<String> flags(String help) {
        return Pattern.compile("(?m)^ +(--[a-z0-9][a-z0-9-]+)")
                .matcher(help)
                .results()
                .map(found -> found.group(1))
                .distinct()
                .toList();
    }

    @TestFactory
    Stream<DynamicTest> pathsOfEtcd() throws IOException {
        HttpClient http = HttpClient.newHttpClient();
        return MissingList.lines("http").stream()
                .map(line -> dynamicTest(line, () -> assertMissing(http, line)));
    }

    private static void assertMissing(HttpClient http, String line) throws Exception {
        String[] words = line.split(" ", -1);
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(endpoint() + words[1]))
                        .method(words[0], HttpRequest.BodyPublishers.noBody())
                        .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(501);
        assertThat(response.body()).containsPattern(SENTENCE);
    }

    @TestFactory
    Stream<DynamicTest> pathsOfTheApiServer() throws IOException {
        return MissingList.lines("kube").stream()
                .map(line -> dynamicTest(line, () -> assertMissing(line)));
    }

    private static void assertMissing(String line) {
        String[] words = line.split(" ", -1);
        Path admin = cluster.pki().certificate("admin");
        String said =
                tools.ok(
                        "curl -s -w ' %%{http_code}' -X %s --cacert %s --cert %s --key %s '%s%s'"
                                .formatted(
                                        words[0],
                                        cluster.pki().certificate("ca"),
                                        admin,
                                        cluster.pki().key("admin"),
                                        cluster.apiServer(),
                                        words[1]));
        assertThat(said).containsPattern(SENTENCE).containsPattern(" (405|501)$");
        if (words[1].matches(".*/pods/p/(exec|attach|portforward|log|proxy)$")) {
            assertThat(said).contains(": there is no kubelet to ask yet");
        }
    }
}
