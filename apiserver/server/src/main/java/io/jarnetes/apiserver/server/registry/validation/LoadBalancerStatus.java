package io.jarnetes.apiserver.server.registry.validation;

import io.jarnetes.apiserver.server.registry.FieldErrors;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Where a load balancer is reached, as the statuses of Services and Ingresses have it. */
public final class LoadBalancerStatus {

    private static final List<String> MODES = List.of("Proxy", "VIP");

    private LoadBalancerStatus() {}

    /**
     * @param at where the list is
     * @param modes whether an address says how it is to be used, as a Service's does
     */
    public static void validate(JsonNode ingress, String at, boolean modes, FieldErrors errors) {
        for (int i = 0; i < ingress.size(); i++) {
            JsonNode point = ingress.path(i);
            String path = at + "[" + i + "]";
            String ip = point.path("ip").asString("");
            if (!ip.isEmpty()) {
                errors.invalid(path + ".ip", ip, NameRules.ip(ip));
            }
            if (modes) {
                mode(point, path + ".ipMode", !ip.isEmpty(), errors);
            }
            String host = point.path("hostname").asString("");
            if (!host.isEmpty()) {
                errors.invalid(path + ".hostname", host, NameRules.dns1123Subdomain(host));
                if (IpAddress.sloppy(host) != null) {
                    errors.invalid(
                            path + ".hostname", host, "must be a DNS name, not an IP address");
                }
            }
        }
    }

    private static void mode(JsonNode point, String path, boolean hasIp, FieldErrors errors) {
        String mode = point.path("ipMode").asString("");
        if (!point.hasNonNull("ipMode")) {
            if (hasIp) {
                errors.required(path, "must be specified when `ip` is set");
            }
        } else if (!hasIp) {
            errors.forbidden(path, "may not be specified when `ip` is not set");
        } else if (!MODES.contains(mode)) {
            errors.notSupported(path, mode, MODES);
        }
    }
}
