package io.jarnetes.controllermanager.endpoints;

import static io.jarnetes.kubeclient.TestObjects.object;
import static io.jarnetes.kubeclient.TestObjects.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.TestObjects;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Pods come and go; after each change the slices say what the pods say, and no more is written. */
class SlicesPropertyTest {

    private static final KubeObject SERVICE =
            object(
                    """
                    {'kind': 'Service', 'metadata': {'namespace': 'ns', 'name': 'web', 'uid': 's',
                      'labels': {'team': 'a'}, 'creationTimestamp': '2026-01-01T00:00:00Z'},
                     'spec': {'clusterIP': '10.0.0.7', 'ipFamilies': ['IPv4', 'IPv6'],
                       'selector': {'app': 'web'},
                       'ports': [{'name': 'http', 'port': 80, 'targetPort': 'http',
                         'protocol': 'TCP'}]}}
                    """);

    private static KubeObject pod(int number, SplittableRandom random) {
        int port = 8080 + random.nextInt(2);
        String ready = random.nextInt(4) == 0 ? "False" : "True";
        String phase = random.nextInt(10) == 0 ? "Succeeded" : "Running";
        String six = random.nextBoolean() ? ", {'ip': 'fd00::%x'}".formatted(number + 1) : "";
        KubeObject pod =
                with(
                        TestObjects.pod("p" + number),
                        ("{'metadata': {'labels': {'app': '%s'}}, 'spec': {'containers': [{'name':"
                                        + " 'c', 'ports': [{'name': 'http', 'containerPort': %d,"
                                        + " 'protocol': 'TCP'}]}]}, 'status': {'phase': '%s', 'podIP':"
                                        + " '10.1.%d.%d', 'podIPs': [{'ip': '10.1.%d.%d'}%s],"
                                        + " 'conditions': [{'type': 'Ready', 'status': '%s',"
                                        + " 'lastTransitionTime': '2026-01-01T00:00:01Z'}]}}")
                                .formatted(
                                        random.nextInt(8) == 0 ? "other" : "web",
                                        port,
                                        phase,
                                        number / 250,
                                        number % 250,
                                        number / 250,
                                        number % 250,
                                        six,
                                        ready));
        return random.nextInt(6) == 0
                ? with(pod, "{'metadata': {'deletionTimestamp': '2026-01-01T00:00:00Z'}}")
                : pod;
    }

    /** One line for each address: family, port, ready, serving, terminating. */
    private static Set<String> model(List<KubeObject> pods) {
        Set<String> lines = new TreeSet<>();
        for (KubeObject pod : pods) {
            if (!pod.label("app").equals("web")
                    || pod.text("status", "phase").equals("Succeeded")) {
                continue;
            }
            boolean serving = pod.conditionTrue("Ready");
            int port =
                    pod.at("spec", "containers")
                            .path(0)
                            .path("ports")
                            .path(0)
                            .path("containerPort")
                            .asInt(0);
            for (JsonNode ip : pod.at("status", "podIPs")) {
                lines.add(
                        line(
                                Json.text(ip, "ip"),
                                port,
                                serving && !pod.deleting(),
                                serving,
                                pod.deleting()));
            }
        }
        return lines;
    }

    private static String line(
            String address, int port, boolean ready, boolean serving, boolean terminating) {
        return "%s:%d ready=%s serving=%s terminating=%s"
                .formatted(address, port, ready, serving, terminating);
    }

    private static Set<String> said(List<KubeObject> slices) {
        Set<String> lines = new TreeSet<>();
        for (KubeObject slice : slices) {
            int port = Json.number(0, slice.at("ports").path(0), "port");
            boolean six = slice.text("addressType").equals("IPv6");
            assertThat(slice.at("endpoints").size()).isLessThanOrEqualTo(100);
            for (JsonNode endpoint : slice.at("endpoints")) {
                JsonNode conditions = endpoint.path("conditions");
                String address = Json.list(endpoint, "addresses").getFirst();
                assertThat(address.contains(":")).isEqualTo(six);
                boolean fresh =
                        lines.add(
                                line(
                                        address,
                                        port,
                                        Json.flag(conditions, "ready"),
                                        Json.flag(conditions, "serving"),
                                        Json.flag(conditions, "terminating")));
                assertThat(fresh).as("%s stands in one slice", address).isTrue();
            }
        }
        return lines;
    }

