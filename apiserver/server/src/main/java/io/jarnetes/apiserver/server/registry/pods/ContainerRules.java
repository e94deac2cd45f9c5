package io.jarnetes.apiserver.server.registry.pods;

import io.jarnetes.apiserver.server.registry.FieldError;
import io.jarnetes.apiserver.server.registry.FieldErrors;
import io.jarnetes.apiserver.server.registry.validation.NameRules;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Containers and init containers. */
final class ContainerRules {

    private static final List<String> PULL = List.of("Always", "IfNotPresent", "Never");
    private static final List<String> PROTOCOLS = List.of("SCTP", "TCP", "UDP");
    private static final List<String> MESSAGES = List.of("File", "FallbackToLogsOnError");
    private static final List<String> RESIZABLE = List.of("cpu", "memory");
    private static final List<String> RESIZE_RESTARTS = List.of("NotRequired", "RestartContainer");
    private static final List<String> RESTART = List.of("Always", "Never", "OnFailure");

    private static final String NOT_FOR_EPHEMERAL = "cannot be set for an Ephemeral Container";
    private static final List<String> NOT_EPHEMERAL =
            List.of(
                    "ports",
                    "resources",
                    "resizePolicy",
                    "livenessProbe",
                    "readinessProbe",
                    "startupProbe",
                    "lifecycle");

    private final JsonNode spec;
    private final VolumeRules volumes;
    private final ProbeRules probes;
    private final FieldErrors errors;

    ContainerRules(JsonNode spec, VolumeRules volumes, FieldErrors errors) {
        this.spec = spec;
        this.volumes = volumes;
        this.probes = new ProbeRules(spec.path("terminationGracePeriodSeconds").asLong(0));
        this.errors = errors;
    }

    /**
     * @param path of the spec
     */
    void validate(String path) {
        JsonNode containers = spec.path("containers");
        String list = path + ".containers";
        if (containers.isEmpty()) {
            errors.required(list, "");
        }
        Set<String> names = new HashSet<>();
        Set<String> hostPorts = new HashSet<>();
        for (int i = 0; i < containers.size(); i++) {
            JsonNode each = containers.path(i);
            String at = list + "[" + i + "]";
            common(each, at);
            if (!names.add(Checks.text(each, "name"))) {
                errors.duplicate(at + ".name", Checks.text(each, "name"));
            }
            probes.validate(each, at, errors);
            Checks.supported(each, at, "restartPolicy", RESTART, errors);
        }
        for (int i = 0; i < containers.size(); i++) {
            hostPorts(containers.path(i), list + "[" + i + "]", hostPorts);
        }
        initContainers(path + ".initContainers", names);
        ephemeralContainers(path + ".ephemeralContainers", names);
    }

    /** They come to look at the others, and promise nothing that a pod is asked for. */
    private void ephemeralContainers(String list, Set<String> names) {
        Set<String> others = Set.copyOf(names);
        JsonNode containers = spec.path("ephemeralContainers");
        for (int i = 0; i < containers.size(); i++) {
            JsonNode each = containers.path(i);
            String at = list + "[" + i + "]";
            common(each, at);
            PodRules.trimmed(Checks.text(each, "image"), at + ".image", errors);
            if (!names.add(Checks.text(each, "name"))) {
                errors.duplicate(at + ".name", Checks.text(each, "name"));
            }
            String target = Checks.text(each, "targetContainerName");
            if (!target.isEmpty() && !others.contains(target)) {
                errors.notFound(at + ".targetContainerName", target);
            }
            for (String field : NOT_EPHEMERAL) {
                if (!each.path(field).isEmpty()) {
                    errors.forbidden(at + "." + field, NOT_FOR_EPHEMERAL);
                }
            }
            JsonNode mounts = each.path("volumeMounts");
            for (int j = 0; j < mounts.size(); j++) {
                for (String field : List.of("subPath", "subPathExpr")) {
                    if (!Checks.text(mounts.path(j), field).isEmpty()) {
                        errors.forbidden(
                                at + ".volumeMounts[" + j + "]." + field, NOT_FOR_EPHEMERAL);
                    }
                }
            }
        }
    }

