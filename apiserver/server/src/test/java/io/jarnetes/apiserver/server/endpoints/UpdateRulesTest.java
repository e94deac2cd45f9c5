package io.jarnetes.apiserver.server.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.apiserver.server.storage.FakeEtcdKv;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What a change of a pod or a job may touch, and in which words the rest is refused. */
class UpdateRulesTest {

    private static final String PODS = "/api/v1/namespaces/default/pods";
    private static final String JOBS = "/apis/batch/v1/namespaces/default/jobs";
    private static final String CLAIMS = "/api/v1/namespaces/default/persistentvolumeclaims";
    private static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";
    private static final String MERGE = "application/merge-patch+json";
    private static final String FIXED = "field is immutable";

    private final TestApi api = new TestApi(new FakeEtcdKv());

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void gatesOnlyGo() {
        pod("\"schedulingGates\":[{\"name\":\"g\"},{\"name\":\"h\"}]");
        assertThat(change(PODS, "\"schedulingGates\":[{\"name\":\"h\"},{\"name\":\"i\"}]"))
                .containsExactly(
                        "spec.schedulingGates[1].name: Forbidden: only deletion is allowed, but"
                                + " found new scheduling gate 'i'");
        assertThat(change(PODS, "\"schedulingGates\":[{\"name\":\"h\"}]")).isEmpty();
        assertThat(change(PODS, "\"schedulingGates\":null")).isEmpty();
    }

    @Test
    void gatedPodsMayBeNarrowed() {
        pod("\"schedulingGates\":[{\"name\":\"g\"}],\"nodeSelector\":{\"a\":\"b\"}");
        assertThat(change(PODS, "\"nodeSelector\":{\"c\":\"d\"}")).isEmpty();
        assertThat(change(PODS, "\"nodeSelector\":{\"a\":null}"))
                .containsExactly(
                        "spec.nodeSelector: Invalid value: {\"c\":\"d\"}: only additions to"
                                + " spec.nodeSelector are allowed (no mutations or deletions)");
        assertThat(change(PODS, "\"schedulingGates\":null")).isEmpty();
        assertThat(change(PODS, "\"nodeSelector\":{\"e\":\"f\"}"))
                .singleElement()
                .asString()
                .startsWith("spec: Forbidden: pod updates may not change fields other than");
    }

    @Test
    void tolerationsOnlyCome() {
        pod("\"tolerations\":[{\"key\":\"a\",\"operator\":\"Exists\",\"effect\":\"NoExecute\"}]");
        assertThat(
                        change(
                                PODS,
                                """
                                "tolerations":[{"key":"b","operator":"Exists"},{"key":"a",\
                                "operator":"Exists","effect":"NoExecute","tolerationSeconds":5}]\
                                """))
                .isEmpty();
        assertThat(change(PODS, "\"tolerations\":[{\"key\":\"b\",\"operator\":\"Exists\"}]"))
                .containsExactly(
                        "spec.tolerations: Forbidden: existing toleration can not be modified"
                                + " except its tolerationSeconds");
    }

    @Test
    void completionsAreFixedUnlessIndexed() {
        job("\"completions\":2");
        assertThat(change(JOBS, "\"completions\":3,\"parallelism\":3"))
                .containsExactly("spec.completions: Invalid value: 3: " + FIXED);
        assertThat(change(JOBS, "\"parallelism\":3")).isEmpty();
    }

    @Test
    void indexedJobsGrowInTandem() {
        job("\"completions\":2,\"parallelism\":2,\"completionMode\":\"Indexed\"");
        assertThat(change(JOBS, "\"completions\":3"))
                .containsExactly(
                        "spec.completions: Invalid value: 3: can only be modified in tandem with"
                                + " spec.parallelism");
        assertThat(change(JOBS, "\"completions\":3,\"parallelism\":3")).isEmpty();
    }

    @Test
    void policiesAreFixed() {
        job("\"completions\":2,\"completionMode\":\"Indexed\",\"backoffLimitPerIndex\":1");
        assertThat(
                        change(
                                JOBS,
                                """
                                "backoffLimitPerIndex":null,"managedBy":"a.io/b",\
                                "successPolicy":{"rules":[{"succeededCount":1}]}\
                                """))
                .containsExactly(
                        "spec.backoffLimitPerIndex: Invalid value: null: " + FIXED,
                        "spec.managedBy: Invalid value: \"a.io/b\": " + FIXED,
                        "spec.successPolicy: Invalid value:"
                                + " {\"Rules\":[{\"SucceededIndexes\":null,\"SucceededCount\":1}]}: "
                                + FIXED);
    }

