package io.jarnetes.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.base.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The labs of {@code compose/} in real containers, asked by the real clients from outside. {@code
 * hack/test} builds the image first and sees to an engine.
 */
@Tag("containers")
class ComposeTest {

    private static final List<String> MEMBERS =
            List.of("b8c6addf901e4e46", "88d11e2649dad027", "c3697a4fd7a20dcd");

    @TempDir Path dir;

    private static Map<String, String> memberPorts(List<Integer> ports) {
        Map<String, String> env = new HashMap<>();
        for (int i = 0; i < ports.size(); i++) {
            env.put("ETCD_" + (i + 1) + "_PORT", String.valueOf(ports.get(i)));
        }
        return env;
    }

    private static Tools etcdctl(List<Integer> ports) {
        return Tools.ofEnv(
                "export ETCDCTL_ENDPOINTS="
                        + ports.stream()
                                .map(port -> "http://127.0.0.1:" + port)
                                .collect(Collectors.joining(",")));
    }

    /** As process 1 of its container, a program that is asked to stop ends with status 0. */
    private static void assertStops(String container) {
        Lab.docker("stop", container);
        assertThat(Lab.docker("inspect", "--format={{.State.ExitCode}}", container)).isEqualTo("0");
    }

    @Test
    void whatOneMemberHoldsSurvivesDownAndUp() throws IOException {
        List<Integer> ports = FreePorts.take(1);
        Map<String, String> env = Map.of("ETCD_0_PORT", String.valueOf(ports.get(0)));
        Tools tools = etcdctl(ports);
        try (Lab lab = Lab.of("00-etcd", dir, env)) {
            lab.up();
            tools.until("etcdctl put foo 'Hello World'", text -> text.equals("OK\n"));
            assertThat(tools.ok("etcdctl get foo")).isEqualTo("foo\nHello World\n");
            assertThat(tools.ok("etcdctl member list"))
                    .isEqualTo(
                            "b8c6addf901e4e46, started, etcd-1, http://etcd-1:2380,"
                                    + " http://etcd-1:2379, false\n");
            assertThat(
                            lab.folder()
                                    .resolve(
                                            "etcd0/member/wal/0000000000000000-0000000000000000.wal"))
                    .isRegularFile();
            assertStops(lab.container("etcd-0"));
            lab.down();
            lab.up();
            tools.until("etcdctl get foo", text -> text.equals("foo\nHello World\n"));
        }
    }

    @Test
    void threeMembersGoOnWithoutTheirLeader() throws IOException {
        List<Integer> ports = FreePorts.take(3);
        try (Lab lab = Lab.of("01-etcd-cluster", dir, memberPorts(ports))) {
            lab.up();
            Tools tools = etcdctl(ports);
            tools.until("etcdctl member list", text -> text.lines().count() == 3);
            assertThat(tools.ok("etcdctl member list | sort"))
                    .containsSubsequence(
                            "88d11e2649dad027, started, etcd-2, http://etcd-2:2380,",
                            "b8c6addf901e4e46, started, etcd-1, http://etcd-1:2380,",
                            "c3697a4fd7a20dcd, started, etcd-3, http://etcd-3:2380,");
            assertThat(tools.ok("etcdctl put before kill")).isEqualTo("OK\n");
            String leader = leader(tools.ok("etcdctl endpoint status"));
            int number = MEMBERS.indexOf(leader) + 1;
            Lab.docker("kill", lab.container("etcd-" + number));
            List<Integer> left = new ArrayList<>(ports);
            left.remove(number - 1);
            Tools rest = etcdctl(left);
            rest.until("etcdctl put after kill", text -> text.endsWith("OK\n"));
            assertThat(rest.ok("etcdctl get before --print-value-only")).isEqualTo("kill\n");
            assertThat(leader(rest.ok("etcdctl endpoint status"))).isNotEqualTo(leader);
            Lab.docker("start", lab.container("etcd-" + number));
            tools.until(
                    "etcdctl endpoint hashkv",
                    text ->
                            text.lines().map(line -> line.replaceAll(".*, ", "")).distinct().count()
                                            == 1
                                    && text.lines().count() == 3);
        }
    }

