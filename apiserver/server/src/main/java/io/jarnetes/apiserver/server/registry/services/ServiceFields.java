package io.jarnetes.apiserver.server.registry.services;

import static io.jarnetes.apiserver.server.registry.services.ServiceStrategy.clusterIp;
import static io.jarnetes.apiserver.server.registry.services.ServiceStrategy.type;

import io.jarnetes.apiserver.server.registry.FieldErrors;
import io.jarnetes.apiserver.server.registry.Meta;
import io.jarnetes.apiserver.server.registry.validation.NameRules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Fields of a Service that depend on its type and on what it had before. */
final class ServiceFields {

    private ServiceFields() {}

    static boolean needsClusterIp(JsonNode spec) {
        return !type(spec).equals("ExternalName");
    }

    static boolean needsNodePorts(JsonNode spec) {
        return switch (type(spec)) {
            case "NodePort" -> true;
            case "LoadBalancer" -> spec.path("allocateLoadBalancerNodePorts").asBoolean(true);
            default -> false;
        };
    }

    private static boolean external(JsonNode spec) {
        String type = type(spec);
        return type.equals("NodePort") || type.equals("LoadBalancer");
    }

    static Set<Integer> nodePorts(JsonNode spec) {
        Set<Integer> ports = new HashSet<>();
        for (JsonNode each : spec.path("ports")) {
            if (each.path("nodePort").asInt(0) > 0) {
                ports.add(each.path("nodePort").asInt());
            }
        }
        if (spec.path("healthCheckNodePort").asInt(0) > 0) {
            ports.add(spec.path("healthCheckNodePort").asInt());
        }
        return ports;
    }

    /** What the new type has no use for goes, if the user did not touch it. */
    static void dropForType(ObjectNode spec, JsonNode old) {
        if (needsClusterIp(old)
                && !needsClusterIp(spec)
                && same(spec, old, "clusterIPs")
                && same(spec, old, "clusterIP")) {
            spec.remove(
                    List.of(
                            "clusterIP",
                            "clusterIPs",
                            "ipFamilies",
                            "ipFamilyPolicy",
                            "internalTrafficPolicy"));
        }
        if (external(old) && !external(spec)) {
            if (nodePorts(spec).equals(nodePorts(old))) {
                spec.path("ports")
                        .forEach(each -> {
                            if (each instanceof ObjectNode port) {
                                port.remove("nodePort");
                            }
                        });
            }
            if (same(spec, old, "externalTrafficPolicy")) {
                spec.remove("externalTrafficPolicy");
            }
        }
        if (type(old).equals("LoadBalancer") && !type(spec).equals("LoadBalancer")) {
            for (String field :
                    List.of(
                            "allocateLoadBalancerNodePorts",
                            "loadBalancerClass",
                            "healthCheckNodePort")) {
                if (same(spec, old, field)) {
                    spec.remove(field);
                }
            }
        }
    }

    private static boolean same(JsonNode spec, JsonNode old, String field) {
        return Meta.semanticallyEqual(spec.get(field), old.get(field));
    }

    /** A PUT that leaves out what was allocated keeps it. */
    static void keepAllocated(ObjectNode spec, JsonNode old) {
        if (needsClusterIp(old)
                && needsClusterIp(spec)
                && clusterIp(spec).isEmpty()
                && (spec.path("clusterIPs").isEmpty() || same(spec, old, "clusterIPs"))
                && old instanceof ObjectNode before) {
            Meta.copyField(before, spec, "clusterIP");
            Meta.copyField(before, spec, "clusterIPs");
        }
        if (needsNodePorts(old) && needsNodePorts(spec)) {
            for (JsonNode each : spec.path("ports")) {
                if (each instanceof ObjectNode port && port.path("nodePort").asInt(0) == 0) {
                    keepNodePort(port, spec, old);
                }
            }
        }
    }

    private static void keepNodePort(ObjectNode port, JsonNode spec, JsonNode old) {
        for (JsonNode before : old.path("ports")) {
            int number = before.path("nodePort").asInt(0);
            boolean matches =
                    before.path("port").asInt(0) == port.path("port").asInt(0)
                            && before.path("protocol")
                                    .asString("TCP")
                                    .equals(port.path("protocol").asString("TCP"));
            if (matches && number > 0 && !nodePorts(spec).contains(number)) {
                port.put("nodePort", number);
                return;
            }
        }
    }