    private void initContainers(String list, Set<String> names) {
        JsonNode containers = spec.path("initContainers");
        for (int i = 0; i < containers.size(); i++) {
            JsonNode each = containers.path(i);
            String at = list + "[" + i + "]";
            common(each, at);
            Checks.supported(each, at, "restartPolicy", RESTART, errors);
            String name = Checks.text(each, "name");
            if (!name.isEmpty() && !names.add(name)) {
                errors.duplicate(at + ".name", name);
            }
            // They run one by one, so each has the ports for itself.
            hostPorts(each, at, new HashSet<>());
            if (Checks.text(each, "restartPolicy").equals("Always")) {
                probes.validate(each, at, errors);
            } else {
                ProbeRules.forbid(each, at, errors);
            }
        }
    }

    private void common(JsonNode container, String at) {
        String name = Checks.text(container, "name");
        if (name.isEmpty()) {
            errors.required(at + ".name", "");
        } else {
            errors.invalid(at + ".name", name, NameRules.dns1123Label(name));
        }
        Checks.required(container, at, "image", errors);
        Checks.oneOf(container, at, "terminationMessagePolicy", MESSAGES, errors);
        ports(container.path("ports"), at + ".ports");
        EnvRules.env(container.path("env"), at + ".env", errors);
        EnvRules.envFrom(container.path("envFrom"), at + ".envFrom", errors);
        volumes.mounts(container, at + ".volumeMounts", errors);
        volumes.devices(container, at + ".volumeDevices", errors);
        Checks.oneOf(container, at, "imagePullPolicy", PULL, errors);
        ResourceRules.validate(container.path("resources"), at + ".resources", errors);
        claims(container.path("resources").path("claims"), at + ".resources.claims");
        for (JsonNode policy : container.path("resizePolicy")) {
            // Upstream names the list, not its item.
            resizePolicy(policy, at + ".resizePolicy");
        }
        SecurityRules.container(
                container.path("securityContext"),
                spec.path("hostUsers").asBoolean(true),
                at + ".securityContext",
                errors);
    }

    private void claims(JsonNode claims, String path) {
        List<String> known =
                spec.path("resourceClaims")
                        .valueStream()
                        .map(each -> Checks.text(each, "name"))
                        .toList();
        for (int i = 0; i < claims.size(); i++) {
            String name = Checks.text(claims.path(i), "name");
            if (!known.contains(name)) {
                String which = known.isEmpty() ? " which is empty" : "";
                errors.add(
                        FieldError.notFound(path + "[" + i + "]", name)
                                .with(
                                        "must be one of the names in pod.spec.resourceClaims"
                                                + which));
            }
        }
    }

    private void resizePolicy(JsonNode policy, String path) {
        String resource = Checks.text(policy, "resourceName");
        if (resource.isEmpty()) {
            errors.required(path, "");
        } else if (!RESIZABLE.contains(resource)) {
            errors.notSupported(path, resource, RESIZABLE);
        }
        String restart = Checks.text(policy, "restartPolicy");
        if (restart.isEmpty()) {
            errors.required(path, "");
        } else if (!RESIZE_RESTARTS.contains(restart)) {
            errors.notSupported(path, restart, RESIZE_RESTARTS);
        }
    }

    private void ports(JsonNode ports, String path) {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < ports.size(); i++) {
            JsonNode port = ports.path(i);
            String at = path + "[" + i + "]";
            String name = Checks.text(port, "name");
            if (!name.isEmpty()) {
                List<String> complaints = NameRules.portName(name);
                errors.invalid(at + ".name", name, complaints);
                if (complaints.isEmpty() && !names.add(name)) {
                    errors.duplicate(at + ".name", name);
                }
            }
            long number = port.path("containerPort").asLong(0);
            if (number == 0) {
                errors.required(at + ".containerPort", "");
            } else {
                errors.invalid(at + ".containerPort", number, NameRules.portNumber(number));
            }
            long hostPort = port.path("hostPort").asLong(0);
            if (hostPort != 0) {
                errors.invalid(at + ".hostPort", hostPort, NameRules.portNumber(hostPort));
            }
            Checks.oneOf(port, at, "protocol", PROTOCOLS, errors);
        }
    }

    private void hostPorts(JsonNode container, String at, Set<String> taken) {
        JsonNode ports = container.path("ports");
        for (int i = 0; i < ports.size(); i++) {
            JsonNode port = ports.path(i);
            long number = port.path("hostPort").asLong(0);
            String key =
                    Checks.text(port, "protocol")
                            + "/"
                            + Checks.text(port, "hostIP")
                            + "/"
                            + number;
            if (number != 0 && !taken.add(key)) {
                errors.duplicate(at + ".ports[" + i + "].hostPort", key);
            }
        }
    }
}
