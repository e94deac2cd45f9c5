package io.jarnetes.apiserver.server.bootstrap;

import io.jarnetes.apiserver.schema.ApiGroup;
import io.jarnetes.apiserver.schema.ResourceTable;
import io.jarnetes.apiserver.server.tree.Trees;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** The objects of a fresh cluster, as trees. Pure. */
final class SystemObjects {

    static final String COORDINATION = "coordination.k8s.io";
    static final String NETWORKING = "networking.k8s.io";
    static final String SCHEDULING = "scheduling.k8s.io";
    static final String API_REGISTRATION = "apiregistration.k8s.io";

    private SystemObjects() {}

    static ObjectNode object(String apiVersion, String kind, String namespace, String name) {
        ObjectNode object = Trees.object();
        object.put("apiVersion", apiVersion).put("kind", kind);
        ObjectNode metadata = object.putObject("metadata").put("name", name);
        if (!namespace.isEmpty()) {
            metadata.put("namespace", namespace);
        }
        return object;
    }

    static List<ObjectNode> namespaces() {
        List<ObjectNode> namespaces = new ArrayList<>();
        for (String name : List.of("kube-system", "kube-public", "kube-node-lease", "default")) {
            namespaces.add(object("v1", "Namespace", "", name));
        }
        return namespaces;
    }

    static List<ObjectNode> priorityClasses() {
        return List.of(
                priorityClass(
                        "system-node-critical",
                        2_000_001_000,
                        "Used for system critical pods that must not be moved from their current"
                                + " node."),
                priorityClass(
                        "system-cluster-critical",
                        2_000_000_000,
                        "Used for system critical pods that must run in the cluster, but can be"
                                + " moved to another node if necessary."));
    }

    private static ObjectNode priorityClass(String name, int value, String description) {
        return object(SCHEDULING + "/v1", "PriorityClass", "", name)
                .put("value", value)
                .put("description", description)
                .put("preemptionPolicy", "PreemptLowerPriority");
    }

    static ObjectNode configMap(String namespace, String name, Map<String, String> data) {
        ObjectNode map = object("v1", "ConfigMap", namespace, name);
        ObjectNode content = map.putObject("data");
        data.forEach(content::put);
        return map;
    }

    static ObjectNode serviceCidr(List<String> cidrs) {
        ObjectNode cidr = object(NETWORKING + "/v1", "ServiceCIDR", "", "kubernetes");
        cidrs.forEach(Trees.child(cidr, "spec").putArray("cidrs")::add);
        return cidr;
    }

    static ObjectNode serviceCidrStatus(Instant now) {
        return condition(now, "Ready", "True", "", "Kubernetes default Service CIDR is ready");
    }

    private static ObjectNode condition(
            Instant now, String type, String status, String reason, String message) {
        ObjectNode tree = Trees.object();
        tree.putArray("conditions")
                .addObject()
                .put("lastTransitionTime", now.truncatedTo(ChronoUnit.SECONDS).toString())
                .put("message", message)
                .put("reason", reason)
                .put("status", status)
                .put("type", type);
        return tree;
    }

    static ObjectNode kubernetesService(String clusterIp, boolean ipv6, int port) {
        ObjectNode service = object("v1", "Service", "default", "kubernetes");
        Trees.child(service, "metadata")
                .putObject("labels")
                .put("component", "apiserver")
                .put("provider", "kubernetes");
        ObjectNode spec = service.putObject("spec");
        spec.put("clusterIP", clusterIp);
        spec.putArray("clusterIPs").add(clusterIp);
        spec.put("internalTrafficPolicy", "Cluster");
        spec.putArray("ipFamilies").add(ipv6 ? "IPv6" : "IPv4");
        spec.put("ipFamilyPolicy", "SingleStack");
        spec.putArray("ports")
                .addObject()
                .put("name", "https")
                .put("port", 443)
                .put("protocol", "TCP")
                .put("targetPort", port);
        spec.put("sessionAffinity", "None").put("type", "ClusterIP");
        return service;
    }

    static ObjectNode ipAddress(String ip, boolean ipv6, String namespace, String service) {
        ObjectNode address = object(NETWORKING + "/v1", "IPAddress", "", ip);
        Trees.child(address, "metadata")
                .putObject("labels")
                .put("ipaddress.kubernetes.io/ip-family", ipv6 ? "IPv6" : "IPv4")
                .put("ipaddress.kubernetes.io/managed-by", "ipallocator.k8s.io");
        address.putObject("spec")
                .putObject("parentRef")
                .put("name", service)
                .put("namespace", namespace)
                .put("resource", "services");
        return address;
    }

    /** One APIService for each version that this server serves itself. */
    static List<ObjectNode> apiServices(ResourceTable table) {
        List<ObjectNode> services = new ArrayList<>();
        for (ApiGroup group : table.groups()) {
            for (ApiGroup.ApiVersion version : group.versions()) {
                ObjectNode service =
                        object(
                                API_REGISTRATION + "/v1",
                                "APIService",
                                "",
                                version.version() + "." + group.name());
                Trees.child(service, "metadata")
                        .putObject("labels")
                        .put("kube-aggregator.kubernetes.io/automanaged", "onstart");
                ObjectNode spec = service.putObject("spec");
                if (!group.name().isEmpty()) {
                    spec.put("group", group.name());
                }
                spec.put("version", version.version())
                        .put("groupPriorityMinimum", group.priorityMinimum())
                        .put("versionPriority", version.priority());
                services.add(service);
            }
        }
        return services;
    }

    static ObjectNode flowSchemaStatus(Instant now, String level) {
        return condition(
                now,
                "Dangling",
                "False",
                "Found",
                "This FlowSchema references the PriorityLevelConfiguration object named \""
                        + level
                        + "\" and it exists");
    }
}
