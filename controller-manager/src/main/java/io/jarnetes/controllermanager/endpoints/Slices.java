package io.jarnetes.controllermanager.endpoints;

import io.jarnetes.controllermanager.framework.Pods;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.OwnerReference;
import io.jarnetes.kubeclient.Resource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which EndpointSlices a Service should have: pods with the same ports together, at most {@value
 * #MOST_ENDPOINTS} a slice, and an empty slice when there is no pod.
 */
final class Slices {

    static final String SERVICE_NAME = "kubernetes.io/service-name";
    static final String MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
    static final String MANAGER = "endpointslice-controller.k8s.io";
    private static final int MOST_ENDPOINTS = 100;

    /** What to write. */
    record Changes(List<ObjectNode> create, List<ObjectNode> update, List<KubeObject> delete) {}

    private final KubeObject service;
    private final Function<String, String> zones;

    /**
     * @param zones the zone of a node; empty where it has none
     */
    Slices(KubeObject service, Function<String, String> zones) {
        this.service = service;
        this.zones = zones;
    }

    /**
     * @param existing the slices of this Service and manager
     */
    Changes reconcile(List<Backends.Backend> backends, List<KubeObject> existing) {
        Changes changes = new Changes(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        List<KubeObject> spare = new ArrayList<>(existing);
        for (String family : families()) {
            Map<List<Backends.Port>, List<Backends.Backend>> groups = new LinkedHashMap<>();
            for (Backends.Backend backend : backends) {
                if (!address(backend.pod(), family).isEmpty()) {
                    groups.computeIfAbsent(backend.ports(), ports -> new ArrayList<>())
                            .add(backend);
                }
            }
            if (groups.isEmpty()) {
                groups.put(List.of(), List.of());
            }
            groups.forEach(
                    (ports, group) -> chunks(family, ports, group, spare, backends, changes));
        }
        changes.delete().addAll(spare);
        return changes;
    }

    private List<String> families() {
        List<String> families = Json.list(service.tree(), "spec", "ipFamilies");
        return families.isEmpty() ? List.of("IPv4") : families;
    }

    private static String address(KubeObject pod, String family) {
        boolean six = family.equals("IPv6");
        for (var ip : pod.at("status", "podIPs")) {
            String text = Json.text(ip, "ip");
            if (text.contains(":") == six) {
                return text;
            }
        }
        String only = pod.text("status", "podIP");
        return only.contains(":") == six ? only : "";
    }

    private void chunks(
            String family,
            List<Backends.Port> ports,
            List<Backends.Backend> group,
            List<KubeObject> spare,
            List<Backends.Backend> all,
            Changes changes) {
        int at = 0;
        do {
            List<Backends.Backend> chunk =
                    group.subList(at, Math.min(at + MOST_ENDPOINTS, group.size()));
            ObjectNode content = content(family, ports, chunk, all);
            KubeObject old = take(spare, family, content);
            if (old == null) {
                changes.create().add(fresh(content));
            } else {
                ObjectNode tree = old.copy();
                merge(tree, content);
                if (!Json.same(withoutTrigger(tree), withoutTrigger(old.tree()))) {
                    changes.update().add(tree);
                }
            }
            at += MOST_ENDPOINTS;
        } while (at < group.size());
    }

    /** The one with these ports, else any of the family. */
    private static @org.jspecify.annotations.Nullable KubeObject take(
            List<KubeObject> spare, String family, ObjectNode content) {
        KubeObject any = null;
        for (KubeObject slice : spare) {
            if (!slice.text("addressType").equals(family)) {
                continue;
            }
            if (Json.same(slice.at("ports"), content.path("ports"))) {
                spare.remove(slice);
                return slice;
            }
            any = any == null ? slice : any;
        }
        if (any != null) {
            spare.remove(any);
        }
        return any;
    }

    private static ObjectNode withoutTrigger(ObjectNode tree) {
        ObjectNode copy = tree.deepCopy();
        if (copy.path("metadata").path("annotations") instanceof ObjectNode annotations) {
            annotations.remove(Backends.TRIGGER_TIME);
        }
        return copy;
    }

    private ObjectNode content(
            String family,
            List<Backends.Port> ports,
            List<Backends.Backend> chunk,
            List<Backends.Backend> all) {
        ArrayNode endpoints = Json.array();
        chunk.forEach(backend -> endpoints.add(endpoint(backend, family)));
        ObjectNode labels = Json.object();
        service.labels().forEach(labels::put);
        if (Backends.headless(service)) {
            labels.put(Backends.HEADLESS, "");
        }
        labels.put(SERVICE_NAME, service.name());
        labels.put(MANAGED_BY, MANAGER);
        ObjectNode content = Json.of("addressType", family, "endpoints", endpoints);
        if (ports.isEmpty()) {
            content.putNull("ports");
        } else {
            content.set("ports", ports(ports));
        }
        content.set(
                "metadata",
                Json.of(
                        "labels",
                        labels,
                        "annotations",
                        Json.of(
                                Backends.TRIGGER_TIME,
                                KubeObject.time(Backends.trigger(service, all)))));
        return content;
    }

    private static ArrayNode ports(List<Backends.Port> ports) {
        ArrayNode array = Json.array();
        for (Backends.Port port : ports.stream().sorted(PortOrder.OF_SLICES).toList()) {
            ObjectNode tree =
                    Json.of("name", port.name(), "port", port.port(), "protocol", port.protocol());
            if (!port.appProtocol().isEmpty()) {
                tree.put("appProtocol", port.appProtocol());
            }
            array.add(tree);
        }
        return array;
    }

    private ObjectNode endpoint(Backends.Backend backend, String family) {
        KubeObject pod = backend.pod();
        boolean serving = Pods.ready(pod);
        boolean publish = service.flag("spec", "publishNotReadyAddresses");
        ObjectNode endpoint =
                Json.of(
                        "addresses",
                        List.of(address(pod, family)),
                        "conditions",
                        Json.of(
                                "ready",
                                publish || serving && !pod.deleting(),
                                "serving",
                                serving,
                                "terminating",
                                pod.deleting()),
                        "targetRef",
                        Json.of(
                                "kind", "Pod",
                                "namespace", pod.namespace(),
                                "name", pod.name(),
                                "uid", pod.uid()));
        String hostname = Backends.hostname(service, pod);
        if (!hostname.isEmpty()) {
            endpoint.put("hostname", hostname);
        }
        if (!backend.node().isEmpty()) {
            endpoint.put("nodeName", backend.node());
            String zone = zones.apply(backend.node());
            if (!zone.isEmpty()) {
                endpoint.put("zone", zone);
            }
        }
        return endpoint;
    }

    private ObjectNode fresh(ObjectNode content) {
        ObjectNode metadata = content.withObjectProperty("metadata");
        metadata.put("generateName", service.name() + "-");
        metadata.put("namespace", service.namespace());
        metadata.withArrayProperty("ownerReferences")
                .add(OwnerReference.controllerOf(Resource.SERVICES, service).tree());
        return content;
    }

    private static void merge(ObjectNode tree, ObjectNode content) {
        tree.set("endpoints", content.path("endpoints"));
        tree.set("ports", content.path("ports"));
        ObjectNode metadata = tree.withObjectProperty("metadata");
        metadata.set("labels", Json.at(content, "metadata", "labels"));
        metadata.withObjectProperty("annotations")
                .setAll((ObjectNode) Json.at(content, "metadata", "annotations"));
    }
}
