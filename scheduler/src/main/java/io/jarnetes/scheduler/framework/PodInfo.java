package io.jarnetes.scheduler.framework;

import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A pod with what scheduling asks of it, read once.
 *
 * @param requests what it asks for
 * @param assumed the same, where containers without cpu or memory count as 100m and 200 MB
 * @param ports the host ports that it needs
 */
public record PodInfo(
        KubeObject pod,
        Resources requests,
        Resources assumed,
        List<HostPort> ports,
        List<Toleration> tolerations,
        Map<String, String> labels) {

    private static final long ASSUMED_MILLI_CPU = 100;
    private static final long ASSUMED_MEMORY_BYTES = 200L * 1024 * 1024;

    /** A port of the node that a container takes. */
    public record HostPort(String ip, String protocol, int port) {

        boolean conflicts(HostPort other) {
            return port == other.port
                    && protocol.equals(other.protocol)
                    && (ip.equals(other.ip) || ip.equals("0.0.0.0") || other.ip.equals("0.0.0.0"));
        }
    }

    public static PodInfo of(KubeObject pod) {
        JsonNode spec = pod.at("spec");
        return new PodInfo(
                pod,
                Resources.requested(spec),
                assumed(spec),
                ports(spec),
                Toleration.of(spec.path("tolerations")),
                pod.labels());
    }

    private static Resources assumed(JsonNode spec) {
        Resources all = Resources.NONE;
        for (JsonNode container : spec.path("containers")) {
            all = all.plus(assumedOf(container));
        }
        Resources init = Resources.NONE;
        for (JsonNode container : spec.path("initContainers")) {
            init = init.max(assumedOf(container));
        }
        return all.max(init).max(Resources.requested(spec));
    }

    private static Resources assumedOf(JsonNode container) {
        Resources own = Resources.of(Json.at(container, "resources", "requests"));
        if (own.get(Resources.CPU) == 0) {
            own = own.with(Resources.CPU, ASSUMED_MILLI_CPU);
        }
        return own.get(Resources.MEMORY) == 0
                ? own.with(Resources.MEMORY, ASSUMED_MEMORY_BYTES)
                : own;
    }

    private static List<HostPort> ports(JsonNode spec) {
        List<HostPort> ports = new ArrayList<>();
        for (JsonNode container : spec.path("containers")) {
            for (JsonNode port : container.path("ports")) {
                int number = Json.number(0, port, "hostPort");
                if (number > 0) {
                    String ip = Json.text(port, "hostIP");
                    String protocol = Json.text(port, "protocol");
                    ports.add(
                            new HostPort(
                                    ip.isEmpty() ? "0.0.0.0" : ip,
                                    protocol.isEmpty() ? "TCP" : protocol,
                                    number));
                }
            }
        }
        return List.copyOf(ports);
    }

    public String key() {
        return pod.key();
    }

    public String namespace() {
        return pod.namespace();
    }

    public String uid() {
        return pod.uid();
    }

    public int priority() {
        return pod.number(0, "spec", "priority");
    }

    /** Empty for a pod that is not bound. */
    public String nodeName() {
        return pod.text("spec", "nodeName");
    }

    /** status.nominatedNodeName: where it is to go; empty for none. */
    public String nominatedNode() {
        return pod.text("status", "nominatedNodeName");
    }

    public JsonNode spec() {
        return pod.at("spec");
    }

    public JsonNode affinity(String kind) {
        return pod.at("spec", "affinity", kind);
    }
}
