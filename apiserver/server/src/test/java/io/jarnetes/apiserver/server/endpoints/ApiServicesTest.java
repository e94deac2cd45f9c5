package io.jarnetes.apiserver.server.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.apiserver.server.endpoints.TestApi.Result;
import io.jarnetes.apiserver.server.storage.FakeEtcdKv;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** APIServices are born as kube-aggregator's strategy has them be. */
class ApiServicesTest {

    private static final String PATH = "/apis/apiregistration.k8s.io/v1/apiservices";

    private final TestApi api = new TestApi(new FakeEtcdKv());

    @AfterEach
    void close() {
        api.close();
    }

    /** Creates an APIService, and reads from the storage what it was born as. */
    private JsonNode born(String more) {
        String body =
                """
                {"apiVersion":"apiregistration.k8s.io/v1","kind":"APIService",
                 "metadata":{"name":"v1.metrics.example"},
                 "spec":{"group":"metrics.example","version":"v1","groupPriorityMinimum":100,
                         "versionPriority":10%s
                """
                        .formatted(more);
        Result created = api.call("POST", PATH, body);
        assertThat(created.status()).as(created.body().toString()).isEqualTo(201);
        Result read = api.call("GET", PATH + "/v1.metrics.example", "");
        assertThat(read.body().path("status")).isEqualTo(created.body().path("status"));
        return read.body();
    }

    private static void assertLocal(JsonNode object) {
        assertThat(object.path("status").propertyNames()).containsExactly("conditions");
        assertThat(object.path("status").path("conditions")).hasSize(1);
        JsonNode condition = object.path("status").path("conditions").get(0);
        assertThat(condition.path("type").asString()).isEqualTo("Available");
        assertThat(condition.path("status").asString()).isEqualTo("True");
        assertThat(condition.path("reason").asString()).isEqualTo("Local");
        assertThat(condition.path("message").asString())
                .isEqualTo("Local APIServices are always available");
        assertThat(Instant.parse(condition.path("lastTransitionTime").asString()))
                .isAfterOrEqualTo(object.path("metadata").path("creationTimestamp").asString());
    }

    @Test
    void aLocalOneIsAvailableAtOnce() {
        assertLocal(born("}}"));
    }

    @Test
    void oneOfAServiceIsBornWithoutStatus() {
        JsonNode object =
                born(
                        ",\"service\":{\"namespace\":\"default\",\"name\":\"metrics\",\"port\":443}}}");
        assertThat(object.path("spec").path("service").path("name").asString())
                .isEqualTo("metrics");
        assertThat(object.path("status").isEmpty()).isTrue();
    }

    @Test
    void aClientsStatusIsDropped() {
        String theirs =
                ",\"status\":{\"conditions\":[{\"type\":\"Available\",\"status\":\"False\","
                        + "\"reason\":\"Mine\"},{\"type\":\"Mine\",\"status\":\"True\"}]}}";
        assertLocal(born("}" + theirs));
    }

    @Test
    void aClientsStatusOfAServiceIsDroppedToo() {
        String theirs =
                ",\"status\":{\"conditions\":[{\"type\":\"Available\",\"status\":\"True\"}]}}";
        JsonNode object =
                born(",\"service\":{\"namespace\":\"default\",\"name\":\"metrics\"}}" + theirs);
        assertThat(object.path("status").isEmpty()).isTrue();
    }
}