    /** The ID of the one member that says it leads. */
    private static String leader(String status) {
        List<String> leaders =
                status.lines()
                        .map(line -> line.split(", "))
                        .filter(cells -> cells[4].equals("true"))
                        .map(cells -> cells[1])
                        .toList();
        assertThat(leaders).as(status).hasSize(1);
        assertThat(MEMBERS).contains(leaders.get(0));
        return leaders.get(0);
    }

    @Test
    void theControlPlaneOnThreeMembers() throws IOException {
        List<Integer> ports = FreePorts.take(4);
        List<Integer> members = ports.subList(0, 3);
        Path certs = Files.createDirectories(dir.resolve("certs"));
        Lab.docker(
                "run",
                "--rm",
                "--network=none",
                "--user=" + Files.getAttribute(certs, "unix:uid"),
                "--volume=" + certs + ":/certs",
                Lab.IMAGE,
                "pki",
                "init",
                "--out",
                "/certs");
        Map<String, String> env =
                Map.of("CERTS", certs.toString(), "APISERVER_PORT", String.valueOf(ports.get(3)));
        try (Lab cluster = Lab.of("01-etcd-cluster", dir, memberPorts(members)).up();
                Lab plane = Lab.of("02-control-plane", dir, env).up()) {
            Path config = certs.resolve("admin.kubeconfig");
            // The port that a kubeconfig of the lab names may be another's on this machine.
            Files.writeString(
                    config, Files.readString(config).replace(":6443", ":" + ports.get(3)));
            Tools kubectl = Tools.ofEnv("export KUBECONFIG=" + config);
            kubectl.until("kubectl get --raw /readyz", text -> text.equals("ok"));
            assertThat(kubectl.ok("kubectl cluster-info"))
                    .contains("is running at", "https://127.0.0.1:" + ports.get(3));
            kubectl.until(
                    "kubectl get serviceaccount default -o name",
                    text -> text.equals("serviceaccount/default\n"));
            kubectl.ok("kubectl create deployment web --image=web");
            kubectl.until(
                    "kubectl get pods --no-headers",
                    text -> text.contains("web-") && text.contains("Pending"));
            kubectl.until(
                    "kubectl get events -o jsonpath={.items[*].message}",
                    text -> text.contains("no nodes available to schedule pods"));
            Tools etcd = etcdctl(members);
            assertThat(etcd.ok("etcdctl get /registry/pods --prefix --keys-only"))
                    .startsWith("/registry/pods/default/web-");
            assertThat(
                            etcd.ok(
                                    "etcdctl get /registry/namespaces/default --print-value-only | jq .kind"))
                    .isEqualTo("\"Namespace\"\n");
            assertStops(plane.container("kube-apiserver"));
            assertThat(cluster.container("etcd-1")).isNotEmpty();
        }
    }

    @Test
    void allInOne() throws IOException {
        List<Integer> ports = FreePorts.take(4);
        Path data = Files.createDirectories(dir.resolve("06-all-in-one").resolve("data"));
        Map<String, String> env = new HashMap<>(memberPorts(ports.subList(0, 3)));
        env.put("APISERVER_PORT", String.valueOf(ports.get(3)));
        env.put("DATA", data.toString());
        try (Lab lab = Lab.of("06-all-in-one", dir, env).up()) {
            Tools shell = Tools.ofEnv("export DATA=" + data);
            shell.until("test -s $DATA/jarnetes.env && echo there", "there\n"::equals);
            Tools tools = Tools.ofEnv(Files.readString(data.resolve("jarnetes.env")));
            assertThat(tools.ok("kubectl get nodes --no-headers"))
                    .containsPattern("node-0 +Ready")
                    .containsPattern("node-1 +Ready");
            assertThat(tools.ok("etcdctl member list").lines()).hasSize(3);
            tools.ok("kubectl create deployment nginx --image=nginx --replicas=3");
            assertThat(tools.ok("kubectl rollout status deployment/nginx --timeout=60s"))
                    .contains("successfully rolled out");
            assertStops(lab.container("jarnetes"));
            assertThat(data.resolve("jarnetes.env")).doesNotExist();
        }
    }
}
