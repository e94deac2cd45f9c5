package io.jarnetes.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The README's lab, word by word, with the real kubectl and etcdctl. */
@Tag("e2e")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@SuppressWarnings("NullAway.Init") // set before all tests
class WorkshopTest {

    @TempDir static Path dir;
    private static ControlPlane cluster;
    private static Tools tools;

    @BeforeAll
    static void up() {
        cluster = ControlPlane.start(UpOptions.ephemeral(dir.resolve("data")), Progress.silent());
        tools = Tools.of(cluster);
    }

    @AfterAll
    static void down() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    @Order(1)
    void theClusterIntroducesItself() {
        assertThat(tools.ok("kubectl cluster-info"))
                .contains("Kubernetes control plane")
                .contains("is running at");
        assertThat(tools.ok("kubectl get all -A")).contains("service/kubernetes");
        assertThat(tools.ok("kubectl get nodes"))
                .contains("node-0")
                .contains("node-1")
                .contains("Ready");
        assertThat(tools.ok("kubectl get lease -A"))
                .contains("kube-scheduler", "kube-controller-manager");
        assertThat(tools.ok("kubectl get --raw '/readyz?verbose'"))
                .contains("[+]etcd ok")
                .endsWith("readyz check passed\n");
    }

    @Test
    @Order(2)
    void aDeploymentRuns() {
        tools.ok("kubectl create namespace workshop");
        tools.until(
                "kubectl -n workshop get serviceaccount default",
                text -> text.contains("default  "));
        tools.ok("kubectl -n workshop create deployment nginx --image=nginx --replicas=3");
        String pods =
                tools.until(
                        "kubectl -n workshop get pods -o wide --no-headers",
                        text -> text.lines().filter(line -> line.contains("Running")).count() == 3);
        assertThat(pods).contains("node-0").contains("node-1");
        assertThat(tools.ok("kubectl -n workshop get deploy,rs,pods -o wide"))
                .contains("deployment.apps/nginx", "replicaset.apps/nginx-", "3/3", "1/1");
    }

    @Test
    @Order(3)
    void itScalesRollsOutAndBack() {
        tools.ok("kubectl -n workshop scale deploy/nginx --replicas=5");
        tools.ok("kubectl -n workshop set image deploy/nginx nginx=nginx:2");
        assertThat(tools.ok("kubectl -n workshop rollout status deploy/nginx --timeout=50s"))
                .contains("successfully rolled out");
        assertThat(tools.ok("kubectl -n workshop get deploy nginx -o wide"))
                .contains("5/5", "nginx:2");
        tools.ok("kubectl -n workshop rollout undo deploy/nginx");
        assertThat(tools.ok("kubectl -n workshop rollout status deploy/nginx --timeout=50s"))
                .contains("successfully rolled out");
        assertThat(tools.ok("kubectl -n workshop get deploy nginx -o wide"))
                .doesNotContain("nginx:2");
    }

    @Test
    @Order(4)
    void itExplainsItself() {
        assertThat(tools.ok("kubectl explain pod.spec.containers.image"))
                .contains("KIND:       Pod", "FIELD: image <string>", "Container image name");
        assertThat(tools.ok("kubectl auth can-i list secrets")).isEqualTo("yes\n");
    }

    @Test
    @Order(5)
    void etcdHoldsItAll() {
        String status = tools.ok("etcdctl endpoint status --cluster -w table");
        assertThat(status.lines().filter(line -> line.contains("https://"))).hasSize(3);
        // Debian's etcdctl draws boxes, upstream's own bars.
        assertThat(status.lines().filter(line -> line.matches(".*[|│] +true [|│] +false [|│].*")))
                .hasSize(1);
        assertThat(tools.ok("etcdctl get /registry --prefix --keys-only"))
                .contains("/registry/namespaces/workshop", "/registry/deployments/workshop/nginx");
        assertThat(
                        tools.ok(
                                "etcdctl get /registry/namespaces/workshop --print-value-only | jq -r .metadata.name"))
                .isEqualTo("workshop\n");
        assertThat(tools.ok("etcdctl endpoint health --cluster")).contains("is healthy");
    }

    @Test
    @Order(6)
    void secretsAreEncryptedAtRest() {
        tools.ok("kubectl -n workshop create secret generic s --from-literal=password=hunter2");
        assertThat(
                        tools.ok(
                                "etcdctl get /registry/secrets/workshop/s --print-value-only | head -c 30 | tr -d '\\0'"))
                .startsWith("k8s:enc:aescbc:v1:key1:");
        assertThat(
                        tools.ok(
                                "kubectl -n workshop get secret s -o jsonpath={.data.password} | base64 -d"))
                .isEqualTo("hunter2");
    }

    @Test
    @Order(7)
    void etcdRefusesTheClustersCertificates() {
        // A certificate of the cluster's authority, the administrator's even, is nobody to etcd.
        String asAdmin =
                "ETCDCTL_CERT=%s ETCDCTL_KEY=%s "
                        .formatted(cluster.pki().certificate("admin"), cluster.pki().key("admin"));
        Tools.Result refused = tools.run(asAdmin + "etcdctl --command-timeout=3s get x");
        assertThat(refused.status()).as(refused.output()).isNotZero();
        assertThat(tools.ok("etcdctl get x")).isEmpty();
    }

    @Test
    @Order(8)
    void nobodyButTheAdministratorIsBoundToClusterAdmin() {
        String bindings =
                tools.ok(
                        "kubectl get clusterrolebindings,rolebindings -A -o json | jq -r '.items[]"
                                + " | select(.roleRef.name==\"cluster-admin\") | .subjects[] | .kind + \" \" + .name'");
        assertThat(bindings).isEqualTo("Group system:masters\n");
        for (String user :
                new String[] {
                    "system:kube-controller-manager",
                    "system:kube-scheduler",
                    "system:node:node-0",
                    "system:serviceaccount:kube-system:deployment-controller"
                }) {
            assertThat(tools.run("kubectl auth can-i '*' '*' --as=" + user).output())
                    .as(user)
                    .endsWith("no\n");
        }
    }

    @Test
    @Order(9)
    void aNamespaceTakesEverythingWithIt() {
        tools.ok("kubectl delete namespace workshop --timeout=50s");
        assertThat(tools.ok("etcdctl get /registry --prefix --keys-only"))
                .doesNotContain("/workshop");
    }
}
