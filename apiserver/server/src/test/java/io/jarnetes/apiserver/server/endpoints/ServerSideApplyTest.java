package io.jarnetes.apiserver.server.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.apiserver.server.endpoints.TestApi.Result;
import io.jarnetes.apiserver.server.storage.FakeEtcdKv;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ServerSideApplyTest {

    private static final String MAP = "/api/v1/namespaces/default/configmaps/m";
    private static final String APPLY = "application/apply-patch+yaml";

    private final TestApi api = new TestApi(new FakeEtcdKv());

    @AfterEach
    void close() {
        api.close();
    }

    private Result apply(String manager, String data, String more) {
        String body =
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\ndata: {" + data + "}\n";
        String path = MAP + "?fieldManager=" + manager + more;
        return api.call("PATCH", path, body, "Content-Type", APPLY);
    }

    @Test
    void createsAndOwnsWhatItSays() {
        Result created = apply("one", "a: x, b: y", "");
        assertThat(created.status()).isEqualTo(201);
        JsonNode entry = created.body().path("metadata").path("managedFields").get(0);
        assertThat(entry.path("operation").asString()).isEqualTo("Apply");
        assertThat(entry.path("fieldsV1").toString())
                .isEqualTo("{\"f:data\":{\"f:a\":{},\"f:b\":{}}}");
    }

    @Test
    void dropsWhatItNoLongerSays() {
        apply("one", "a: x, b: y", "");
        Result smaller = apply("one", "a: x", "");
        assertThat(smaller.status()).isEqualTo(200);
        assertThat(smaller.body().path("data").toString()).isEqualTo("{\"a\":\"x\"}");
    }

    @Test
    void leavesWhatOthersSet() {
        apply("one", "a: x", "");
        Result both = apply("two", "b: y", "");
        assertThat(both.body().path("data").toString()).isEqualTo("{\"a\":\"x\",\"b\":\"y\"}");
        Result gone = apply("one", "c: z", "");
        assertThat(gone.body().path("data").toString()).isEqualTo("{\"b\":\"y\",\"c\":\"z\"}");
    }

    @Test
    void refusesToTakeWhatOthersSetUnlessForced() {
        apply("one", "a: x", "");
        Result refused = apply("two", "a: y", "");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.body().path("message").asString())
                .isEqualTo("Apply failed with 1 conflict: conflict with \"one\": .data.a");
        Result forced = apply("two", "a: y", "&force=true");
        assertThat(forced.body().path("data").path("a").asString()).isEqualTo("y");
        assertThat(forced.body().path("metadata").path("managedFields").size()).isEqualTo(1);
    }

    @Test
    void zerosAndKeysOfListsAreNoConflicts() {
        String path = "/apis/apps/v1/namespaces/default/deployments/d";
        String body =
                """
                {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d"},"spec":{\
                "replicas":0,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{\
                "labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"%s","ports":[\
                {"containerPort":80}]}]}}}}\
                """;
        api.call("PATCH", path + "?fieldManager=one", body.formatted("i:1"), "Content-Type", APPLY);
        Result two =
                api.call(
                        "PATCH",
                        path + "?fieldManager=two",
                        body.formatted("i:2"),
                        "Content-Type",
                        APPLY);
        assertThat(two.body().path("message").asString())
                .isEqualTo(
                        "Apply failed with 1 conflict: conflict with \"one\":"
                                + " .spec.template.spec.containers[name=\"c\"].image");
    }

    @Test
    void versionsOfWhatIsNotThereSayNothing() {
        String body =
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m, resourceVersion: '1'}\n";
        Result created = api.call("PATCH", MAP + "?fieldManager=one", body, "Content-Type", APPLY);
        assertThat(created.status()).isEqualTo(201);
    }

    @Test
    void updatesStartNoNotes() {
        api.call("POST", MAP.substring(0, MAP.lastIndexOf('/')), "{\"metadata\":{\"name\":\"m\"}}");
        Result put = api.call("PUT", MAP, "{\"metadata\":{\"name\":\"m\"},\"data\":{\"a\":\"b\"}}");
        assertThat(put.status()).isEqualTo(200);
        assertThat(put.body().path("metadata").has("managedFields")).isFalse();
    }

    @Test
    void sharesWhatAllSayTheSame() {
        apply("one", "a: x", "");
        Result shared = apply("two", "a: x", "");
        assertThat(shared.status()).isEqualTo(200);
        assertThat(shared.body().path("metadata").path("managedFields").size()).isEqualTo(2);
    }

    @Test
    void nothingNewWritesNothing() {
        Result first = apply("one", "a: x", "");
        Result again = apply("one", "a: x", "");
        assertThat(again.body()).isEqualTo(first.body());
    }

    @Test
    void mergesListsByTheirKeys() {
        String pods = "/api/v1/namespaces/default/pods";
        api.call(
                "POST",
                pods,
                "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"containers\":[{\"name\":\"c\","
                        + "\"image\":\"i\"}]}}",
                "User-Agent",
                "creator/1");
        Result labelled =
                api.call(
                        "PATCH",
                        pods + "/p?fieldManager=m",
                        "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"p\"},"
                                + "\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"j\"}]}}",
                        "Content-Type",
                        APPLY);
        assertThat(labelled.body().path("message").asString())
                .isEqualTo(
                        "Apply failed with 1 conflict: conflict with \"creator\" using v1:"
                                + " .spec.containers[name=\"c\"].image");
    }

    @Test
    void refusesWhatDoesNotFitTheType() {
        String path = "/api/v1/namespaces/default/services/s?fieldManager=m";
        String head = "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"s\"}";
        Result twice =
                api.call(
                        "PATCH",
                        path,
                        head + ",\"spec\":{\"ports\":[{\"port\":80},{\"port\":80}]}}",
                        "Content-Type",
                        APPLY);
        assertThat(twice.status()).isEqualTo(500);
        assertThat(twice.body().path("message").asString())
                .isEqualTo(
                        "failed to create typed patch object (/s; /v1, Kind=Service): .spec.ports:"
                                + " duplicate entries for key [port=80,protocol=\"TCP\"]");
        Result wrong =
                api.call(
                        "PATCH",
                        path,
                        head + ",\"nope\":1,\"spec\":{\"type\":7,\"selector\":[1]}}",
                        "Content-Type",
                        APPLY);
        assertThat(wrong.body().path("message").asString())
                .isEqualTo(
                        "failed to create typed patch object (/s; /v1, Kind=Service): errors:\n"
                                + "  .nope: field not declared in schema\n"
                                + "  .spec.type: expected string, got"
                                + " &value.valueUnstructured{Value:7}\n"
                                + "  .spec.selector: expected map, got &{[1]}");
        Result other =
                api.call(
                        "PATCH",
                        path,
                        "{\"apiVersion\":\"v1\",\"kind\":\"Secret\"}",
                        "Content-Type",
                        APPLY);
        assertThat(other.body().path("message").asString())
                .isEqualTo("invalid object type: /v1, Kind=Secret");
    }

    @Test
    void ownsNothingWhereItSaysNothing() {
        Result created =
                api.call(
                        "PATCH",
                        MAP + "?fieldManager=m",
                        "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"m\"}}",
                        "Content-Type",
                        APPLY);
        assertThat(created.body().path("metadata").has("managedFields")).isFalse();
    }

    @Test
    void kubectlTakesOverWhatItAppliedFromTheClient() {
        String last = "{\\\"apiVersion\\\":\\\"v1\\\",\\\"data\\\":{\\\"a\\\":\\\"x\\\"}}";
        api.call(
                "POST",
                "/api/v1/namespaces/default/configmaps?fieldManager=kubectl-client-side-apply",
                "{\"metadata\":{\"name\":\"m\",\"annotations\":{"
                        + "\"kubectl.kubernetes.io/last-applied-configuration\":\""
                        + last
                        + "\"}},\"data\":{\"a\":\"x\",\"b\":\"y\"}}");
        assertThat(apply("another", "a: z", "").status()).isEqualTo(409);
        assertThat(apply("kubectl", "b: z", "").status()).isEqualTo(409);
        Result taken = apply("kubectl", "a: z", "");
        assertThat(taken.status()).isEqualTo(200);
        assertThat(taken.body().path("data").path("a").asString()).isEqualTo("z");
        assertThat(
                        taken.body()
                                .path("metadata")
                                .path("annotations")
                                .path("kubectl.kubernetes.io/last-applied-configuration")
                                .asString())
                .contains("\"data\":{\"a\":\"z\"}");
    }
}
