package io.jarnetes.controllermanager.endpoints;

import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.OwnerReference;
import io.jarnetes.kubeclient.Resource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What EndpointSlices say that mirror an Endpoints object; pure. */
final class Mirror {

    static final String MANAGER = "endpointslicemirroring-controller.k8s.io";

    /** Of each subset; upstream leaves the others out. */
    private static final int MOST_ADDRESSES = 1000;

    private static final Set<String> NOT_MIRRORED =
            Set.of(Backends.TRIGGER_TIME, "kubectl.kubernetes.io/last-applied-configuration");

    private final KubeObject endpoints;

    private Mirror(KubeObject endpoints) {
        this.endpoints = endpoints;
    }

    /** One for each set of ports and family of addresses. */
    static List<ObjectNode> of(KubeObject endpoints) {
        return new Mirror(endpoints).slices();
    }

    private List<ObjectNode> slices() {
        List<ObjectNode> slices = new ArrayList<>();
        for (JsonNode subset : endpoints.at("subsets")) {
            Map<String, ArrayNode> byFamily = new LinkedHashMap<>();
            add(byFamily, subset.path("addresses"), true);
            add(byFamily, subset.path("notReadyAddresses"), false);
            byFamily.forEach((family, all) -> slices.add(slice(family, all, subset)));
        }
        return slices;
    }

    private static void add(Map<String, ArrayNode> byFamily, JsonNode addresses, boolean ready) {
        for (JsonNode address : addresses) {
            String ip = Json.text(address, "ip");
            ArrayNode list =
                    byFamily.computeIfAbsent(
                            ip.contains(":") ? "IPv6" : "IPv4", family -> Json.array());
            if (list.size() < MOST_ADDRESSES) {
                list.add(endpoint(address, ip, ready));
            }
        }
    }

    private static ObjectNode endpoint(JsonNode address, String ip, boolean ready) {
        ObjectNode endpoint =
                Json.of("addresses", List.of(ip), "conditions", Json.of("ready", ready));
        for (String field : List.of("hostname", "nodeName", "targetRef")) {
            if (Json.present(address, field)) {
                endpoint.set(field, address.path(field).deepCopy());
            }
        }
        return endpoint;
    }

    private ObjectNode slice(String family, ArrayNode all, JsonNode subset) {
        ObjectNode slice = Json.of("addressType", family, "endpoints", all);
        slice.set("ports", ports(subset.path("ports")));
        slice.set("metadata", metadata());
        return slice;
    }

    private static ArrayNode ports(JsonNode ports) {
        ArrayNode array = Json.array();
        for (JsonNode port : ports) {
            ObjectNode tree =
                    Json.of(
                            "name", Json.text(port, "name"),
                            "port", Json.number(0, port, "port"),
                            "protocol", Json.text(port, "protocol"));
            if (Json.present(port, "appProtocol")) {
                tree.put("appProtocol", Json.text(port, "appProtocol"));
            }
            array.add(tree);
        }
        return array;
    }

    private ObjectNode metadata() {
        ObjectNode labels = Json.object();
        endpoints.labels().forEach(labels::put);
        labels.put(Slices.SERVICE_NAME, endpoints.name());
        labels.put(Slices.MANAGED_BY, MANAGER);
        ObjectNode annotations = Json.object();
        endpoints
                .annotations()
                .forEach((name, value) -> {
                    if (!NOT_MIRRORED.contains(name)) {
                        annotations.put(name, value);
                    }
                });
        ObjectNode metadata =
                Json.of(
                        "generateName",
                        endpoints.name() + "-",
                        "namespace",
                        endpoints.namespace(),
                        "labels",
                        labels);
        if (!annotations.isEmpty()) {
            metadata.set("annotations", annotations);
        }
        metadata.withArrayProperty("ownerReferences")
                .add(OwnerReference.controllerOf(Resource.ENDPOINTS, endpoints).tree());
        return metadata;
    }
}
