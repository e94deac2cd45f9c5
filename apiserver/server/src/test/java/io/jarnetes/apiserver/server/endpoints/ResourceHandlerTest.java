package io.jarnetes.apiserver.server.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.apiserver.server.endpoints.TestApi.Result;
import io.jarnetes.apiserver.server.storage.FakeEtcdKv;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ResourceHandlerTest {

    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String MERGE = "application/merge-patch+json";

    private final FakeEtcdKv etcd = new FakeEtcdKv();
    private final TestApi api = new TestApi(etcd);

    @AfterEach
    void close() {
        api.close();
    }

    private Result create(String name) {
        return api.call(
                "POST",
                MAPS,
                "{\"metadata\":{\"name\":\""
                        + name
                        + "\",\"labels\":{\"n\":\""
                        + name
                        + "\"}},"
                        + "\"data\":{\"a\":\"1\"}}");
    }

    @Test
    void createsGetsUpdatesAndDeletes() {
        Result created = create("one");
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.body().path("metadata").path("uid").asString()).hasSize(36);
        String stored =
                new String(
                        Objects.requireNonNull(etcd.get("/registry/configmaps/default/one").kv())
                                .value(),
                        StandardCharsets.UTF_8);
        assertThat(stored)
                .startsWith("{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{")
                .doesNotContain("resourceVersion")
                .endsWith("}\n");
        Result got = api.call("GET", MAPS + "/one", "");
        assertThat(got.body()).isEqualTo(created.body());
        Result patched =
                api.call("PATCH", MAPS + "/one", "{\"data\":{\"b\":\"2\"}}", "Content-Type", MERGE);
        assertThat(patched.status()).isEqualTo(200);
        assertThat(patched.body().path("data").toString()).isEqualTo("{\"a\":\"1\",\"b\":\"2\"}");
        Result stale = api.call("PUT", MAPS + "/one", created.body().toString());
        assertThat(stale.body().path("message").asString())
                .isEqualTo(
                        "Operation cannot be fulfilled on configmaps \"one\": the object has been"
                                + " modified; please apply your changes to the latest version and try"
                                + " again");
        Result deleted = api.call("DELETE", MAPS + "/one", "");
        assertThat(deleted.body().path("status").asString()).isEqualTo("Success");
        assertThat(api.call("GET", MAPS + "/one", "").status()).isEqualTo(404);
    }

    @Test
    void warnsOfDeprecatedKindsWhateverTheAnswer() {
        String warning =
                "299 - \"v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1"
                        + " EndpointSlice\"";
        String path = "/api/v1/namespaces/default/endpoints";
        assertThat(api.call("GET", path, "").response().header("Warning")).isEqualTo(warning);
        Result missing = api.call("GET", path + "/none", "");
        assertThat(missing.status()).isEqualTo(404);
        assertThat(missing.response().header("Warning")).isEqualTo(warning);
        assertThat(api.call("GET", MAPS, "").response().header("Warning")).isNull();
    }

    @Test
    void listsWithLimitFromOneSnapshot() {
        for (String name : new String[] {"a", "b", "c", "d", "e"}) {
            create(name);
        }
        Result first = api.call("GET", MAPS + "?limit=2", "");
        assertThat(first.body().path("metadata").path("remainingItemCount").asLong()).isEqualTo(3);
        String token = first.body().path("metadata").path("continue").asString();
        api.call("DELETE", MAPS + "/d", "");
        Result rest = api.call("GET", MAPS + "?continue=" + token, "");
        assertThat(rest.body().path("items").size()).isEqualTo(3);
        assertThat(rest.body().path("metadata").path("resourceVersion"))
                .isEqualTo(first.body().path("metadata").path("resourceVersion"));
        assertThat(first.body().path("items").get(0).has("kind")).isFalse();
    }

    @Test
    void selectsByLabelsAndFields() {
        create("a");
        create("b");
        assertThat(names(MAPS + "?labelSelector=n in (a,c)")).isEqualTo("a");
        assertThat(names(MAPS + "?fieldSelector=metadata.name=b")).isEqualTo("b");
        assertThat(names(MAPS + "?fieldSelector=metadata.name!=b")).isEqualTo("a");
        Result bad = api.call("GET", MAPS + "?fieldSelector=spec.x=1", "");
        assertThat(bad.status()).isEqualTo(400);
    }

    private String names(String path) {
        StringBuilder names = new StringBuilder();
        api.call("GET", path, "")
                .body()
                .path("items")
                .forEach(each -> names.append(each.path("metadata").path("name").asString()));
        return names.toString();
    }

    @Test
    void watchesFromARevision() throws InterruptedException {
        create("a");
        String revision =
                api.call("GET", MAPS, "")
                        .body()
                        .path("metadata")
                        .path("resourceVersion")
                        .asString();
        RecordedResponse watch = api.watch(MAPS + "?watch=1&resourceVersion=" + revision);
        create("b");
        assertThat(watch.nextWrite()).startsWith("{\"type\":\"ADDED\",\"object\":{\"kind\"");
        api.call("DELETE", MAPS + "/b", "");
        assertThat(watch.nextWrite()).startsWith("{\"type\":\"DELETED\"").endsWith("}}\n");
        watch.close();
    }

    @Test
    void watchListEndsItsBeginningWithABookmark() throws InterruptedException {
        create("a");
        RecordedResponse watch =
                api.watch(
                        MAPS
                                + "?watch=1&sendInitialEvents=true&allowWatchBookmarks=true"
                                + "&resourceVersionMatch=NotOlderThan");
        assertThat(watch.nextWrite()).contains("ADDED").contains("\"name\":\"a\"");
        assertThat(watch.nextWrite())
                .contains("BOOKMARK")
                .contains("\"k8s.io/initial-events-end\":\"true\"");
        watch.close();
    }

    @Test
    void selectorsTurnChangesIntoArrivalsAndDepartures() throws InterruptedException {
        create("a");
        api.call("GET", MAPS, "");
        RecordedResponse watch =
                api.watch(MAPS + "?watch=1&labelSelector=n=x&resourceVersion=" + etcd.revision());
        String label = "{\"metadata\":{\"labels\":{\"n\":\"%s\"}}}";
        api.call("PATCH", MAPS + "/a", label.formatted("x"), "Content-Type", MERGE);
        assertThat(watch.nextWrite()).contains("ADDED");
        api.call("PATCH", MAPS + "/a", label.formatted("y"), "Content-Type", MERGE);
        assertThat(watch.nextWrite()).contains("DELETED").contains("\"n\":\"x\"");
        watch.close();
    }

    @Test
    void oldRevisionsAreToldToBeGone() throws InterruptedException {
        create("a");
        create("b");
        api.call("GET", MAPS, "");
        RecordedResponse watch = api.watch(MAPS + "?watch=1&resourceVersion=1");
        assertThat(watch.nextWrite()).contains("ERROR").contains("\"code\":410");
    }

    @Test
    void finalizersHoldADeletedObject() {
        api.call(
                "POST",
                MAPS,
                "{\"metadata\":{\"name\":\"f\",\"finalizers\":[\"example.com/hold\"]}}");
        Result marked = api.call("DELETE", MAPS + "/f", "");
        assertThat(marked.body().path("metadata").has("deletionTimestamp")).isTrue();
        assertThat(api.call("GET", MAPS + "/f", "").status()).isEqualTo(200);
        api.call(
                "PATCH",
                MAPS + "/f",
                "{\"metadata\":{\"finalizers\":null}}",
                "Content-Type",
                MERGE);
        assertThat(api.call("GET", MAPS + "/f", "").status()).isEqualTo(404);
    }

    @Test
    void namespacesGoInTwoSteps() {
        api.call("POST", "/api/v1/namespaces", "{\"metadata\":{\"name\":\"w\"}}");
        Result marked = api.call("DELETE", "/api/v1/namespaces/w", "");
        assertThat(marked.body().path("status").path("phase").asString()).isEqualTo("Terminating");
        Result finalized =
                api.call(
                        "PUT",
                        "/api/v1/namespaces/w/finalize",
                        "{\"metadata\":{\"name\":\"w\"},\"spec\":{\"finalizers\":[]}}");
        assertThat(finalized.status()).isEqualTo(200);
        assertThat(api.call("GET", "/api/v1/namespaces/w", "").status()).isEqualTo(404);
    }

    @Test
    void podsAreBoundAndDeletedGracefully() {
        String pods = "/api/v1/namespaces/default/pods";
        String pod =
                "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"containers\":[{\"name\":\"c\","
                        + "\"image\":\"nginx\"}]}}";
        Result created = api.call("POST", pods, pod);
        assertThat(created.body().path("status").path("qosClass").asString())
                .isEqualTo("BestEffort");
        assertThat(created.body().path("metadata").path("generation").asInt()).isEqualTo(1);
        Result bound =
                api.call(
                        "POST",
                        pods + "/p/binding",
                        "{\"metadata\":{\"name\":\"p\"},\"target\":{\"kind\":\"Node\","
                                + "\"name\":\"n1\"}}");
        assertThat(bound.status()).isEqualTo(201);
        assertThat(
                        api.call("GET", "/api/v1/pods?fieldSelector=spec.nodeName=n1", "")
                                .body()
                                .path("items")
                                .size())
                .isEqualTo(1);
        Result deleted = api.call("DELETE", pods + "/p", "");
        assertThat(deleted.body().path("metadata").path("deletionGracePeriodSeconds").asInt())
                .isEqualTo(30);
        Result forced = api.call("DELETE", pods + "/p?gracePeriodSeconds=0", "");
        assertThat(forced.body().path("metadata").path("name").asString()).isEqualTo("p");
        assertThat(api.call("GET", pods + "/p", "").status()).isEqualTo(404);
    }

    @Test
    void scaleStandsForReplicas() {
        String deployments = "/apis/apps/v1/namespaces/default/deployments";
        api.call(
                "POST",
                deployments,
                "{\"metadata\":{\"name\":\"d\"},\"spec\":{\"selector\":{\"matchLabels\":{\"a\":\"b\"}},"
                        + "\"template\":{\"metadata\":{\"labels\":{\"a\":\"b\"}},\"spec\":{\"containers\":"
                        + "[{\"name\":\"c\",\"image\":\"i\"}]}}}}");
        Result scaled =
                api.call(
                        "PATCH",
                        deployments + "/d/scale",
                        "{\"spec\":{\"replicas\":5}}",
                        "Content-Type",
                        MERGE);
        assertThat(scaled.body().path("kind").asString()).isEqualTo("Scale");
        assertThat(scaled.body().path("status").path("selector").asString()).isEqualTo("a=b");
        Result got = api.call("GET", deployments + "/d", "");
        assertThat(got.body().path("spec").path("replicas").asInt()).isEqualTo(5);
        assertThat(got.body().path("metadata").path("generation").asInt()).isEqualTo(2);
    }

    @Test
    void refusesWithUpstreamsWords() {
        assertThat(message("POST", MAPS, "{\"metadata\":{\"name\":\"A_B\"}}"))
                .startsWith(
                        "ConfigMap \"A_B\" is invalid: metadata.name: Invalid value: \"A_B\": ");
        create("dup");
        assertThat(create("dup").body().path("message").asString())
                .isEqualTo("configmaps \"dup\" already exists");
        assertThat(message("GET", "/api/v1/nonsense", ""))
                .isEqualTo("the server could not find the requested resource");
        assertThat(message("POST", MAPS + "/x", "{}"))
                .isEqualTo("the server does not allow this method on the requested resource");
        assertThat(message("GET", MAPS + "?limit=2&continue=abc", ""))
                .isEqualTo(
                        "invalid continue token: continue key is not valid: invalid character 'i'"
                                + " looking for beginning of value");
    }

    private String message(String method, String path, String body) {
        return api.call(method, path, body).body().path("message").asString();
    }

    @Test
    void dryRunStoresNothing() {
        Result dry = api.call("POST", MAPS + "?dryRun=All", "{\"metadata\":{\"name\":\"ghost\"}}");
        assertThat(dry.status()).isEqualTo(201);
        assertThat(api.call("GET", MAPS + "/ghost", "").status()).isEqualTo(404);
        create("real");
        api.call("DELETE", MAPS + "/real?dryRun=All", "");
        assertThat(api.call("GET", MAPS + "/real", "").status()).isEqualTo(200);
    }

    @Test
    void generateNameAddsFiveCharacters() {
        Result created = api.call("POST", MAPS, "{\"metadata\":{\"generateName\":\"g-\"}}");
        assertThat(created.body().path("metadata").path("name").asString())
                .matches("g-[bcdfghjklmnpqrstvwxz2456789]{5}");
    }

    @Test
    void servicesHoldAddressesAndPorts() {
        String services = "/api/v1/namespaces/default/services";
        String body =
                "{\"metadata\":{\"name\":\"%s\"},\"spec\":{\"type\":\"NodePort\","
                        + "\"clusterIP\":\"%s\",\"ports\":[{\"port\":80}]}}";
        Result first = api.call("POST", services, body.formatted("a", "10.0.0.9"));
        assertThat(first.status()).isEqualTo(201);
        int port = first.body().path("spec").path("ports").get(0).path("nodePort").asInt();
        assertThat(port).isBetween(30000, 32767);
        assertThat(first.body().path("spec").path("ipFamilies").toString()).isEqualTo("[\"IPv4\"]");
        assertThat(message("POST", services, body.formatted("b", "10.0.0.9")))
                .isEqualTo(
                        "Service \"b\" is invalid: spec.clusterIPs: Invalid value:"
                                + " [\"10.0.0.9\"]: failed to allocate IP 10.0.0.9: provided IP"
                                + " is already allocated");
        Result any = api.call("POST", services, body.formatted("c", ""));
        assertThat(any.body().path("spec").path("clusterIP").asString()).startsWith("10.0.0.");
        String addresses = "/apis/networking.k8s.io/v1/ipaddresses";
        assertThat(api.call("GET", addresses + "/10.0.0.9", "").status()).isEqualTo(200);
        api.call("DELETE", services + "/a", "");
        assertThat(api.call("GET", addresses + "/10.0.0.9", "").status()).isEqualTo(404);
        Result again = api.call("POST", services, body.formatted("a", "10.0.0.9"));
        assertThat(again.status()).isEqualTo(201);
    }

    @Test
    void eventsOfBothGroupsAreOne() {
        api.call(
                "POST",
                "/apis/events.k8s.io/v1/namespaces/default/events",
                "{\"metadata\":{\"name\":\"e\"},\"eventTime\":\"2026-01-01T00:00:00.000000Z\","
                        + "\"reportingController\":\"c/x\",\"reportingInstance\":\"i\","
                        + "\"action\":\"A\",\"reason\":\"R\",\"note\":\"hello\",\"type\":\"Normal\","
                        + "\"regarding\":{\"kind\":\"Pod\",\"name\":\"p\"}}");
        Result core = api.call("GET", "/api/v1/namespaces/default/events/e", "");
        assertThat(core.body().path("message").asString()).isEqualTo("hello");
        assertThat(core.body().path("involvedObject").path("name").asString()).isEqualTo("p");
        assertThat(
                        api.call("GET", "/api/v1/events?fieldSelector=involvedObject.name=p", "")
                                .body()
                                .path("items")
                                .size())
                .isEqualTo(1);
    }

    @Test
    void autoscalersHaveTwoVersions() {
        String v1 = "/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers";
        api.call(
                "POST",
                v1,
                "{\"metadata\":{\"name\":\"h\"},\"spec\":{\"maxReplicas\":3,"
                        + "\"targetCPUUtilizationPercentage\":50,\"scaleTargetRef\":"
                        + "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"name\":\"d\"}}}");
        String v2 = "/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers";
        Result two = api.call("GET", v2 + "/h", "");
        assertThat(
                        two.body()
                                .path("spec")
                                .path("metrics")
                                .get(0)
                                .path("resource")
                                .path("target")
                                .path("averageUtilization")
                                .asInt())
                .isEqualTo(50);
        Result one = api.call("GET", v1 + "/h", "");
        assertThat(one.body().path("spec").path("targetCPUUtilizationPercentage").asInt())
                .isEqualTo(50);
    }
}
