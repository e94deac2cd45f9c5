package io.jarnetes.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What controllers do for kubectl's eyes, in a whole cluster. */
@Tag("e2e")
@SuppressWarnings("NullAway.Init") // set before all tests
class ControllersTest {

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

    private static void create(String object) {
        tools.ok("kubectl create -f - <<'X'\n" + object + "\nX");
    }

    @Test
    void podsOfADeletedJobGo() {
        create(
                """
                apiVersion: batch/v1
                kind: Job
                metadata: {name: gone}
                spec:
                  template:
                    metadata: {annotations: {jarnetes.io/exit-after: 1h}}
                    spec:
                      restartPolicy: Never
                      containers: [{name: x, image: x}]\
                """);
        tools.until(
                "kubectl get pods -l job-name=gone -o jsonpath='{.items[*].metadata.finalizers}'",
                text -> text.contains("job-tracking"));
        tools.ok("kubectl delete job gone --cascade=orphan");
        tools.until(
                "kubectl get pods -l job-name=gone -o jsonpath='{.items[*].metadata.finalizers}'",
                String::isEmpty);
        tools.ok("kubectl delete pods -l job-name=gone --force --grace-period=0");
    }

    @Test
    void aTokenSecretIsFilledAndGoesWithItsAccount() {
        tools.ok("kubectl create serviceaccount bot");
        create(
                "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"type\":"
                        + "\"kubernetes.io/service-account-token\",\"metadata\":{\"name\":\"bot\","
                        + "\"annotations\":{\"kubernetes.io/service-account.name\":\"bot\"}}}");
        tools.until(
                "kubectl get secret bot -o jsonpath='{.data}'",
                text -> text.contains("\"token\"") && text.contains("\"ca.crt\""));
        assertThat(
                        tools.ok(
                                "kubectl --kubeconfig=/dev/null --server=$(kubectl config view"
                                        + " --minify -o jsonpath='{.clusters[0].cluster.server}')"
                                        + " --insecure-skip-tls-verify --token=$(kubectl get secret bot"
                                        + " -o jsonpath='{.data.token}' | base64 -d) auth whoami"))
                .contains("system:serviceaccount:default:bot");
        tools.ok("kubectl delete serviceaccount bot");
        tools.until("kubectl get secrets -o name", text -> !text.contains("secret/bot"));
    }

    @Test
    void aVolumeIsAvailableAndAClaimIsBoundToIt() {
        create(
                "{\"apiVersion\":\"v1\",\"kind\":\"PersistentVolume\",\"metadata\":{\"name\":"
                        + "\"v1\"},\"spec\":{\"storageClassName\":\"here\",\"capacity\":"
                        + "{\"storage\":\"1Gi\"},\"accessModes\":[\"ReadWriteOnce\"],"
                        + "\"hostPath\":{\"path\":\"/x\"}}}");
        tools.until(
                "kubectl get pv v1 -o jsonpath='{.status.phase}'",
                text -> text.equals("Available"));
        create(
                "{\"apiVersion\":\"v1\",\"kind\":\"PersistentVolumeClaim\",\"metadata\":"
                        + "{\"name\":\"c1\"},\"spec\":{\"storageClassName\":\"here\","
                        + "\"accessModes\":[\"ReadWriteOnce\"],\"resources\":{\"requests\":"
                        + "{\"storage\":\"1Gi\"}}}}");
        tools.until(
                "kubectl get pvc c1 -o jsonpath='{.status.phase} {.spec.volumeName}'",
                text -> text.equals("Bound v1"));
    }

    @Test
    void aJobThatACronJobDidNotStartIsPointedAt() {
        tools.ok("kubectl create cronjob cj --image=x --schedule='0 0 1 1 *'");
        tools.ok("kubectl create job by-hand --from=cronjob/cj");
        tools.until(
                "kubectl get events --field-selector reason=UnexpectedJob -o"
                        + " jsonpath='{.items[*].message}'",
                text ->
                        text.contains(
                                "Saw a job that the controller did not create or forgot:"
                                        + " by-hand"));
        assertThat(tools.ok("kubectl get cronjob cj -o jsonpath='{.status.active}'")).isEmpty();
    }

    @Test
    void aStatefulSetsPodsNameTheirRevision() {
        create(
                "{\"apiVersion\":\"apps/v1\",\"kind\":\"StatefulSet\",\"metadata\":{\"name\":"
                        + "\"db\"},\"spec\":{\"replicas\":1,\"serviceName\":\"db\",\"selector\":"
                        + "{\"matchLabels\":{\"a\":\"db\"}},\"template\":{\"metadata\":"
                        + "{\"labels\":{\"a\":\"db\"}},\"spec\":{\"containers\":[{\"name\":\"c\","
                        + "\"image\":\"x\"}]}}}}");
        String revision =
                tools.until(
                        "kubectl get statefulset db -o jsonpath='{.status.updateRevision}'",
                        text -> text.startsWith("db-"));
        tools.until(
                "kubectl get pod db-0 -o"
                        + " jsonpath='{.metadata.labels.controller-revision-hash}'",
                text -> text.equals(revision));
        assertThat(
                        tools.ok(
                                "kubectl get controllerrevision "
                                        + revision
                                        + " -o jsonpath='{.metadata.labels}'"))
                .isEqualTo(
                        "{\"a\":\"db\",\"controller.kubernetes.io/hash\":\""
                                + revision.substring("db-".length())
                                + "\"}");
        tools.until(
                "kubectl get events -o jsonpath='{.items[*].message}'",
                text -> text.contains("Create Pod db-0 in StatefulSet db successful"));
    }

    @Test
    void aBudgetPointsAtPodsThatNobodyManages() {
        tools.ok("kubectl run alone --image=x --labels=solo=1");
        tools.ok("kubectl create pdb solo --selector=solo=1 --max-unavailable=0");
        tools.until(
                "kubectl get events --field-selector reason=UnmanagedPods -o"
                        + " jsonpath='{.items[*].message}'",
                text ->
                        text.contains(
                                "(selector: &LabelSelector{MatchLabels:map[string]string{solo: 1,}"
                                        + ",MatchExpressions:[]LabelSelectorRequirement{},})"));
    }
}
