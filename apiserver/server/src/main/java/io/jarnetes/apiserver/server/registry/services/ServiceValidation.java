package io.jarnetes.apiserver.server.registry.services;

import static io.jarnetes.apiserver.server.registry.services.ServiceStrategy.clusterIp;
import static io.jarnetes.apiserver.server.registry.services.ServiceStrategy.type;

import io.jarnetes.apiserver.server.registry.FieldErrors;
import io.jarnetes.apiserver.server.registry.Meta;
import io.jarnetes.apiserver.server.registry.validation.LoadBalancerStatus;
import io.jarnetes.apiserver.server.registry.validation.MetaValidation;
import io.jarnetes.apiserver.server.registry.validation.NameRules;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The rules of Services ({@code pkg/apis/core/validation}, ValidateService). */
final class ServiceValidation {

    private static final List<String> TYPES =
            List.of("ClusterIP", "ExternalName", "LoadBalancer", "NodePort");
    private static final List<String> FAMILIES = List.of("IPv4", "IPv6");
    private static final List<String> POLICIES =
            List.of("PreferDualStack", "RequireDualStack", "SingleStack");
    private static final List<String> PROTOCOLS = List.of("SCTP", "TCP", "UDP");

    private ServiceValidation() {}

    static void validate(ObjectNode service, FieldErrors errors) {
        JsonNode spec = service.path("spec");
        String type = type(spec);
        boolean headless = clusterIp(spec).equals("None");
        if (spec.path("ports").isEmpty() && !headless && !type.equals("ExternalName")) {
            errors.required("spec.ports", "");
        }
        if (type.equals("ExternalName")) {
            externalName(spec, errors);
        }
        ports(spec, errors);
        String affinity = spec.path("sessionAffinity").asString("");
        if (affinity.isEmpty()) {
            errors.required("spec.sessionAffinity", "");
        } else if (!affinity.equals("None") && !affinity.equals("ClientIP")) {
            errors.notSupported("spec.sessionAffinity", affinity, List.of("ClientIP", "None"));
        }
        ServiceExtras.affinity(spec, errors);
        MetaValidation.labels(Meta.stringMap(spec.path("selector")), "spec.selector", errors);
        externalIps(spec, errors);
        if (!TYPES.contains(type)) {
            errors.notSupported("spec.type", type, TYPES);
        }
        if (type.equals("ClusterIP")) {
            noNodePorts(spec, errors);
        }
        sourceRanges(spec, type, errors);
        ServiceExtras.balancer(spec, type, errors);
        traffic(spec, type, errors);
        ServiceExtras.traffic(spec, type, errors);
    }

    /** Looked at before anything is allocated. */
    static void families(JsonNode spec, FieldErrors errors) {
        int i = 0;
        Set<String> seen = new HashSet<>();
        for (JsonNode each : spec.path("ipFamilies")) {
            if (!FAMILIES.contains(each.asString(""))) {
                errors.notSupported("spec.ipFamilies[" + i + "]", each, FAMILIES);
            }
            if (!seen.add(each.asString(""))) {
                errors.duplicate("spec.ipFamilies[" + i + "]", each);
            }
            i++;
        }
        String policy = spec.path("ipFamilyPolicy").asString("");
        if (!policy.isEmpty() && !POLICIES.contains(policy)) {
            errors.notSupported("spec.ipFamilyPolicy", policy, POLICIES);
        }
    }

    private static void externalName(JsonNode spec, FieldErrors errors) {
        if (!spec.path("clusterIPs").isEmpty() || !clusterIp(spec).isEmpty()) {
            errors.forbidden("spec.clusterIPs", "may not be set for ExternalName services");
        }
        String name = spec.path("externalName").asString("");
        if (name.isEmpty()) {
            errors.required("spec.externalName", "");
        } else {
            String host = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
            errors.invalid("spec.externalName", host, NameRules.dns1123Subdomain(host));
        }
    }

