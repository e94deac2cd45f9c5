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
}
