package io.jarnetes.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a person applies to a cluster, with the real kubectl; each in a namespace of its own. */
@Tag("e2e")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WorkloadsTest {

    private ControlPlane cluster;
    private Tools tools;
    private String ns = "";

    @BeforeAll
    void start(@TempDir Path dir) {
        cluster = ControlPlane.start(UpOptions.ephemeral(dir.resolve("data")), Progress.silent());
        tools = Tools.of(cluster);
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    @BeforeEach
    void namespace(TestInfo test) {
        ns = test.getTestMethod().orElseThrow().getName().toLowerCase(java.util.Locale.ROOT);
        tools.ok("kubectl create namespace " + ns);
        tools.until(kubectl("get serviceaccounts"), text -> text.contains("default"));
    }

    private String kubectl(String words) {
        return "kubectl -n " + ns + " " + words;
    }

    private void apply(String manifest) {
        tools.ok("echo '" + manifest + "' | " + kubectl("apply -f -"));
    }

    @Test
    void jobsComplete() {
        apply(
                """
                apiVersion: batch/v1
                kind: Job
                metadata: {name: pi}
                spec:
                  completions: 3
                  parallelism: 2
                  template:
                    spec:
                      restartPolicy: Never
                      containers: [{name: c, image: perl}]
                """);
        tools.ok(kubectl("wait --for=condition=complete job/pi --timeout=50s"));
        assertThat(tools.ok(kubectl("get job pi --no-headers"))).contains("Complete", "3/3");
        assertThat(tools.ok(kubectl("get pods --no-headers")).lines())
                .hasSize(3)
                .allMatch(line -> line.contains("Completed"));
    }

    @Test
    void aJobThatGoesTakesItsPodsWithIt() {
        apply(
                """
                apiVersion: batch/v1
                kind: Job
                metadata: {name: long}
                spec:
                  template:
                    metadata: {annotations: {jarnetes.io/exit-after: 1h}}
                    spec:
                      restartPolicy: Never
                      containers: [{name: c, image: perl}]
                """);
        tools.until(kubectl("get pods"), text -> text.contains("Running"));
        tools.ok(kubectl("delete job long"));
        tools.until(kubectl("get pods"), text -> text.contains("No resources found"));
    }

    @Test
    void claimsAreMadeBoundAndWaitedFor() {
        apply(
                """
                apiVersion: apps/v1
                kind: StatefulSet
                metadata: {name: db}
                spec:
                  serviceName: db
                  selector: {matchLabels: {app: db}}
                  template:
                    metadata: {labels: {app: db}}
                    spec:
                      containers:
                      - {name: c, image: db, volumeMounts: [{name: data, mountPath: /data}]}
                  volumeClaimTemplates:
                  - metadata: {name: data}
                    spec:
                      accessModes: [ReadWriteOnce]
                      storageClassName: ""
                      resources: {requests: {storage: 1Gi}}
                """);
        tools.until(
                kubectl("get events"),
                text ->
                        text.contains(
                                        "0/2 nodes are available: pod has unbound immediate"
                                                + " PersistentVolumeClaims. not found")
                                && text.contains(
                                        "no persistent volumes available for this claim and no"
                                                + " storage class is set")
                                && text.contains(
                                        "Create Claim data-db-0 Pod db-0 in StatefulSet db"
                                                + " success"));
        apply(
                """
                apiVersion: v1
                kind: PersistentVolume
                metadata: {name: disk}
                spec:
                  capacity: {storage: 2Gi}
                  accessModes: [ReadWriteOnce]
                  hostPath: {path: /disk}
                """);
        tools.ok(kubectl("wait --for=condition=ready pod/db-0 --timeout=50s"));
        assertThat(tools.ok(kubectl("get pvc data-db-0 --no-headers")))
                .containsPattern("data-db-0 +Bound +disk +2Gi +RWO");
        tools.ok(kubectl("delete sts db"));
        tools.ok(kubectl("delete pvc data-db-0 --timeout=50s"));
        tools.until("kubectl get pv disk", text -> text.contains("Released"));
    }

    @Test
    void tokensOfOldAreMade() {
        apply(
                """
                apiVersion: v1
                kind: Secret
                metadata:
                  name: token
                  annotations: {kubernetes.io/service-account.name: default}
                type: kubernetes.io/service-account-token
                """);
        String token =
                tools.until(
                        kubectl("get secret token -o jsonpath={.data.token} | base64 -d"),
                        text -> !text.isEmpty());
        assertThat(
                        tools.ok(
                                "kubectl auth whoami -o jsonpath={.status.userInfo.username}"
                                        + " --kubeconfig=/dev/null --server="
                                        + cluster.apiServer()
                                        + " --certificate-authority="
                                        + cluster.pki().certificate("ca")
                                        + " --token="
                                        + token))
                .isEqualTo("system:serviceaccount:" + ns + ":default");
    }

    @Test
    void eventsTellOfEveryContainer() {
        apply(
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: p}
                spec:
                  initContainers: [{name: first, image: "busybox:1"}]
                  containers: [{name: then, image: nginx}]
                """);
        tools.until(
                kubectl("get events"),
                text ->
                        text.lines().filter(line -> line.contains("Container started")).count()
                                == 2);
        String events = tools.ok(kubectl("get events"));
        assertThat(events)
                .contains("Container image \"busybox:1\" already present on machine")
                .contains("Pulling image \"nginx\"", "Successfully pulled image \"nginx\" in 0s");
    }
}