    @Test
    void containersStayAndDeadlinesComeNearer() {
        pod("\"activeDeadlineSeconds\":30");
        assertThat(change(PODS, "\"containers\":[]"))
                .contains(
                        "spec.containers: Forbidden: pod updates may not add or remove containers");
        assertThat(change(PODS, "\"activeDeadlineSeconds\":40"))
                .containsExactly(
                        "spec.activeDeadlineSeconds: Invalid value: 40: must be less than or equal"
                                + " to previous value");
        assertThat(change(PODS, "\"activeDeadlineSeconds\":20")).isEmpty();
    }

    @Test
    void refusalsOfPodsShowWhatDiffers() {
        pod("\"hostname\":\"a\"");
        assertThat(change(PODS, "\"hostname\":\"b\""))
                .singleElement()
                .asString()
                .contains(
                        """
                        previously negative)
                        @@ -\
                        """
                                .strip(),
                        """
                          "ImagePullSecrets": null,
                        - "Hostname": "a",
                        + "Hostname": "b",
                          "Subdomain": "",
                        """);
    }

    @Test
    void claimsAreFixedOnceMade() {
        created(
                CLAIMS,
                """
                {"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"2Gi"}}}\
                """);
        assertThat(change(CLAIMS, "\"storageClassName\":\"s\"")).isEmpty();
        assertThat(change(CLAIMS, "\"volumeMode\":\"Block\""))
                .hasSize(2)
                .first()
                .asString()
                .startsWith("spec: Forbidden: spec is immutable after creation except")
                .contains("- \"VolumeMode\": \"Filesystem\",\n+ \"VolumeMode\": \"Block\",");
    }

    @Test
    void volumesNoteWhenTheirPhaseChanges() {
        String volumes = "/api/v1/persistentvolumes";
        created(
                volumes,
                """
                {"capacity":{"storage":"1Gi"},"accessModes":["ReadWriteOnce"],\
                "hostPath":{"path":"/x"}}\
                """);
        String time = "/status/lastPhaseTransitionTime";
        assertThat(api.call("GET", volumes + "/x", "").body().at(time).asString()).isNotEmpty();
        String status = "{\"status\":{\"phase\":\"%s\",\"lastPhaseTransitionTime\":%s}}";
        api.call(
                "PATCH",
                volumes + "/x/status",
                status.formatted("Bound", "\"2026-01-01T00:00:00Z\""),
                "Content-Type",
                MERGE);
        TestApi.Result kept =
                api.call(
                        "PATCH",
                        volumes + "/x/status",
                        status.formatted("Bound", "null"),
                        "Content-Type",
                        MERGE);
        assertThat(kept.body().at(time).asString()).isEqualTo("2026-01-01T00:00:00Z");
    }

    @Test
    void rangesOfNodesAgree() {
        created("/api/v1/nodes", "{\"podCIDR\":\"10.1.0.0/24\"}");
        JsonNode node = api.call("GET", "/api/v1/nodes/x", "").body();
        assertThat(node.at("/spec/podCIDRs").toString()).isEqualTo("[\"10.1.0.0/24\"]");
    }

    @Test
    void countersOfStatusBoundEachOther() {
        created(
                DEPLOYMENTS,
                """
                {"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},\
                "spec":{"containers":[{"name":"c","image":"i"}]}}}\
                """);
        TestApi.Result answer =
                api.call(
                        "PATCH",
                        DEPLOYMENTS + "/x/status",
                        "{\"status\":{\"replicas\":1,\"readyReplicas\":2}}",
                        "Content-Type",
                        MERGE);
        assertThat(answer.body().path("message").asString())
                .isEqualTo(
                        "Deployment.apps \"x\" is invalid: status.readyReplicas: Invalid value: 2:"
                                + " cannot be greater than status.replicas");
    }

    private void pod(String spec) {
        created(PODS, "{%s,\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}".formatted(spec));
    }

    private void job(String spec) {
        created(
                JOBS,
                """
                {%s,"template":{"spec":{"restartPolicy":"Never",\
                "containers":[{"name":"c","image":"i"}]}}}\
                """
                        .formatted(spec));
    }

    private void created(String path, String spec) {
        TestApi.Result answer =
                api.call("POST", path, "{\"metadata\":{\"name\":\"x\"},\"spec\":" + spec + "}");
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
    }

    /** The causes of the refusal; none if the change is taken. */
    private List<String> change(String path, String spec) {
        TestApi.Result answer =
                api.call("PATCH", path + "/x", "{\"spec\":{" + spec + "}}", "Content-Type", MERGE);
        List<String> causes = new ArrayList<>();
        answer.body()
                .path("details")
                .path("causes")
                .forEach(each ->
                        causes.add(
                                each.path("field").asString("")
                                        + ": "
                                        + each.path("message").asString("")));
        assertThat(answer.status()).isEqualTo(causes.isEmpty() ? 200 : 422);
        return causes;
    }
}
