package io.jarnetes.controllermanager.endpoints;

import io.jarnetes.controllermanager.framework.Pods;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The subsets of an Endpoints object, packed as upstream does: each port stands once, with all
 * addresses that have it, and ports of the same addresses stand together.
 */
final class Subsets {

    /** Upstream cuts longer lists off. */
    private static final int MOST_ADDRESSES = 1000;

    /** Of a headless Service without any. */
    private static final Backends.Port NO_PORT = new Backends.Port("", -1, "", "");

    private Subsets() {}

    /** An address as one port has it. */
    private record Entry(ObjectNode address, boolean ready) {}

    static ArrayNode of(KubeObject service, List<Backends.Backend> backends) {
        boolean publish = service.flag("spec", "publishNotReadyAddresses");
        Map<Backends.Port, List<Entry>> byPort = new LinkedHashMap<>();
        int addresses = 0;
        for (Backends.Backend backend :
                backends.stream()
                        .sorted(Comparator.comparing(b -> b.pod().text("status", "podIP")))
                        .toList()) {
            boolean portless =
                    backend.ports().isEmpty()
                            && !(service.at("spec", "ports").isEmpty()
                                    && Backends.headless(service));
            if (portless || addresses >= MOST_ADDRESSES) {
                continue;
            }
            addresses++;
            Entry entry =
                    new Entry(address(service, backend), publish || Pods.ready(backend.pod()));
            for (Backends.Port port :
                    backend.ports().isEmpty() ? List.of(NO_PORT) : backend.ports()) {
                byPort.computeIfAbsent(port, one -> new ArrayList<>()).add(entry);
            }
        }
        return packed(byPort);
    }

    /** Ports that the same addresses have, ready or not, stand together. */
    private static ArrayNode packed(Map<Backends.Port, List<Entry>> byPort) {
        Map<List<Entry>, List<Backends.Port>> groups = new LinkedHashMap<>();
        byPort.forEach((port, entries) ->
                groups.computeIfAbsent(entries, one -> new ArrayList<>()).add(port));
        ArrayNode subsets = Json.array();
        groups.forEach((entries, ports) -> {
            ObjectNode subset = Json.object();
            for (Entry entry : entries) {
                subset.withArrayProperty(entry.ready() ? "addresses" : "notReadyAddresses")
                        .add(entry.address());
            }
            ports.remove(NO_PORT);
            if (!ports.isEmpty()) {
                subset.set("ports", ports(ports));
            }
            subsets.add(subset);
        });
        return subsets;
    }

    private static ObjectNode address(KubeObject service, Backends.Backend backend) {
        KubeObject pod = backend.pod();
        ObjectNode address = Json.of("ip", pod.text("status", "podIP"));
        String hostname = Backends.hostname(service, pod);
        if (!hostname.isEmpty()) {
            address.put("hostname", hostname);
        }
        if (!backend.node().isEmpty()) {
            address.put("nodeName", backend.node());
        }
        address.set(
                "targetRef",
                Json.of(
                        "kind", "Pod",
                        "namespace", pod.namespace(),
                        "name", pod.name(),
                        "uid", pod.uid()));
        return address;
    }

    private static ArrayNode ports(List<Backends.Port> ports) {
        ArrayNode array = Json.array();
        ports.stream()
                .sorted(PortOrder.OF_ENDPOINTS)
                .forEach(port -> {
                    ObjectNode tree = Json.object();
                    if (!port.name().isEmpty()) {
                        tree.put("name", port.name());
                    }
                    tree.put("port", port.port()).put("protocol", port.protocol());
                    if (!port.appProtocol().isEmpty()) {
                        tree.put("appProtocol", port.appProtocol());
                    }
                    array.add(tree);
                });
        return array;
    }
}
