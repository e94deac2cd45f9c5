package io.jarnetes.apiserver.schema.defaults;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Defaults of the core group that depend on other fields. */
final class CoreRules {
    private static final String CORE = "io.k8s.api.core.v1.";
    private static final Pattern REPOSITORY =
            Pattern.compile(
                    "(?:[a-zA-Z0-9.-]+(?::\\d+)?/|\\[[0-9a-fA-F:]+\\](?::\\d+)?/)?"
                            + "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
                            + "(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*");
    private static final long CLIENT_IP_SECONDS = 10_800;

    private CoreRules() {}

    static void addTo(Map<String, Consumer<ObjectNode>> rules) {
        rules.put(CORE + "Pod", PodRules::pod);
        rules.put(CORE + "Container", CoreRules::container);
        rules.put(CORE + "EphemeralContainer", CoreRules::container);
        rules.put(CORE + "Volume", CoreRules::volume);
        rules.put(CORE + "Service", CoreRules::service);
        rules.put(CORE + "ReplicationController", CoreRules::replicationController);
        rules.put(CORE + "Namespace", CoreRules::namespace);
        rules.put(CORE + "NodeStatus", CoreRules::nodeStatus);
        rules.put(CORE + "LimitRangeItem", CoreRules::limitRangeItem);
    }

    private static void container(ObjectNode container) {
        if (Trees.text(container, "imagePullPolicy").isEmpty()) {
            container.put("imagePullPolicy", pullPolicy(Trees.text(container, "image")));
        }
    }

    /** Always for the tag {@code latest}, which is also what no tag and no digest means. */
    static String pullPolicy(String image) {
        int at = image.indexOf('@');
        String name = at < 0 ? image : image.substring(0, at);
        int colon = name.lastIndexOf(':');
        boolean tagged = colon > name.lastIndexOf('/');
        String repository = tagged ? name.substring(0, colon) : name;
        if (!REPOSITORY.matcher(repository).matches()) {
            return "IfNotPresent";
        }
        boolean latest = tagged ? name.substring(colon + 1).equals("latest") : at < 0;
        return latest ? "Always" : "IfNotPresent";
    }

    private static void volume(ObjectNode volume) {
        boolean hasSource = volume.properties().stream().anyMatch(e -> !e.getKey().equals("name"));
        if (!hasSource) {
            volume.putObject("emptyDir");
        }
        if (volume.get("image") instanceof ObjectNode image
                && Trees.text(image, "pullPolicy").isEmpty()) {
            image.put("pullPolicy", pullPolicy(Trees.text(image, "reference")));
        }
    }

    private static void service(ObjectNode service) {
        ObjectNode spec = Trees.child(service, "spec");
        affinity(spec);
        String type = Trees.text(spec, "type").isEmpty() ? "ClusterIP" : Trees.text(spec, "type");
        for (ObjectNode port : Trees.objects(spec, "ports")) {
            if (Trees.unset(port.get("targetPort"))) {
                port.set("targetPort", port.path("port").deepCopy());
            }
        }
        boolean balanced = type.equals("LoadBalancer");
        boolean external =
                balanced
                        || type.equals("NodePort")
                        || type.equals("ClusterIP") && !spec.path("externalIPs").isEmpty();
        if (external && Trees.text(spec, "externalTrafficPolicy").isEmpty()) {
            spec.put("externalTrafficPolicy", "Cluster");
        }
        if (!spec.has("internalTrafficPolicy")
                && List.of("NodePort", "LoadBalancer", "ClusterIP").contains(type)) {
            spec.put("internalTrafficPolicy", "Cluster");
        }
        if (balanced && !spec.has("allocateLoadBalancerNodePorts")) {
            spec.put("allocateLoadBalancerNodePorts", true);
        }
        if (balanced && service.at("/status/loadBalancer") instanceof ObjectNode balancer) {
            for (ObjectNode ingress : Trees.objects(balancer, "ingress")) {
                if (ingress.has("ip") && !ingress.has("ipMode")) {
                    ingress.put("ipMode", "VIP");
                }
            }
        }
    }

    private static void affinity(ObjectNode spec) {
        if (!Trees.text(spec, "sessionAffinity").equals("ClientIP")) {
            spec.remove("sessionAffinityConfig");
        } else if (spec.at("/sessionAffinityConfig/clientIP/timeoutSeconds").isMissingNode()) {
            spec.putObject("sessionAffinityConfig")
                    .putObject("clientIP")
                    .put("timeoutSeconds", CLIENT_IP_SECONDS);
        }
    }

    private static void replicationController(ObjectNode controller) {
        JsonNode labels = controller.at("/spec/template/metadata/labels");
        if (labels.isEmpty()) {
            return;
        }
        ObjectNode spec = Trees.child(controller, "spec");
        if (spec.path("selector").isEmpty()) {
            spec.set("selector", labels.deepCopy());
        }
        ObjectNode metadata = Trees.child(controller, "metadata");
        if (metadata.path("labels").isEmpty()) {
            metadata.set("labels", labels.deepCopy());
        }
    }

    private static void namespace(ObjectNode namespace) {
        ObjectNode metadata = Trees.child(namespace, "metadata");
        String name = Trees.text(metadata, "name");
        if (!name.isEmpty()) {
            Trees.child(metadata, "labels").put("kubernetes.io/metadata.name", name);
        }
    }

    private static void nodeStatus(ObjectNode status) {
        if (status.path("allocatable").isEmpty() && !status.path("capacity").isEmpty()) {
            status.set("allocatable", status.path("capacity").deepCopy());
        }
    }

    private static void limitRangeItem(ObjectNode item) {
        if (Trees.text(item, "type").equals("Container")) {
            ObjectNode limits = Trees.child(item, "default");
            ObjectNode requests = Trees.child(item, "defaultRequest");
            Trees.fill(item.get("max"), limits);
            Trees.fill(limits, requests);
            Trees.fill(item.get("min"), requests);
        }
    }
}
