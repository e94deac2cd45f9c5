package io.jarnetes.node;

import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import java.time.Instant;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a node says about itself, as a kubelet would. */
final class NodeObject {

    private static final String OS = "linux";
    private static final String ARCHITECTURE = "amd64";
    private static final String CONTAINER_RUNTIME = "simulated://1.0.0";
    private static final int KUBELET_PORT = 10250;

    private NodeObject() {}

    /** As it registers. */
    static ObjectNode registration(String name) {
        return Json.of(
                "metadata",
                Json.of(
                        "name",
                        name,
                        "labels",
                        labels(name),
                        "annotations",
                        Json.of("volumes.kubernetes.io/controller-managed-attach-detach", "true")),
                "spec",
                Json.object());
    }

    static ObjectNode labels(String name) {
        return Json.of(
                "beta.kubernetes.io/arch", ARCHITECTURE,
                "beta.kubernetes.io/os", OS,
                "kubernetes.io/arch", ARCHITECTURE,
                "kubernetes.io/hostname", name,
                "kubernetes.io/os", OS);
    }

    /** The whole status, with all conditions good. */
    static ObjectNode status(String name, String address, String version, Instant now) {
        return Json.of(
                "addresses", addresses(name, address),
                "allocatable", resources("3920m", "7910Mi", "93492209510"),
                "capacity", resources("4", "8010Mi", "101430Mi"),
                "conditions", conditions(now, now),
                "daemonEndpoints", Json.of("kubeletEndpoint", Json.of("Port", KUBELET_PORT)),
                "nodeInfo", info(name, version));
    }

    private static ArrayNode addresses(String name, String address) {
        return Json.array()
                .add(Json.of("type", "InternalIP", "address", address))
                .add(Json.of("type", "Hostname", "address", name));
    }

    private static ObjectNode resources(String cpu, String memory, String storage) {
        return Json.of(
                "cpu",
                cpu,
                "ephemeral-storage",
                storage,
                "hugepages-1Gi",
                "0",
                "hugepages-2Mi",
                "0",
                "memory",
                memory,
                "pods",
                "110");
    }

    /**
     * @param since when they became so
     */
    static ArrayNode conditions(Instant since, Instant now) {
        return Json.array()
                .add(
                        condition(
                                "MemoryPressure",
                                "False",
                                "KubeletHasSufficientMemory",
                                "kubelet has sufficient memory available",
                                since,
                                now))
                .add(
                        condition(
                                "DiskPressure",
                                "False",
                                "KubeletHasNoDiskPressure",
                                "kubelet has no disk pressure",
                                since,
                                now))
                .add(
                        condition(
                                "PIDPressure",
                                "False",
                                "KubeletHasSufficientPID",
                                "kubelet has sufficient PID available",
                                since,
                                now))
                .add(
                        condition(
                                "Ready",
                                "True",
                                "KubeletReady",
                                "kubelet is posting ready status",
                                since,
                                now));
    }

    private static ObjectNode condition(
            String type, String status, String reason, String message, Instant since, Instant now) {
        return Json.of(
                "type", type,
                "status", status,
                "lastHeartbeatTime", KubeObject.time(now),
                "lastTransitionTime", KubeObject.time(since),
                "reason", reason,
                "message", message);
    }

    private static ObjectNode info(String name, String version) {
        String id =
                java.util
                        .UUID
                        .nameUUIDFromBytes(name.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                        .toString();
        return Json.of(
                "architecture", ARCHITECTURE,
                "bootID", id,
                "containerRuntimeVersion", CONTAINER_RUNTIME,
                "kernelVersion", "6.12.0",
                "kubeProxyVersion", "",
                "kubeletVersion", version,
                "machineID", id.replace("-", ""),
                "operatingSystem", OS,
                "osImage", "Jarnetes simulated node",
                "systemUUID", id);
    }
}
