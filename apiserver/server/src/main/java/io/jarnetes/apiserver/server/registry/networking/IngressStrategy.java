package io.jarnetes.apiserver.server.registry.networking;

import io.jarnetes.apiserver.server.registry.FieldErrors;
import io.jarnetes.apiserver.server.registry.Meta;
import io.jarnetes.apiserver.server.registry.Strategy;
import io.jarnetes.apiserver.server.registry.validation.IpAddress;
import io.jarnetes.apiserver.server.registry.validation.LoadBalancerStatus;
import io.jarnetes.apiserver.server.registry.validation.NameRules;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Ingresses. */
public final class IngressStrategy implements Strategy {

    private static final List<String> PATH_TYPES =
            List.of("Exact", "ImplementationSpecific", "Prefix");
    private static final List<String> NOT_IN_PATHS = List.of("//", "/./", "/../", "%2f", "%2F");
    private static final String CLASS = "kubernetes.io/ingress.class";
    private static final List<String> NOT_AT_ENDS = List.of("/..", "/.");

    @Override
    public void validate(ObjectNode ingress, FieldErrors errors) {
        spec(ingress, errors);
        String className = Meta.annotations(ingress).get(CLASS);
        JsonNode spec = ingress.path("spec");
        if (className != null
                && spec.hasNonNull("ingressClassName")
                && !className.equals(text(spec, "ingressClassName"))) {
            errors.invalid(
                    "annotations." + CLASS,
                    className,
                    "must match `ingressClassName` when both are specified");
        }
    }

    @Override
    public List<String> warnings(ObjectNode ingress, @Nullable ObjectNode old) {
        return old == null && Meta.annotations(ingress).containsKey(CLASS)
                ? List.of(
                        "annotation \"kubernetes.io/ingress.class\" is deprecated, please use"
                                + " 'spec.ingressClassName' instead")
                : List.of();
    }

    @Override
    public void validateStatusUpdate(ObjectNode ingress, ObjectNode old, FieldErrors errors) {
        LoadBalancerStatus.validate(
                ingress.path("status").path("loadBalancer").path("ingress"),
                "status.loadBalancer.ingress",
                false,
                errors);
    }

    private static void spec(ObjectNode ingress, FieldErrors errors) {
        JsonNode spec = ingress.path("spec");
        boolean hasDefault = spec.hasNonNull("defaultBackend");
        if (spec.path("rules").isEmpty() && !hasDefault) {
            errors.invalid("spec", null, "either `defaultBackend` or `rules` must be specified");
        }
        if (hasDefault) {
            backend(spec.path("defaultBackend"), "spec.defaultBackend", errors);
        }
        for (int i = 0; i < spec.path("rules").size(); i++) {
            rule(spec.path("rules").path(i), "spec.rules[" + i + "]", errors);
        }
        for (int i = 0; i < spec.path("tls").size(); i++) {
            tls(spec.path("tls").path(i), "spec.tls[" + i + "]", errors);
        }
        String className = text(spec, "ingressClassName");
        if (spec.hasNonNull("ingressClassName")) {
            errors.invalid(
                    "spec.ingressClassName", className, NameRules.dns1123Subdomain(className));
        }
    }

    @Override
    public void validateUpdate(ObjectNode ingress, ObjectNode old, FieldErrors errors) {
        spec(ingress, errors);
    }

    private static String text(JsonNode object, String field) {
        return object.path(field).asString("");
    }

    private static void host(String host, String at, FieldErrors errors) {
        errors.invalid(
                at,
                host,
                host.contains("*")
                        ? NameRules.wildcardSubdomain(host)
                        : NameRules.dns1123Subdomain(host));
    }

    private static void tls(JsonNode tls, String at, FieldErrors errors) {
        for (int i = 0; i < tls.path("hosts").size(); i++) {
            host(tls.path("hosts").path(i).asString(""), at + ".hosts[" + i + "]", errors);
        }
        String secret = text(tls, "secretName");
        if (!secret.isEmpty()) {
            errors.invalid(at + ".secretName", secret, NameRules.dns1123Subdomain(secret));
        }
    }

    private static void rule(JsonNode rule, String at, FieldErrors errors) {
        String host = text(rule, "host");
        if (!host.isEmpty()) {
            if (IpAddress.bytes(host) != null) {
                errors.invalid(at + ".host", host, "must be a DNS name, not an IP address");
            }
            host(host, at + ".host", errors);
        }
        if (!rule.hasNonNull("http")) {
            return;
        }
        JsonNode paths = rule.path("http").path("paths");
        if (paths.isEmpty()) {
            errors.required(at + ".http.paths", "");
        }
        for (int i = 0; i < paths.size(); i++) {
            path(paths.path(i), at + ".http.paths[" + i + "]", errors);
        }
    }

    private static void path(JsonNode path, String at, FieldErrors errors) {
        if (!path.hasNonNull("pathType")) {
            errors.required(at + ".pathType", "pathType must be specified");
            return;
        }
        String type = text(path, "pathType");
        String text = text(path, "path");
        switch (type) {
            case "Exact", "Prefix" -> strictPath(text, at + ".path", errors);
            case "ImplementationSpecific" -> {
                if (!text.isEmpty() && !text.startsWith("/")) {
                    errors.invalid(at + ".path", text, "must be an absolute path");
                }
            }
            default -> errors.notSupported(at + ".pathType", type, PATH_TYPES);
        }
        backend(path.path("backend"), at + ".backend", errors);
    }

    private static void strictPath(String path, String at, FieldErrors errors) {
        if (!path.startsWith("/")) {
            errors.invalid(at, path, "must be an absolute path");
        }
        for (String sequence : NOT_IN_PATHS) {
            if (path.contains(sequence)) {
                errors.invalid(at, path, "must not contain '" + sequence + "'");
            }
        }
        for (String end : NOT_AT_ENDS) {
            if (path.endsWith(end)) {
                errors.invalid(at, path, "cannot end with '" + end + "'");
            }
        }
    }

    private static void backend(JsonNode backend, String at, FieldErrors errors) {
        boolean resource = backend.hasNonNull("resource");
        boolean service = backend.hasNonNull("service");
        if (resource && service) {
            errors.invalid(at, "", "cannot set both resource and service backends");
        } else if (resource) {
            for (String field : List.of("kind", "name")) {
                if (text(backend.path("resource"), field).isEmpty()) {
                    errors.required(at + ".resource." + field, "");
                }
            }
        } else if (service) {
            service(backend.path("service"), at, errors);
        } else {
            errors.invalid(at, "", "resource or service backend is required");
        }
    }

    private static void service(JsonNode service, String at, FieldErrors errors) {
        String name = text(service, "name");
        if (name.isEmpty()) {
            errors.required(at + ".service.name", "");
        } else {
            errors.invalid(at + ".service.name", name, NameRules.dns1123Label(name));
        }
        String port = text(service.path("port"), "name");
        long number = service.path("port").path("number").asLong(0);
        if (!port.isEmpty() && number != 0) {
            errors.invalid(at, "", "cannot set both port name & port number");
        } else if (!port.isEmpty()) {
            errors.invalid(at + ".service.port.name", port, NameRules.portName(port));
        } else if (number != 0) {
            errors.invalid(at + ".service.port.number", number, NameRules.portNumber(number));
        } else {
            errors.required(at, "port name or number is required");
        }
    }
}
