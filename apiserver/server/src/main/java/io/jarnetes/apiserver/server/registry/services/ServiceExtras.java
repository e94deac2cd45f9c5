package io.jarnetes.apiserver.server.registry.services;

import io.jarnetes.apiserver.server.registry.FieldErrors;
import io.jarnetes.apiserver.server.registry.validation.NameRules;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Fields of Services that few use: what goes with which type, and what is warned of. */
final class ServiceExtras {

    private static final int MAX_AFFINITY_SECONDS = 86_400;
    private static final String PREFER_CLOSE = "PreferClose";
    private static final String PREFER_ZONE = "PreferSameZone";
    private static final List<String> DISTRIBUTIONS =
            List.of(PREFER_CLOSE, PREFER_ZONE, "PreferSameNode");

    private ServiceExtras() {}

    static void affinity(JsonNode spec, FieldErrors errors) {
        String at = "spec.sessionAffinityConfig";
        JsonNode config = spec.path("sessionAffinityConfig");
        switch (spec.path("sessionAffinity").asString("")) {
            case "ClientIP" -> {
                JsonNode seconds = config.path("clientIP").path("timeoutSeconds");
                if (seconds.isNumber()
                        && (seconds.asLong() <= 0 || seconds.asLong() > MAX_AFFINITY_SECONDS)) {
                    errors.invalid(
                            at + ".clientIP.timeoutSeconds",
                            seconds,
                            "must be greater than 0 and less than " + MAX_AFFINITY_SECONDS);
                }
            }
            case "None" -> {
                if (config.isObject()) {
                    errors.forbidden(at, "must not be set when session affinity is None");
                }
            }
            default -> {}
        }
    }

    static void appProtocol(JsonNode port, String at, FieldErrors errors) {
        if (port.hasNonNull("appProtocol")) {
            String protocol = port.path("appProtocol").asString("");
            errors.invalid(at + ".appProtocol", protocol, NameRules.qualifiedName(protocol));
        }
    }

    static void balancer(JsonNode spec, String type, FieldErrors errors) {
        boolean balanced = type.equals("LoadBalancer");
        String only = "may only be used when `type` is 'LoadBalancer'";
        if (!balanced && spec.hasNonNull("allocateLoadBalancerNodePorts")) {
            errors.forbidden("spec.allocateLoadBalancerNodePorts", only);
        }
        if (spec.hasNonNull("loadBalancerClass")) {
            String name = spec.path("loadBalancerClass").asString("");
            if (balanced) {
                errors.invalid("spec.loadBalancerClass", name, NameRules.qualifiedName(name));
            } else {
                errors.forbidden("spec.loadBalancerClass", only);
            }
        }
    }

    static void traffic(JsonNode spec, String type, FieldErrors errors) {
        JsonNode check = spec.path("healthCheckNodePort");
        boolean checked =
                type.equals("LoadBalancer")
                        && spec.path("externalTrafficPolicy").asString("").equals("Local");
        if (!checked && check.asLong(0) != 0) {
            errors.invalid(
                    "spec.healthCheckNodePort",
                    check,
                    "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is"
                            + " 'Local'");
        }
        String distribution = spec.path("trafficDistribution").asString("");
        if (spec.hasNonNull("trafficDistribution") && !DISTRIBUTIONS.contains(distribution)) {
            errors.notSupported("spec.trafficDistribution", distribution, DISTRIBUTIONS);
        }
    }

    static List<String> warnings(JsonNode service) {
        List<String> warnings = new ArrayList<>();
        JsonNode spec = service.path("spec");
        String type = spec.path("type").asString("");
        boolean external = type.equals("ExternalName");
        boolean headless = !external && spec.path("clusterIP").asString("").equals("None");
        boolean addresses = !spec.path("externalIPs").isEmpty();
        if (headless) {
            if (!spec.path("loadBalancerIP").asString("").isEmpty()) {
                warnings.add("spec.loadBalancerIP is ignored for headless services");
            }
            if (addresses) {
                warnings.add("spec.externalIPs is ignored for headless services");
            }
            if (!spec.path("sessionAffinity").asString("None").equals("None")) {
                warnings.add("spec.SessionAffinity is ignored for headless services");
            }
        } else if (addresses && !external) {
            warnings.add(
                    "spec.externalIPs is deprecated and may no longer be implemented in some"
                            + " clusters");
        }
        if (external && addresses) {
            warnings.add("spec.externalIPs is ignored when spec.type is \"ExternalName\"");
        }
        if (!external && !spec.path("externalName").asString("").isEmpty()) {
            warnings.add("spec.externalName is ignored when spec.type is not \"ExternalName\"");
        }
        if (spec.path("trafficDistribution").asString("").equals(PREFER_CLOSE)) {
            warnings.add(
                    "spec.trafficDistribution: \"PreferClose\" is deprecated; use"
                            + " \"PreferSameZone\"");
        }
        return warnings;
    }
}
