package io.jarnetes.controllermanager.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.controllermanager.framework.World;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.Resource;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class EndpointControllersTest {

    @AutoClose private final World world = new World();

    private void pod(String name, String ip, String ready) {
        world.put(
                Resource.PODS,
                ("{metadata: {namespace: ns, name: %s, labels: {app: web}}, spec: {nodeName: n},"
                                + " status: {phase: Running, podIP: %s, podIPs: [{ip: %s}], conditions:"
                                + " [{type: Ready, status: '%s', lastTransitionTime:"
                                + " '2026-01-01T00:00:05Z'}]}}")
                        .formatted(name, ip, ip, ready));
    }

    private void begin() {
        world.put(
                Resource.NODES, "{metadata: {name: n, labels: {topology.kubernetes.io/zone: z}}}");
        world.put(
                Resource.SERVICES,
                "{metadata: {namespace: ns, name: web, labels: {team: a}}, spec: {clusterIP:"
                        + " 10.0.0.1, ipFamilies: [IPv4], selector: {app: web}, ports: [{port: 80,"
                        + " protocol: TCP, targetPort: 8080}]}}");
        pod("a", "10.1.0.1", "True");
        pod("b", "10.1.0.2", "False");
        world.start(EndpointSliceController::start, EndpointsController::start);
    }

    private List<String> ready() {
        return world.store().list(Resource.ENDPOINT_SLICES, "ns").stream()
                .flatMap(slice -> StreamSupport.stream(slice.at("endpoints").spliterator(), false))
                .filter(endpoint -> Json.flag(endpoint, "conditions", "ready"))
                .map(endpoint -> Json.list(endpoint, "addresses").getFirst())
                .sorted()
                .toList();
    }

    @Test
    void slicesAndEndpointsFollowThePods() {
        begin();
        world.until("one", () -> ready().equals(List.of("10.1.0.1")));
        KubeObject slice = world.store().list(Resource.ENDPOINT_SLICES, "ns").getFirst();
        assertThat(slice.controlledBy(world.get(Resource.SERVICES, "web").uid())).isTrue();
        assertThat(Json.text(slice.at("endpoints").path(0), "zone")).isEqualTo("z");
        assertThat(slice.annotation("endpoints.kubernetes.io/last-change-trigger-time"))
                .isEqualTo("2026-01-01T00:00:05Z");
        world.until("endpoints", () -> !world.gone(Resource.ENDPOINTS, "web"));
        assertThat(world.get(Resource.ENDPOINTS, "web").at("subsets").toString())
                .isEqualTo(
                        "[{\"addresses\":[{\"ip\":\"10.1.0.1\",\"nodeName\":\"n\",\"targetRef\":"
                                + "{\"kind\":\"Pod\",\"namespace\":\"ns\",\"name\":\"a\",\"uid\":\""
                                + world.get(Resource.PODS, "a").uid()
                                + "\"}}],\"notReadyAddresses\":[{\"ip\":\"10.1.0.2\",\"nodeName\":"
                                + "\"n\",\"targetRef\":{\"kind\":\"Pod\",\"namespace\":\"ns\","
                                + "\"name\":\"b\",\"uid\":\""
                                + world.get(Resource.PODS, "b").uid()
                                + "\"}}],\"ports\":[{\"port\":8080,\"protocol\":\"TCP\"}]}]");
        pod("b", "10.1.0.2", "True");
        world.until("both", () -> ready().equals(List.of("10.1.0.1", "10.1.0.2")));
        world.edit(Resource.PODS, "a", "{metadata: {labels: {app: other}}}");
        world.until("one left", () -> ready().equals(List.of("10.1.0.2")));
        world.store().delete(Resource.PODS, "ns", "b", Json.of("gracePeriodSeconds", 0));
        world.until("none", () -> ready().isEmpty());
        world.until(
                "no endpoints", () -> world.get(Resource.ENDPOINTS, "web").at("subsets").isEmpty());
    }

    @Test
    void whatSomebodyElseDeletesOrChangesIsPutRight() {
        begin();
        world.until("one", () -> ready().equals(List.of("10.1.0.1")));
        String name = world.store().list(Resource.ENDPOINT_SLICES, "ns").getFirst().name();
        world.caughtUp(Resource.ENDPOINT_SLICES);
        world.delete(Resource.ENDPOINT_SLICES, name);
        world.until("again", () -> ready().equals(List.of("10.1.0.1")));
        String other = world.store().list(Resource.ENDPOINT_SLICES, "ns").getFirst().name();
        assertThat(other).isNotEqualTo(name);
        world.edit(Resource.ENDPOINT_SLICES, other, "{endpoints: []}");
        world.until("once more", () -> ready().equals(List.of("10.1.0.1")));
    }

    @Test
    void noSliceIsMadeTwiceHoweverLateItIsSeen() {
        world.server().hold(Resource.ENDPOINT_SLICES);
        begin();
        world.until("one", () -> ready().equals(List.of("10.1.0.1")));
        pod("b", "10.1.0.2", "True");
        world.caughtUp(Resource.PODS);
        pod("c", "10.1.0.3", "True");
        world.caughtUp(Resource.PODS);
        world.server().release(Resource.ENDPOINT_SLICES);
        world.until("three", () -> ready().equals(List.of("10.1.0.1", "10.1.0.2", "10.1.0.3")));
        assertThat(world.store().list(Resource.ENDPOINT_SLICES, "ns")).hasSize(1);
    }

    @Test
    void theEndpointsOfAServiceThatIsGoneGoWhoeverWroteThem() {
        begin();
        world.until("endpoints", () -> !world.gone(Resource.ENDPOINTS, "web"));
        world.put(
                Resource.SERVICES,
                "{metadata: {namespace: ns, name: own}, spec: {clusterIP: 10.0.0.2, ports:"
                        + " [{port: 80}]}}");
        world.caughtUp(Resource.SERVICES);
        world.put(Resource.ENDPOINTS, "{metadata: {namespace: ns, name: own}, subsets: []}");
        world.put(
                Resource.ENDPOINTS,
                "{metadata: {namespace: ns, name: lock, annotations:"
                        + " {control-plane.alpha.kubernetes.io/leader: x}}}");
        world.caughtUp(Resource.ENDPOINTS);
        world.delete(Resource.SERVICES, "web");
        world.until("gone", () -> world.gone(Resource.ENDPOINTS, "web"));
        assertThat(world.gone(Resource.ENDPOINTS, "own")).isFalse();
        world.delete(Resource.SERVICES, "own");
        world.until("the other too", () -> world.gone(Resource.ENDPOINTS, "own"));
        assertThat(world.gone(Resource.ENDPOINTS, "lock")).isFalse();
    }
}
