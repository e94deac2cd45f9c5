package io.jarnetes.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts, stops, kills and refusals of {@code up} as a process. */
@Tag("e2e")
class LifeCycleTest {

    @TempDir Path dir;

    private List<String> up(String... more) {
        List<String> words =
                new ArrayList<>(
                        List.of(
                                "up",
                                "--data-dir",
                                dir.resolve("data").toString(),
                                "--ephemeral-ports"));
        words.addAll(List.of(more));
        return words;
    }

    private Tools tools() throws IOException {
        return Tools.ofEnv(Files.readString(dir.resolve("data/jarnetes.env")));
    }

    @Test
    void stateSurvivesAStopAndAKill() throws IOException {
        List<Integer> ports;
        try (Jar jar = Jar.start(dir, up())) {
            jar.awaitOutput("ready in ");
            Path env = dir.resolve("data/jarnetes.env");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(env)))
                    .isEqualTo("rw-------");
            tools().ok("kubectl create configmap kept --from-literal=a=b");
            ports = ports(Files.readString(env));
            jar.terminate();
            assertThat(jar.await(10)).isZero();
            assertThat(env).doesNotExist();
            for (int port : ports) {
                new ServerSocket(port).close();
            }
        }
        try (Jar jar = Jar.start(dir, up())) {
            jar.awaitOutput("ready in ");
            assertThat(tools().ok("kubectl get configmap kept -o jsonpath={.data.a}"))
                    .isEqualTo("b");
            tools().ok("kubectl create configmap killed --from-literal=a=c");
            jar.kill();
            jar.await(10);
        }
        try (Jar jar = Jar.start(dir, up())) {
            jar.awaitOutput("ready in ");
            assertThat(
                            tools().ok(
                                            "kubectl get configmap kept killed -o jsonpath={.items[*].data.a}"))
                    .isEqualTo("b c");
            // The cluster goes on writing, so members are compared at one revision.
            String revision = tools().ok("etcdctl get x -w json | jq .header.revision").strip();
            tools().until(
                            "etcdctl endpoint hashkv --cluster --rev=" + revision,
                            text -> text.lines().count() == 3 && hashes(text) == 1);
        }
    }

    private static long hashes(String text) {
        return text.lines().map(line -> line.substring(line.indexOf(", "))).distinct().count();
    }

    private static List<Integer> ports(String env) {
        List<Integer> ports = new ArrayList<>();
        Matcher matcher = Pattern.compile("127\\.0\\.0\\.1:(\\d+)").matcher(env);
        while (matcher.find()) {
            ports.add(Integer.valueOf(matcher.group(1)));
        }
        assertThat(ports).hasSize(3);
        return ports;
    }

    @Test
    void thePrintedCommandsAreTheControlPlane() throws IOException {
        String printed;
        try (Jar jar = Jar.start(dir, up("--print-commands"))) {
            assertThat(jar.await(60)).as(jar.output()).isZero();
            printed = jar.output();
        }
        List<Jar> running = new ArrayList<>();
        try {
            for (String line : printed.lines().toList()) {
                running.add(
                        Jar.start(
                                dir, List.of(line.split(" ")).subList(1, line.split(" ").length)));
            }
            assertThat(running).hasSize(7);
            Path pki = dir.resolve("data/pki");
            Tools tools = Tools.ofEnv("export KUBECONFIG=" + pki.resolve("admin.kubeconfig"));
            tools.until("kubectl get --raw /readyz", text -> text.equals("ok"));
            tools.until(
                    "kubectl get sa default -o name",
                    text -> text.contains("serviceaccount/default"));
            tools.ok("kubectl create deployment web --image=web --replicas=2");
            tools.until(
                    "kubectl get pods --no-headers",
                    text -> text.lines().filter(line -> line.contains("Running")).count() == 2);
        } finally {
            running.forEach(Jar::close);
        }
    }
}