    private static List<KubeObject> apply(
            Slices.Changes changes, List<KubeObject> slices, int[] made) {
        List<KubeObject> after = new ArrayList<>(slices);
        after.removeAll(changes.delete());
        for (ObjectNode tree : changes.update()) {
            after.replaceAll(slice ->
                    slice.name().equals(Json.text(tree, "metadata", "name"))
                            ? KubeObject.of(tree)
                            : slice);
        }
        for (ObjectNode tree : changes.create()) {
            tree.withObjectProperty("metadata").put("name", "web-" + made[0]++);
            after.add(KubeObject.of(tree));
        }
        return after;
    }

    @Test
    void slicesSayWhatThePodsSay() {
        for (long seed = 0; seed < 40; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<KubeObject> pods = new ArrayList<>();
            List<KubeObject> slices = new ArrayList<>();
            int[] made = {0};
            for (int turn = 0; turn < 12; turn++) {
                for (int i = 0; i < random.nextInt(60); i++) {
                    int number = random.nextInt(260);
                    pods.removeIf(pod -> pod.name().equals("p" + number));
                    if (random.nextInt(3) > 0) {
                        pods.add(pod(number, random));
                    }
                }
                Slices reconciler = new Slices(SERVICE, node -> "");
                slices =
                        apply(
                                reconciler.reconcile(Backends.of(SERVICE, pods, true), slices),
                                slices,
                                made);
                assertThat(said(slices)).as("seed %d, turn %d", seed, turn).isEqualTo(model(pods));
                Slices.Changes again =
                        reconciler.reconcile(Backends.of(SERVICE, pods, true), slices);
                assertThat(again.create()).as("seed %d", seed).isEmpty();
                assertThat(again.update()).as("seed %d", seed).isEmpty();
                assertThat(again.delete()).as("seed %d", seed).isEmpty();
                families(slices);
            }
        }
    }

    /** A family has always at least one slice. */
    private static void families(List<KubeObject> slices) {
        Set<String> families = new HashSet<>();
        slices.forEach(slice -> families.add(slice.text("addressType")));
        assertThat(families).containsExactlyInAnyOrder("IPv4", "IPv6");
        assertThat(slices)
                .allSatisfy(slice -> {
                    assertThat(slice.label(Slices.SERVICE_NAME)).isEqualTo("web");
                    assertThat(slice.label("team")).isEqualTo("a");
                });
    }

    @Test
    void whoPublishesUnreadyPodsSaysThatTheyAreReady() {
        KubeObject service = with(SERVICE, "{'spec': {'publishNotReadyAddresses': true}}");
        KubeObject pod =
                with(
                        TestObjects.pod("p"),
                        "{'metadata': {'labels': {'app': 'web'}, 'deletionTimestamp':"
                                + " '2026-01-01T00:00:00Z'}, 'status': {'podIPs': [{'ip':"
                                + " '10.1.0.1'}], 'conditions': []}}");
        ObjectNode slice =
                new Slices(service, node -> "")
                        .reconcile(Backends.of(service, List.of(pod), true), List.of())
                        .create()
                        .getFirst();
        JsonNode conditions = slice.path("endpoints").path(0).path("conditions");
        assertThat(conditions.toString())
                .isEqualTo("{\"ready\":true,\"serving\":false,\"terminating\":true}");
    }

    @Test
    void aServiceWithoutAnAddressIsHeadless() {
        KubeObject service = with(SERVICE, "{'spec': {'clusterIP': 'None'}}");
        ObjectNode slice =
                new Slices(service, node -> "").reconcile(List.of(), List.of()).create().getFirst();
        assertThat(Json.at(slice, "metadata", "labels").has("service.kubernetes.io/headless"))
                .isTrue();
        KubeObject named = with(service, "{'spec': {'type': 'ExternalName'}}");
        assertThat(Backends.selects(named)).isFalse();
        assertThat(Backends.selects(service)).isTrue();
    }
}
