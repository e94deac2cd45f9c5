package io.jarnetes.apiserver.server.registry.kinds;

import io.jarnetes.apiserver.schema.codec.DecodeException;
import io.jarnetes.apiserver.schema.codec.Quantity;
import io.jarnetes.apiserver.server.registry.Quote;
import io.jarnetes.apiserver.server.registry.validation.NodeLabels;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** Warnings about pods and pod templates that are valid, but look like mistakes. */
final class PodWarnings {

    private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
    private static final String PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";
    private static final String NO_POD = ": a null labelSelector results in matching no pod";
    private static final String SECCOMP =
            ": non-functional in v1.27+; use the \"seccompProfile\" field instead";
    private static final String SYSCTLS =
            "non-functional in v1.11+; use the \"sysctls\" field instead";

    private static final Map<String, String> ANNOTATIONS =
            ordered(
                    "scheduler.alpha.kubernetes.io/critical-pod",
                    "non-functional in v1.16+; use the \"priorityClassName\" field instead",
                    "security.alpha.kubernetes.io/sysctls",
                    SYSCTLS,
                    "security.alpha.kubernetes.io/unsafe-sysctls",
                    SYSCTLS);

    /** Drivers of volumes that are on their way out, or are gone. */
    private static final Map<String, String> VOLUMES =
            ordered(
                    "photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+",
                    "gitRepo", "deprecated in v1.11, and disabled by default in v1.33+",
                    "scaleIO", "deprecated in v1.16, non-functional in v1.22+",
                    "flocker", "deprecated in v1.22, non-functional in v1.25+",
                    "storageos", "deprecated in v1.22, non-functional in v1.25+",
                    "quobyte", "deprecated in v1.22, non-functional in v1.25+",
                    "glusterfs", "deprecated in v1.25, non-functional in v1.26+",
                    "cephfs", "deprecated in v1.28, non-functional in v1.31+",
                    "rbd", "deprecated in v1.28, non-functional in v1.31+");

    private final JsonNode metadata;
    private final JsonNode spec;
    private final String path;
    private final List<String> warnings = new ArrayList<>();

    private PodWarnings(JsonNode pod, String path) {
        this.metadata = pod.path("metadata");
        this.spec = pod.path("spec");
        this.path = path;
    }

    /**
     * @param pod a pod or a template, with metadata and spec
     * @param path of the template, with a dot at its end; empty for a pod
     */
    static List<String> of(JsonNode pod, String path) {
        PodWarnings warnings = new PodWarnings(pod, path);
        warnings.places();
        warnings.annotations();
        warnings.volumes();
        warnings.doubled();
        warnings.containers();
        warnings.warnings.addAll(new PortWarnings().of(pod.path("spec"), path + "spec"));
        warnings.grace();
        warnings.affinity();
        return warnings.warnings;
    }

