package io.jarnetes.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.ComposeContainer;

/**
 * The labs of {@code compose/} in real containers, asked by the real clients from outside. {@code
 * hack/test} builds the image first and sees to an engine.
 */
@Tag("containers")
class ComposeTest {

    private static final Path COMPOSE = Path.of("..", "compose").toAbsolutePath().normalize();

    @TempDir Path dir;

    /**
     * The lab's own file but for the containers' fixed names, which Testcontainers refuses; what
     * lies beside it comes along.
     */
    private File lab(String name) throws IOException {
        Path copy = Files.createDirectories(dir.resolve(name));
        try (var files = Files.list(COMPOSE.resolve(name))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text =
                        Files.readAllLines(file).stream()
                                .filter(line -> !line.strip().startsWith("container_name:"))
                                .collect(Collectors.joining("\n", "", "\n"));
                Files.writeString(copy.resolve(String.valueOf(file.getFileName())), text);
            }
        }
        return copy.resolve("compose.yaml").toFile();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static ComposeContainer compose(String project, File file) {
        return new ComposeContainer(project, file).withPull(false).withRemoveVolumes(true);
    }

    private static Tools etcdctl(List<Integer> ports) {
        return Tools.ofEnv(
                "export ETCDCTL_ENDPOINTS="
                        + ports.stream()
                                .map(port -> "http://127.0.0.1:" + port)
                                .collect(Collectors.joining(",")));
    }

    @Test
    void oneMember() throws IOException {
        int port = freePort();
        try (var lab =
                new Lab(compose("lab00", lab("00-etcd")).withEnv("ETCD_0_PORT", "" + port))) {
            lab.start();
            Tools tools = etcdctl(List.of(port));
            tools.until("etcdctl put foo 'Hello World'", text -> text.equals("OK\n"));
            assertThat(tools.ok("etcdctl get foo")).isEqualTo("foo\nHello World\n");
            assertThat(tools.ok("etcdctl member list")).contains("etcd-1, http://etcd-1:2380");
        }
    }

    @Test
    void threeMembersAndTheControlPlaneOnThem() throws Exception {
        List<Integer> ports = List.of(freePort(), freePort(), freePort());
        int apiserver = freePort();
        ComposeContainer cluster = compose("lab01", lab("01-etcd-cluster"));
        for (int i = 0; i < ports.size(); i++) {
            cluster.withEnv("ETCD_" + (i + 1) + "_PORT", "" + ports.get(i));
        }
        Path certs = dir.resolve("certs");
        docker(
                "run",
                "--rm",
                "-v",
                certs + ":/certs",
                "jarnetes",
                "pki",
                "init",
                "--out",
                "/certs",
                "--server",
                "https://kube-apiserver:6443");
        ComposeContainer plane =
                compose("lab02", lab("02-control-plane"))
                        .withEnv("CERTS", certs.toString())
                        .withEnv("APISERVER_PORT", "" + apiserver);
        try (var first = new Lab(cluster);
                var second = new Lab(plane)) {
            first.start();
            Tools etcd = etcdctl(ports);
            String members = etcd.until("etcdctl member list", text -> text.lines().count() == 3);
            assertThat(members)
                    .contains("b8c6addf901e4e46, started, etcd-1")
                    .contains("88d11e2649dad027, started, etcd-2")
                    .contains("c3697a4fd7a20dcd, started, etcd-3");
            second.start();
            Tools kubectl = Tools.ofEnv("export KUBECONFIG=" + certs.resolve("admin.kubeconfig"));
            String server = "kubectl --server=https://127.0.0.1:" + apiserver + " ";
            kubectl.until(server + "get --raw /readyz", text -> text.equals("ok"));
            kubectl.until(
                    server + "get serviceaccount default -o name",
                    text -> text.contains("serviceaccount/default"));
            kubectl.ok(server + "create deployment web --image=web");
            kubectl.until(server + "get pods --no-headers", text -> text.contains("Pending"));
            assertThat(etcd.ok("etcdctl get /registry/pods --prefix --keys-only"))
                    .contains("/registry/pods/default/web-");
        }
    }

    @Test
    void allInOne() throws IOException {
        Path data = Files.createDirectories(dir.resolve("data"));
        File file = lab("06-all-in-one");
        try (var lab = new Lab(compose("lab06", file).withEnv("DATA", data.toString()))) {
            lab.start();
            Path env = data.resolve("jarnetes.env");
            long end = System.nanoTime() + 60_000_000_000L;
            while (!Files.exists(env)) {
                assertThat(System.nanoTime()).as("ready in time").isLessThan(end);
                Thread.onSpinWait();
            }
            Tools tools = Tools.ofEnv(Files.readString(env));
            assertThat(tools.ok("kubectl get nodes")).contains("node-0", "node-1", "Ready");
            assertThat(tools.ok("etcdctl member list")).contains("etcd-3");
        }
    }

    private static void docker(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (InputStream out = process.getInputStream()) {
            String text = new String(out.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(text).isZero();
        }
    }

    /** A compose project that goes away with its volumes. */
    private record Lab(ComposeContainer compose) implements AutoCloseable {

        void start() {
            compose.start();
        }

        @Override
        public void close() {
            compose.stop();
        }
    }
}