    private static void ports(JsonNode spec, FieldErrors errors) {
        Set<String> names = new HashSet<>();
        Set<String> numbers = new HashSet<>();
        int count = spec.path("ports").size();
        int i = 0;
        for (JsonNode port : spec.path("ports")) {
            String at = "spec.ports[" + i++ + "]";
            String name = port.path("name").asString("");
            if (name.isEmpty()) {
                if (count > 1) {
                    errors.required(at + ".name", "");
                }
            } else {
                errors.invalid(at + ".name", name, NameRules.dns1123Label(name));
                if (!names.add(name)) {
                    errors.duplicate(at + ".name", name);
                }
            }
            int number = port.path("port").asInt(0);
            if (number < 1 || number > 65_535) {
                errors.invalid(at + ".port", number, NameRules.range(1, 65_535));
            }
            String protocol = port.path("protocol").asString("");
            if (protocol.isEmpty()) {
                errors.required(at + ".protocol", "");
            } else if (!PROTOCOLS.contains(protocol)) {
                errors.notSupported(at + ".protocol", protocol, PROTOCOLS);
            }
            targetPort(port.path("targetPort"), at + ".targetPort", errors);
            ServiceExtras.appProtocol(port, at, errors);
        }
        int j = 0;
        for (JsonNode port : spec.path("ports")) {
            String at = "spec.ports[" + j++ + "]";
            String protocol = port.path("protocol").asString("");
            int number = port.path("port").asInt(0);
            if (!numbers.add(protocol + number)) {
                errors.duplicate(at, goPort(protocol, number));
            }
        }
    }

    /** The Go struct as upstream prints it: only protocol and port count there. */
    private static ObjectNode goPort(String protocol, int number) {
        ObjectNode port = Meta.object();
        port.put("Name", "");
        port.put("Protocol", protocol);
        port.putNull("AppProtocol");
        port.put("Port", number);
        port.put("TargetPort", 0);
        port.put("NodePort", 0);
        return port;
    }

    private static void targetPort(JsonNode target, String at, FieldErrors errors) {
        if (target.isNumber()) {
            errors.invalid(at, target, NameRules.portNumber(target.asLong()));
        } else if (target.isString()) {
            errors.invalid(at, target, NameRules.portName(target.asString()));
        }
    }

    private static void externalIps(JsonNode spec, FieldErrors errors) {
        int i = 0;
        for (JsonNode each : spec.path("externalIPs")) {
            String at = "spec.externalIPs[" + i++ + "]";
            String ip = each.asString("");
            List<String> wrong = NameRules.ip(ip);
            if (!wrong.isEmpty()) {
                errors.invalid(at, ip, wrong);
            } else if (ip.startsWith("127.") || ip.equals("::1")) {
                errors.invalid(at, ip, "may not be in the loopback range (127.0.0.0/8, ::1/128)");
            } else if (ip.equals("0.0.0.0") || ip.equals("::")) {
                errors.invalid(at, ip, "may not be unspecified (0.0.0.0 or ::)");
            } else if (ip.startsWith("169.254.")) {
                errors.invalid(
                        at, ip, "may not be in the link-local range (169.254.0.0/16, fe80::/10)");
            }
        }
    }

    private static void noNodePorts(JsonNode spec, FieldErrors errors) {
        int i = 0;
        for (JsonNode port : spec.path("ports")) {
            if (port.path("nodePort").asInt(0) != 0) {
                errors.forbidden(
                        "spec.ports[" + i + "].nodePort",
                        "may not be used when `type` is 'ClusterIP'");
            }
            i++;
        }
    }

    private static void sourceRanges(JsonNode spec, String type, FieldErrors errors) {
        JsonNode ranges = spec.path("loadBalancerSourceRanges");
        if (ranges.isEmpty()) {
            return;
        }
        if (!type.equals("LoadBalancer")) {
            errors.forbidden(
                    "spec.LoadBalancerSourceRanges",
                    "may only be used when `type` is 'LoadBalancer'");
        }
        int i = 0;
        for (JsonNode each : ranges) {
            // Upstream takes blanks around it, for what was once an annotation.
            String cidr = each.asString("").strip();
            errors.invalid(
                    "spec.LoadBalancerSourceRanges[" + i++ + "]", cidr, NameRules.cidr(cidr));
        }
    }