    private static Map<String, String> ordered(String... pairs) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(pairs[i], pairs[i + 1]);
        }
        return map;
    }

    private void places() {
        for (String label : new TreeSet<>(spec.path("nodeSelector").propertyNames())) {
            String message = NodeLabels.deprecation(label);
            if (!message.isEmpty()) {
                warnings.add(path + "spec.nodeSelector[" + label + "]: " + message);
            }
        }
        int i = 0;
        for (JsonNode constraint : spec.path("topologySpreadConstraints")) {
            String at = path + "spec.topologySpreadConstraints[" + i++ + "]";
            String key = constraint.path("topologyKey").asString("");
            String message = NodeLabels.deprecation(key);
            if (!message.isEmpty()) {
                warnings.add(at + ".topologyKey: " + key + " is " + message);
            }
            if (!constraint.hasNonNull("labelSelector")) {
                warnings.add(at + ".labelSelector" + NO_POD);
            }
        }
    }

    private void annotations() {
        ANNOTATIONS.forEach((key, message) -> {
            if (metadata.path("annotations").has(key)) {
                warnings.add(annotation(key) + ": " + message);
            }
        });
    }

    private String annotation(String key) {
        return path + "metadata.annotations[" + key + "]";
    }

    private void volumes() {
        int i = 0;
        for (JsonNode volume : spec.path("volumes")) {
            String at = path + "spec.volumes[" + i++ + "].";
            VOLUMES.forEach((type, message) -> {
                if (volume.hasNonNull(type)) {
                    String shown = type.equals("storageos") ? "storageOS" : type;
                    warnings.add(at + shown + ": " + message);
                }
            });
        }
    }

    private void doubled() {
        doubled("hostAliases", "ip");
        doubled("imagePullSecrets", "name");
        int i = 0;
        for (JsonNode secret : spec.path("imagePullSecrets")) {
            if (secret.path("name").asString("").isEmpty()) {
                warnings.add(
                        path + "spec.imagePullSecrets[" + i + "].name: invalid empty name \"\"");
            }
            i++;
        }
        String seccomp = "seccomp.security.alpha.kubernetes.io/pod";
        if (!spec.path("securityContext").hasNonNull("seccompProfile")
                && metadata.path("annotations").has(seccomp)) {
            warnings.add(annotation(seccomp) + SECCOMP);
        }
    }

    private void doubled(String list, String field) {
        Set<String> seen = new HashSet<>();
        int i = 0;
        for (JsonNode each : spec.path(list)) {
            String value = each.path(field).asString("");
            if (!seen.add(value)) {
                warnings.add(
                        path
                                + "spec."
                                + list
                                + "["
                                + i
                                + "]."
                                + field
                                + ": duplicate "
                                + field
                                + " "
                                + Quote.go(value));
            }
            i++;
        }
    }

    private void containers() {
        for (String list : List.of("initContainers", "containers")) {
            int i = 0;
            for (JsonNode container : spec.path(list)) {
                String at = path + "spec." + list + "[" + i++ + "]";
                String name = container.path("name").asString("");
                profiles(container, name);
                for (String resource : List.of("memory", "ephemeral-storage")) {
                    fraction(container, "limits", resource, at);
                    fraction(container, "requests", resource, at);
                }
                doubledEnv(container, at);
            }
        }
    }

    private void profiles(JsonNode container, String name) {
        JsonNode context = container.path("securityContext");
        String seccomp = "container.seccomp.security.alpha.kubernetes.io/" + name;
        if (!context.hasNonNull("seccompProfile") && metadata.path("annotations").has(seccomp)) {
            warnings.add(annotation(seccomp) + SECCOMP);
        }
        String armor = "container.apparmor.security.beta.kubernetes.io/" + name;
        if (!context.hasNonNull("appArmorProfile")
                && !spec.path("securityContext").hasNonNull("appArmorProfile")
                && metadata.path("annotations").has(armor)) {
            warnings.add(
                    annotation(armor)
                            + ": deprecated since v1.30; use the \"appArmorProfile\" field"
                            + " instead");
        }
    }

    private void fraction(JsonNode container, String list, String resource, String at) {
        JsonNode value = container.path("resources").path(list).path(resource);
        try {
            if (!value.isMissingNode()
                    && Quantity.parse(value.asString("")).milliValue() % 1000 != 0) {
                warnings.add(
                        at
                                + ".resources."
                                + list
                                + "["
                                + resource
                                + "]: fractional byte value "
                                + Quote.go(Quantity.parse(value.asString("")).toString())
                                + " is invalid, must be an integer");
            }
        } catch (DecodeException e) {
            // Validation has refused it.
            return;
        }
    }

    private void doubledEnv(JsonNode container, String at) {
        Set<String> seen = new HashSet<>();
        int i = 0;
        for (JsonNode env : container.path("env")) {
            String name = env.path("name").asString("");
            String reference = "$(" + name + ")";
            String value = env.path("value").asString("");
            boolean builds = value.contains(reference) && !value.equals(reference);
            if (!seen.add(name) && (env.hasNonNull("valueFrom") || !builds)) {
                warnings.add(
                        at
                                + ".env["
                                + i
                                + "]: hides previous definition of "
                                + Quote.go(name)
                                + ", which may be dropped when using apply");
            }
            i++;
        }
    }

    private void grace() {
        if (spec.path("terminationGracePeriodSeconds").asLong(0) < 0) {
            warnings.add(
                    path
                            + "spec.terminationGracePeriodSeconds: must be >= 0; negative values are"
                            + " invalid and will be treated as 1");
        }
    }

    private void affinity() {
        for (String kind : List.of("podAffinity", "podAntiAffinity")) {
            JsonNode affinity = spec.path("affinity").path(kind);
            String at = path + "spec.affinity." + kind + ".";
            int i = 0;
            for (JsonNode term : affinity.path(REQUIRED)) {
                selector(term, at + REQUIRED + "[" + i++ + "]");
            }
            int j = 0;
            for (JsonNode term : affinity.path(PREFERRED)) {
                selector(
                        term.path("podAffinityTerm"),
                        at + PREFERRED + "[" + j++ + "].podAffinityTerm");
            }
        }
    }

    private void selector(JsonNode term, String at) {
        if (!term.hasNonNull("labelSelector")) {
            warnings.add(at + ".labelSelector" + NO_POD);
        }
    }
}
