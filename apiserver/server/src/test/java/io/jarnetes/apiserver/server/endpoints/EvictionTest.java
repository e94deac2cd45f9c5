package io.jarnetes.apiserver.server.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.apiserver.server.storage.FakeEtcdKv;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Evictions under disruption budgets, in upstream's words. */
class EvictionTest {

    private static final String PODS = "/api/v1/namespaces/default/pods";
    private static final String BUDGETS = "/apis/policy/v1/namespaces/default/poddisruptionbudgets";
    private static final String MERGE = "application/merge-patch+json";

    private final TestApi api = new TestApi(new FakeEtcdKv());

    @BeforeEach
    void pod() {
        created(
                PODS,
                """
                {"metadata":{"name":"p","labels":{"a":"b"}},"spec":{"nodeName":"n",\
                "containers":[{"name":"c","image":"i"}]}}\
                """);
        podIs("Running", "True");
    }

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void noBudget() {
        assertThat(evict("").status()).isEqualTo(201);
        JsonNode pod = pod("p");
        assertThat(pod.path("metadata").has("deletionTimestamp")).isTrue();
        JsonNode condition = condition(pod, "DisruptionTarget");
        assertThat(condition.path("status").asString("")).isEqualTo("True");
        assertThat(condition.path("reason").asString("")).isEqualTo("EvictionByEvictionAPI");
        assertThat(condition.path("message").asString("")).isEqualTo("Eviction API: evicting");
    }

    @Test
    void anotherPodsBudget() {
        budget("d", "x", "{\"observedGeneration\":1,\"disruptionsAllowed\":0}");
        assertThat(evict("").status()).isEqualTo(201);
    }

    @Test
    void noneAllowed() {
        budget(
                "d",
                "b",
                """
                {"observedGeneration":1,"disruptionsAllowed":0,"desiredHealthy":3,\
                "currentHealthy":3,"expectedPods":3}\
                """);
        TestApi.Result answer = evict("");
        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.body().path("message").asString(""))
                .isEqualTo("Cannot evict pod as it would violate the pod's disruption budget.");
        assertThat(answer.body().path("details").toString())
                .isEqualTo(
                        "{\"causes\":[{\"reason\":\"DisruptionBudget\",\"message\":\"The disruption"
                                + " budget d needs 3 healthy pods and has 3 currently\"}]}");
        assertThat(pod("p").path("metadata").has("deletionTimestamp")).isFalse();
        assertThat(condition(pod("p"), "DisruptionTarget").isMissingNode()).isTrue();
    }

    @Test
    void oneAllowed() {
        budget("d", "b", "{\"observedGeneration\":1,\"disruptionsAllowed\":1}");
        assertThat(evict("").status()).isEqualTo(201);
        JsonNode budget = api.call("GET", BUDGETS + "/d", "").body();
        assertThat(budget.path("status").path("disruptionsAllowed").asInt(-1)).isZero();
        assertThat(budget.path("status").path("disruptedPods").has("p")).isTrue();
        JsonNode condition = condition(budget, "DisruptionAllowed");
        assertThat(condition.path("status").asString("")).isEqualTo("False");
        assertThat(condition.path("reason").asString("")).isEqualTo("InsufficientPods");
    }

    @Test
    void dryRunTakesNothing() {
        budget("d", "b", "{\"observedGeneration\":1,\"disruptionsAllowed\":1}");
        assertThat(evict("?dryRun=All").status()).isEqualTo(201);
        JsonNode budget = api.call("GET", BUDGETS + "/d", "").body();
        assertThat(budget.path("status").path("disruptionsAllowed").asInt(-1)).isEqualTo(1);
        assertThat(pod("p").path("metadata").has("deletionTimestamp")).isFalse();
    }

    @Test
    void budgetNotLookedAtYet() {
        budget("d", "b", "{\"disruptionsAllowed\":1}");
        TestApi.Result answer = evict("");
        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.body().path("details").path("retryAfterSeconds").asInt(0)).isEqualTo(10);
        assertThat(
                        answer.body()
                                .path("details")
                                .path("causes")
                                .path(0)
                                .path("message")
                                .asString(""))
                .isEqualTo("The disruption budget d is still being processed by the server.");
    }

    @Test
    void twoBudgets() {
        budget("d", "b", "{\"observedGeneration\":1,\"disruptionsAllowed\":1}");
        budget("e", "b", "{\"observedGeneration\":1,\"disruptionsAllowed\":1}");
        TestApi.Result answer = evict("");
        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.body().path("message").asString(""))
                .isEqualTo(
                        "This pod has more than one PodDisruptionBudget, which the eviction"
                                + " subresource does not support.");
    }

    @Test
    void unreadyPodGoesWhileOthersAreEnough() {
        podIs("Running", "False");
        budget(
                "d",
                "b",
                """
                {"observedGeneration":1,"disruptionsAllowed":0,"desiredHealthy":2,\
                "currentHealthy":2}\
                """);
        assertThat(evict("").status()).isEqualTo(201);
    }

    @Test
    void unreadyPodStaysWhileOthersAreTooFew() {
        podIs("Running", "False");
        budget(
                "d",
                "b",
                """
                {"observedGeneration":1,"disruptionsAllowed":0,"desiredHealthy":2,\
                "currentHealthy":1}\
                """);
        assertThat(evict("").status()).isEqualTo(429);
    }

    @Test
    void pendingPodIsNotGuarded() {
        podIs("Pending", "False");
        budget("d", "b", "{\"observedGeneration\":1,\"disruptionsAllowed\":0}");
        assertThat(evict("").status()).isEqualTo(201);
    }

    private TestApi.Result evict(String query) {
        return api.call("POST", PODS + "/p/eviction" + query, "{\"metadata\":{\"name\":\"p\"}}");
    }

    private void podIs(String phase, String ready) {
        String status =
                "{\"status\":{\"phase\":\"%s\",\"conditions\":[{\"type\":\"Ready\",\"status\":\"%s\"}]}}"
                        .formatted(phase, ready);
        patched(PODS + "/p/status", status);
    }

    private void budget(String name, String label, String status) {
        created(
                BUDGETS,
                """
                {"metadata":{"name":"%s"},"spec":{"minAvailable":1,\
                "selector":{"matchLabels":{"a":"%s"}}}}\
                """
                        .formatted(name, label));
        patched(BUDGETS + "/" + name + "/status", "{\"status\":" + status + "}");
    }

    private void created(String path, String body) {
        TestApi.Result answer = api.call("POST", path, body);
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
    }

    private void patched(String path, String body) {
        TestApi.Result answer = api.call("PATCH", path, body, "Content-Type", MERGE);
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
    }

    private JsonNode pod(String name) {
        return api.call("GET", PODS + "/" + name, "").body();
    }

    private static JsonNode condition(JsonNode object, String type) {
        for (JsonNode each : object.path("status").path("conditions")) {
            if (each.path("type").asString("").equals(type)) {
                return each;
            }
        }
        return object.path("no such condition");
    }
}
