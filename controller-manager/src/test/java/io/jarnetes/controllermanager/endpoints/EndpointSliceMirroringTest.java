package io.jarnetes.controllermanager.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.controllermanager.framework.World;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.Resource;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class EndpointSliceMirroringTest {

    @AutoClose private final World world = new World();

    private void service(String more) {
        world.put(
                Resource.SERVICES,
                "{metadata: {namespace: ns, name: db}, spec: {clusterIP: 10.0.0.1, ports: [{port:"
                        + " 5432}]%s}}".formatted(more));
    }

    private void endpoints(String metadata, String subsets) {
        world.put(
                Resource.ENDPOINTS,
                "{metadata: {namespace: ns, name: db%s}, subsets: [%s]}"
                        .formatted(metadata, subsets));
    }

    private static final String ONE =
            "{addresses: [{ip: 10.7.0.1, nodeName: n}, {ip: 10.7.0.2, hostname: h}],"
                    + " notReadyAddresses: [{ip: 10.7.0.3}], ports: [{name: p, port: 5432, protocol:"
                    + " TCP}]}";

    private List<KubeObject> slices() {
        return world.store().list(Resource.ENDPOINT_SLICES, "ns");
    }

    /** What slices say, an address a line: address:port, and whether it is ready. */
    private TreeSet<String> said() {
        TreeSet<String> said = new TreeSet<>();
        for (KubeObject slice : slices()) {
            for (JsonNode endpoint : slice.at("endpoints")) {
                for (JsonNode port : slice.at("ports")) {
                    said.add(
                            Json.list(endpoint, "addresses").getFirst()
                                    + " "
                                    + Json.text(port, "port")
                                    + (Json.flag(endpoint, "conditions", "ready") ? "" : " not"));
                }
            }
        }
        return said;
    }

    @Test
    void whatIsWrittenByHandIsMirrored() {
        service("");
        endpoints(
                ", labels: {mine: x}, annotations: {note: y,"
                        + " endpoints.kubernetes.io/last-change-trigger-time:"
                        + " '2026-01-01T00:00:00Z'}",
                ONE);
        world.start(EndpointSliceMirroring::start);
        world.until("mirrored", () -> slices().size() == 1);
        assertThat(said()).containsExactly("10.7.0.1 5432", "10.7.0.2 5432", "10.7.0.3 5432 not");
        KubeObject slice = slices().getFirst();
        assertThat(slice.name()).startsWith("db-");
        assertThat(slice.text("addressType")).isEqualTo("IPv4");
        assertThat(slice.labels())
                .containsEntry("mine", "x")
                .containsEntry("kubernetes.io/service-name", "db")
                .containsEntry(
                        "endpointslice.kubernetes.io/managed-by",
                        "endpointslicemirroring-controller.k8s.io");
        assertThat(slice.annotations()).hasSize(1).containsEntry("note", "y");
        assertThat(slice.controlledBy(world.get(Resource.ENDPOINTS, "db").uid())).isTrue();
        assertThat(Json.text(slice.at("endpoints").path(0), "nodeName")).isEqualTo("n");
        assertThat(Json.text(slice.at("endpoints").path(1), "hostname")).isEqualTo("h");
    }

    @Test
    void familiesAreKeptApart() {
        service("");
        endpoints("", "{addresses: [{ip: 10.7.0.1}, {ip: 'fd00::1'}], ports: [{port: 1}]}");
        world.start(EndpointSliceMirroring::start);
        world.until("two", () -> slices().size() == 2);
        assertThat(slices())
                .extracting(slice -> slice.text("addressType"))
                .containsExactlyInAnyOrder("IPv4", "IPv6");
    }

    @Test
    void whatHasASelectorOrAsksNotToIsNotMirrored() {
        service("");
        endpoints("", ONE);
        world.start(EndpointSliceMirroring::start);
        world.until("mirrored", () -> slices().size() == 1);
        world.caughtUp(Resource.ENDPOINT_SLICES);
        world.edit(
                Resource.ENDPOINTS,
                "db",
                "{metadata: {labels: {endpointslice.kubernetes.io/skip-mirror: 'true'}}}");
        world.until("it asks not to", () -> slices().isEmpty());
        world.edit(Resource.ENDPOINTS, "db", "{metadata: {labels: null}}");
        world.until("again", () -> slices().size() == 1);
        world.caughtUp(Resource.ENDPOINT_SLICES);
        world.edit(Resource.SERVICES, "db", "{spec: {selector: {app: db}}}");
        world.until("pods are looked for", () -> slices().isEmpty());
        world.edit(Resource.SERVICES, "db", "{spec: {selector: null}}");
        world.until("once more", () -> slices().size() == 1);
        world.caughtUp(Resource.ENDPOINT_SLICES);
        world.edit(
                Resource.ENDPOINTS,
                "db",
                "{metadata: {annotations: {control-plane.alpha.kubernetes.io/leader: x}}}");
        world.until("an election of old", () -> slices().isEmpty());
    }

    @Test
    void whatIsGoneIsMirroredNoMore() {
        service("");
        endpoints("", ONE);
        world.start(EndpointSliceMirroring::start);
        world.until("mirrored", () -> slices().size() == 1);
        world.caughtUp(Resource.ENDPOINT_SLICES);
        world.delete(Resource.ENDPOINTS, "db");
        world.until("the endpoints", () -> slices().isEmpty());
        endpoints("", ONE);
        world.until("again", () -> slices().size() == 1);
        world.caughtUp(Resource.ENDPOINT_SLICES);
        world.delete(Resource.SERVICES, "db");
        world.until("the service", () -> slices().isEmpty());
    }

    /** Endpoints change, slices are deleted or spoilt, and are seen late: in the end they agree. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void slicesFollowEndpoints(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        service("");
        endpoints("", ONE);
        world.start(EndpointSliceMirroring::start);
        TreeSet<String> wanted = new TreeSet<>();
        for (int i = 0; i < 25; i++) {
            wanted.clear();
            StringBuilder subsets = new StringBuilder();
            for (int port = 1; port <= random.nextInt(1, 4); port++) {
                StringBuilder addresses = new StringBuilder();
                for (int host = random.nextInt(1, 5); host > 0; host--) {
                    addresses.append("{ip: 10.7.%d.%d},".formatted(port, host));
                    wanted.add("10.7.%d.%d %d".formatted(port, host, port));
                }
                subsets.append(
                        "{addresses: [%s], ports: [{name: p, port: %d, protocol: TCP}]},"
                                .formatted(addresses, port));
            }
            world.edit(Resource.ENDPOINTS, "db", "{subsets: [%s]}".formatted(subsets));
            switch (random.nextInt(4)) {
                case 0 -> world.server().hold(Resource.ENDPOINT_SLICES);
                case 1 -> world.server().release(Resource.ENDPOINT_SLICES);
                case 2 -> world.server().breakWatches();
                default -> {
                    // On it goes.
                }
            }
            if (!slices().isEmpty() && random.nextInt(3) == 0) {
                world.store()
                        .delete(
                                Resource.ENDPOINT_SLICES,
                                "ns",
                                slices().getFirst().name(),
                                Json.object());
            }
        }
        world.server().release(Resource.ENDPOINT_SLICES);
        world.until("seed " + seed + ": they agree", () -> said().equals(wanted));
    }
}
