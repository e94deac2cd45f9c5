package io.jarnetes.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.base.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every flag of {@code up} and of {@code env} does what it says. */
@Tag("e2e")
class UpFlagsTest {

    @TempDir Path dir;

    private Jar up(String... more) throws IOException {
        List<String> words = new ArrayList<>(List.of("up", "--ephemeral-ports"));
        words.addAll(List.of(more));
        return Jar.start(dir, words);
    }

    @Test
    void theFlagsOfUp() throws IOException {
        List<Integer> ports = FreePorts.take(3);
        List<String> flags =
                List.of(
                        "--data-dir=" + dir.resolve("d"),
                        "--members=1",
                        "--apiserver-port=" + ports.get(0),
                        "--etcd-client-ports=" + ports.get(1),
                        "--etcd-peer-ports=" + ports.get(2),
                        "--insecure-etcd",
                        "--storage-media-type=application/vnd.kubernetes.protobuf",
                        "-v=4");
        List<String> words = new ArrayList<>(flags);
        words.add("--nodes=3");
        try (Jar jar = up(words.toArray(String[]::new))) {
            jar.awaitOutput("eval \"$(hack/run env --data-dir ");
            assertThat(jar.output())
                    .contains("etcd  ", "kube-apiserver  ", "kube-scheduler  ", "node-2  ")
                    .contains("ready in ");
            Tools tools = Tools.ofEnv(Files.readString(dir.resolve("d/jarnetes.env")));
            assertThat(tools.ok("kubectl get nodes -o name"))
                    .isEqualTo("node/node-0\nnode/node-1\nnode/node-2\n");
            assertThat(tools.ok("kubectl cluster-info")).contains("127.0.0.1:" + ports.get(0));
            assertThat(tools.ok("etcdctl member list"))
                    .contains("etcd-1, http://127.0.0.1:" + ports.get(2))
                    .contains("http://127.0.0.1:" + ports.get(1));
            assertThat(
                            tools.ok(
                                    "etcdctl get /registry/namespaces/default --print-value-only | head -c 3"))
                    .isEqualTo("k8s");
            assertThat(Files.readString(dir.resolve("d/logs/kube-apiserver.log"))).contains("I");
            jar.terminate();
            assertThat(jar.await(10)).isZero();
        }
        words.set(words.size() - 1, "--nodes=0");
        try (Jar jar = up(words.toArray(String[]::new))) {
            jar.awaitOutput("ready in ");
            assertThat(jar.output()).doesNotContain("node-0");
        }
    }

    @Test
    void theFlagsOfEnv() throws IOException {
        Path data = dir.resolve("jarnetes-data");
        try (Jar none = Jar.start(dir, List.of("env"))) {
            assertThat(none.await(30)).isEqualTo(1);
            assertThat(none.output())
                    .isEqualTo(
                            "env: no control plane is ready on %s; start one with `jarnetes up --data-dir %s`\n"
                                    .formatted(data, data));
        }
        try (Jar waiting = Jar.start(dir, List.of("env", "--wait", "60"));
                Jar jar = up("--members=1", "--nodes=0")) {
            assertThat(waiting.await(70)).as(waiting.output()).isZero();
            assertThat(waiting.output()).isEqualTo(Files.readString(data.resolve("jarnetes.env")));
            assertThat(waiting.output().lines().map(line -> line.replaceAll("=.*", "")))
                    .containsExactly(
                            "export KUBECONFIG",
                            "export ETCDCTL_API",
                            "export ETCDCTL_ENDPOINTS",
                            "export ETCDCTL_CACERT",
                            "export ETCDCTL_CERT",
                            "export ETCDCTL_KEY");
            jar.awaitOutput("  eval \"$(hack/run env)\"\n");
        }
    }
}
