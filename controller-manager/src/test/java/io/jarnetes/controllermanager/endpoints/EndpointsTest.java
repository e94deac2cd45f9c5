package io.jarnetes.controllermanager.endpoints;

import static io.jarnetes.kubeclient.TestObjects.object;
import static io.jarnetes.kubeclient.TestObjects.pod;
import static io.jarnetes.kubeclient.TestObjects.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class EndpointsTest {

    private final KubeObject service =
            object(
                    """
                    {'kind': 'Service', 'metadata': {'namespace': 'ns', 'name': 'web', 'uid': 's',
                      'creationTimestamp': '2026-01-01T00:00:00Z'},
                     'spec': {'clusterIP': '10.0.0.7', 'ipFamilies': ['IPv4'],
                       'selector': {'app': 'web'},
                       'ports': [{'name': 'http', 'port': 80, 'targetPort': 'http',
                         'protocol': 'TCP'}]}}
                    """);

    private static KubeObject backend(String name, String ip, int port) {
        return with(
                pod(name),
                ("{'metadata': {'labels': {'app': 'web'}}, 'spec': {'containers': [{'name': 'c',"
                                + " 'ports': [{'name': 'http', 'containerPort': %d, 'protocol':"
                                + " 'TCP'}]}]}, 'status': {'podIP': '%s', 'podIPs': [{'ip':"
                                + " '%s'}]}}")
                        .formatted(port, ip, ip));
    }

    private final List<KubeObject> pods =
            List.of(
                    backend("b", "10.1.0.2", 8080),
                    backend("a", "10.1.0.1", 8080),
                    with(backend("c", "10.1.0.3", 8080), "{'status': {'conditions': []}}"),
                    with(backend("done", "10.1.0.4", 8080), "{'status': {'phase': 'Succeeded'}}"),
                    backend("other-port", "10.1.0.5", 9090),
                    pod("unrelated"));

    private Slices.Changes slices(List<KubeObject> of, List<KubeObject> existing) {
        return new Slices(service, node -> "zone-1")
                .reconcile(Backends.of(service, of, true), existing);
    }

    @Test
    void podsWithTheSamePortsShareASlice() {
        Slices.Changes changes = slices(pods, List.of());
        assertThat(changes.create()).hasSize(2);
        ObjectNode first = changes.create().getFirst();
        assertThat(Json.text(first.path("ports").path(0), "port")).isEqualTo("8080");
        assertThat(first.path("endpoints")).hasSize(3);
        assertThat(Json.list(first.path("endpoints").path(0), "addresses"))
                .containsExactly("10.1.0.1");
        assertThat(Json.text(first.path("endpoints").path(0), "zone")).isEqualTo("zone-1");
        assertThat(Json.flag(first.path("endpoints").path(2), "conditions", "ready")).isFalse();
        assertThat(Json.text(first, "metadata", "generateName")).isEqualTo("web-");
        assertThat(Json.text(first, "metadata", "labels", "kubernetes.io/service-name"))
                .isEqualTo("web");
    }

    @Test
    void whatIsRightIsLeftAndWhatIsWrongIsWrittenAgain() {
        List<KubeObject> existing = new ArrayList<>();
        slices(pods, List.of()).create().forEach(tree -> existing.add(KubeObject.of(tree)));
        Slices.Changes same = slices(pods, existing);
        assertThat(same.create()).isEmpty();
        assertThat(same.update()).isEmpty();
        assertThat(same.delete()).isEmpty();
        Slices.Changes fewer = slices(pods.subList(0, 1), existing);
        assertThat(fewer.update()).hasSize(1);
        assertThat(fewer.delete()).hasSize(1);
    }

    @Test
    void withoutPodsThereIsAnEmptySlice() {
        Slices.Changes changes = slices(List.of(), List.of());
        assertThat(changes.create()).hasSize(1);
        assertThat(changes.create().getFirst().path("endpoints")).isEmpty();
        assertThat(changes.create().getFirst().path("ports").isNull()).isTrue();
    }

    @Test
    void moreThanAHundredNeedMoreSlices() {
        List<KubeObject> many = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            many.add(backend("p" + i, "10.1." + i + ".1", 80));
        }
        assertThat(slices(many, List.of()).create())
                .extracting(slice -> slice.path("endpoints").size())
                .containsExactly(100, 50);
    }

    @Test
    void subsetsKeepReadyAndUnreadyApart() {
        ArrayNode subsets = Subsets.of(service, Backends.of(service, pods, false));
        assertThat(subsets).hasSize(2);
        assertThat(subsets.path(0).path("addresses")).hasSize(2);
        assertThat(subsets.path(0).path("notReadyAddresses")).hasSize(1);
        assertThat(Json.text(subsets.path(1).path("ports").path(0), "port")).isEqualTo("9090");
    }

    /** A port that all have stands once, whatever the others of each pod are. */
    @Test
    void portsOfTheSameAddressesStandTogether() {
        ObjectNode tree = service.copy();
        tree.withObjectProperty("spec")
                .withArrayProperty("ports")
                .add(Json.of("name", "adm", "port", 81, "targetPort", 9000, "protocol", "TCP"))
                .add(Json.of("name", "dns", "port", 53, "targetPort", 53, "protocol", "UDP"));
        KubeObject three = KubeObject.of(tree);
        ArrayNode subsets = Subsets.of(three, Backends.of(three, pods, false));
        List<String> said = new ArrayList<>();
        for (JsonNode subset : subsets) {
            List<String> names = new ArrayList<>();
            subset.path("ports").forEach(port -> names.add(Json.text(port, "name")));
            said.add(
                    subset.path("addresses").size()
                            + "+"
                            + subset.path("notReadyAddresses").size()
                            + " "
                            + names.stream().sorted().toList());
        }
        assertThat(said).containsExactlyInAnyOrder("3+1 [adm, dns]", "2+1 [http]", "1+0 [http]");
    }
}
