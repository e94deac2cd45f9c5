package io.jarnetes.controllermanager.endpoints;

import io.jarnetes.controllermanager.framework.Pods;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The subsets of an Endpoints object: pods with the same ports together, ready or not. */
final class Subsets {

    /** Upstream cuts longer lists off. */
    private static final int MOST_ADDRESSES = 1000;

    private Subsets() {}

    static ArrayNode of(KubeObject service, List<Backends.Backend> backends) {
        boolean publish = service.flag("spec", "publishNotReadyAddresses");
        Map<List<Backends.Port>, ObjectNode> byPorts = new LinkedHashMap<>();
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
            ObjectNode subset = byPorts.computeIfAbsent(backend.ports(), ports -> Json.object());
            String list = publish || Pods.ready(backend.pod()) ? "addresses" : "notReadyAddresses";
            subset.withArrayProperty(list).add(address(service, backend));
        }
        ArrayNode subsets = Json.array();
        byPorts.forEach((ports, subset) -> {
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
                .sorted(Comparator.comparing(Backends.Port::name))
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