    private static void traffic(JsonNode spec, String type, FieldErrors errors) {
        String policy = spec.path("externalTrafficPolicy").asString("");
        boolean external = type.equals("NodePort") || type.equals("LoadBalancer");
        boolean outside = type.equals("ClusterIP") && !spec.path("externalIPs").isEmpty();
        if (!external && !outside) {
            if (!policy.isEmpty()) {
                errors.invalid(
                        "spec.externalTrafficPolicy",
                        policy,
                        "may only be set for externally-accessible services");
            }
        } else if (policy.isEmpty() && external) {
            errors.required("spec.externalTrafficPolicy", "");
        } else if (!policy.isEmpty() && !policy.equals("Cluster") && !policy.equals("Local")) {
            errors.notSupported("spec.externalTrafficPolicy", policy, List.of("Cluster", "Local"));
        }
        String internal = spec.path("internalTrafficPolicy").asString("");
        if (internal.isEmpty()) {
            if (external || type.equals("ClusterIP")) {
                errors.required("spec.internalTrafficPolicy", "");
            }
        } else if (!internal.equals("Cluster") && !internal.equals("Local")) {
            errors.notSupported(
                    "spec.internalTrafficPolicy", internal, List.of("Cluster", "Local"));
        }
    }

    /** Looked at before addresses are allocated. */
    static void clusterIps(JsonNode spec, FieldErrors errors) {
        List<String> ips = Meta.strings(spec.path("clusterIPs"));
        String type = type(spec);
        for (int i = 0; i < ips.size(); i++) {
            String ip = ips.get(i);
            String at = "spec.clusterIPs[" + i + "]";
            if (ip.equals("None")) {
                if (i > 0) {
                    errors.invalid(at, ip, "must be a valid IP");
                } else if (!type.equals("ClusterIP")) {
                    errors.invalid(at, ip, "may not be set to 'None' for " + type + " services");
                }
            } else {
                errors.invalid(at, ip, NameRules.ip(ip));
            }
        }
        if (!ips.isEmpty() && !ips.getFirst().equals(clusterIp(spec))) {
            errors.invalid(
                    "spec.clusterIPs",
                    spec.path("clusterIPs"),
                    "first value must match `clusterIP`");
        }
    }

    static void validateUpdate(ObjectNode service, ObjectNode old, FieldErrors errors) {
        JsonNode spec = service.path("spec");
        JsonNode before = old.path("spec");
        boolean both = !type(spec).equals("ExternalName") && !type(before).equals("ExternalName");
        if (both && !clusterIp(spec).equals(clusterIp(before)) && !clusterIp(before).isEmpty()) {
            errors.invalid(
                    "spec.clusterIPs[0]",
                    Meta.strings(spec.path("clusterIPs")).isEmpty()
                            ? null
                            : spec.path("clusterIPs"),
                    "may not change once set");
        }
        if (type(spec).equals("LoadBalancer")
                && type(before).equals("LoadBalancer")
                && !Meta.semanticallyEqual(
                        spec.get("loadBalancerClass"), before.get("loadBalancerClass"))) {
            errors.invalid(
                    "spec.loadBalancerClass",
                    spec.get("loadBalancerClass"),
                    "may not change once set");
        }
        if (checked(spec)
                && checked(before)
                && spec.path("healthCheckNodePort").asInt(0)
                        != before.path("healthCheckNodePort").asInt(0)) {
            errors.forbidden("spec.healthCheckNodePort", "field is immutable");
        }
        validate(service, errors);
    }

    /** Whether balancers are to ask which nodes have endpoints. */
    private static boolean checked(JsonNode spec) {
        return type(spec).equals("LoadBalancer")
                && spec.path("externalTrafficPolicy").asString("").equals("Local");
    }

    static void validateStatus(ObjectNode service, ObjectNode old, FieldErrors errors) {
        JsonNode ingress = service.path("status").path("loadBalancer").path("ingress");
        String at = "status.loadBalancer.ingress";
        if (!type(service.path("spec")).equals("LoadBalancer")) {
            if (!ingress.isEmpty()) {
                errors.forbidden(at, "may only be used when `spec.type` is 'LoadBalancer'");
            }
            return;
        }
        LoadBalancerStatus.validate(ingress, at, true, errors);
    }
}