    /** {@code clusterIP} and {@code clusterIPs[0]} say the same; old clients set only the first. */
    static void normalizeClusterIps(ObjectNode spec, JsonNode old) {
        String one = clusterIp(spec);
        JsonNode many = spec.path("clusterIPs");
        if (!one.isEmpty() && many.isEmpty()) {
            spec.putArray("clusterIPs").add(one);
        } else if (one.isEmpty() && !many.isEmpty()) {
            boolean cleared = !clusterIp(old).isEmpty();
            if (cleared && Meta.semanticallyEqual(many, old.get("clusterIPs"))) {
                spec.remove("clusterIPs");
            } else {
                spec.set("clusterIP", many.get(0));
            }
        } else if (!one.isEmpty()
                && !clusterIp(old).isEmpty()
                && !one.equals(clusterIp(old))
                && Meta.semanticallyEqual(many, old.get("clusterIPs"))) {
            spec.putArray("clusterIPs").add(one);
        }
    }

    private static void headlessFamilies(ObjectNode spec, String policy) {
        List<String> families = new ArrayList<>(Meta.strings(spec.path("ipFamilies")));
        if (families.isEmpty()) {
            families.add("IPv4");
        }
        if (!policy.equals("SingleStack") && families.size() == 1) {
            families.add(families.getFirst().equals("IPv4") ? "IPv6" : "IPv4");
        }
        families.forEach(spec.putArray("ipFamilies")::add);
    }

    /** What can be said of families before any is given. */
    private static void checkFamilies(
            JsonNode spec, ClusterIps addresses, List<String> families, FieldErrors errors) {
        String policy = spec.path("ipFamilyPolicy").asString("");
        boolean single = policy.isEmpty() || policy.equals("SingleStack");
        if (families.size() > 1 && single) {
            errors.invalid(
                    "spec.ipFamilyPolicy",
                    "SingleStack",
                    "must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are"
                            + " specified");
            return;
        }
        String address = clusterIp(spec);
        if (!address.isEmpty() && !address.equals("None")) {
            checkAddress(spec, addresses, families, errors);
            return;
        }
        int i = 0;
        for (String family : families) {
            if (!addresses.hasFamily(family) && (family.equals("IPv4") || family.equals("IPv6"))) {
                errors.invalid(
                        "spec.ipFamilies[" + i + "]", family, "not configured on this cluster");
            }
            i++;
        }
    }

    private static void checkAddress(
            JsonNode spec, ClusterIps addresses, List<String> families, FieldErrors errors) {
        String address = clusterIp(spec);
        if (!NameRules.ip(address).isEmpty()) {
            return;
        }
        String family = address.indexOf(':') < 0 ? "IPv4" : "IPv6";
        if (!families.isEmpty() && !families.getFirst().equals(family)) {
            errors.invalid(
                    "spec.clusterIPs[0]",
                    address,
                    "expected an "
                            + families.getFirst()
                            + " value as indicated by `ipFamilies[0]`");
        } else if (!addresses.hasFamily(family)) {
            errors.invalid(
                    "spec.clusterIPs[0]",
                    spec.path("clusterIPs"),
                    family + " is not configured on this cluster");
        }
    }

    static void defaultFamilies(ObjectNode spec, ClusterIps addresses, FieldErrors errors) {
        List<String> families = Meta.strings(spec.path("ipFamilies"));
        boolean headless = clusterIp(spec).equals("None") && spec.path("selector").isEmpty();
        if (!headless) {
            checkFamilies(spec, addresses, families, errors);
            if (!errors.isEmpty()) {
                return;
            }
        }
        String policy = spec.path("ipFamilyPolicy").asString("");
        if (policy.isEmpty()) {
            policy = headless ? "RequireDualStack" : "SingleStack";
            spec.put("ipFamilyPolicy", policy);
        }
        if (clusterIp(spec).equals("None") && spec.path("selector").isEmpty()) {
            // Nobody gives it addresses: its endpoints may be of any family.
            headlessFamilies(spec, policy);
            return;
        }
        if (policy.equals("RequireDualStack") && addresses.families() < 2) {
            errors.invalid(
                    "spec.ipFamilyPolicy",
                    policy,
                    "this cluster is not configured for dual-stack services");
            return;
        }
        if (families.isEmpty()) {
            ArrayNode array = spec.putArray("ipFamilies");
            String ip = clusterIp(spec);
            String first =
                    ip.isEmpty() || ip.equals("None")
                            ? addresses.primaryFamily()
                            : ip.indexOf(':') < 0 ? "IPv4" : "IPv6";
            array.add(first);
            if (!policy.equals("SingleStack") && addresses.families() > 1) {
                array.add(first.equals("IPv4") ? "IPv6" : "IPv4");
            }
        }
    }
}
