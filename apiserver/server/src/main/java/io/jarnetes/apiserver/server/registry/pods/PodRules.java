package io.jarnetes.apiserver.server.registry.pods;

import io.jarnetes.apiserver.server.registry.FieldErrors;
import io.jarnetes.apiserver.server.registry.Meta;
import io.jarnetes.apiserver.server.registry.validation.MetaValidation;
import io.jarnetes.apiserver.server.registry.validation.NameRules;
import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The rules of pods and of pod templates ({@code ValidatePodSpec} and what calls it). */
public final class PodRules {

    private static final List<String> RESTART = List.of("Always", "OnFailure", "Never");
    private static final List<String> DNS =
            List.of("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None");
    private static final List<String> PREEMPTION = List.of("PreemptLowerPriority", "Never");
    private static final List<String> OS = List.of("linux", "windows");
    private static final int MAX_NAMESERVERS = 3;
    private static final int MAX_SEARCHES = 32;
    private static final int MAX_SEARCH_CHARACTERS = 2048;

    /** A pod as it is created. */
    public void validateCreate(JsonNode spec, FieldErrors errors) {
        validatePod(spec, errors);
        if (!spec.path("ephemeralContainers").isEmpty()) {
            errors.forbidden("spec.ephemeralContainers", "cannot be set on create");
        }
        if (!Checks.text(spec, "nodeName").isEmpty() && !spec.path("schedulingGates").isEmpty()) {
            errors.forbidden(
                    "spec.nodeName", "cannot be set until all schedulingGates have been cleared");
        }
    }

    /** A pod, new or changed. */
    public void validatePod(JsonNode spec, FieldErrors errors) {
        validateSpec(spec, "spec", true, errors);
        for (String list : List.of("containers", "initContainers")) {
            JsonNode containers = spec.path(list);
            for (int i = 0; i < containers.size(); i++) {
                trimmed(
                        Checks.text(containers.path(i), "image"),
                        "spec." + list + "[" + i + "].image",
                        errors);
            }
        }
    }

    static void trimmed(String image, String path, FieldErrors errors) {
        if (!image.equals(image.strip())) {
            errors.invalid(path, image, "must not have leading or trailing whitespace");
        }
    }

    /** A template's labels, annotations and spec; upstream leaves "metadata" out of the paths. */
    public void validateTemplate(JsonNode template, String path, FieldErrors errors) {
        JsonNode metadata = template.path("metadata");
        MetaValidation.labels(Meta.stringMap(metadata.path("labels")), path + ".labels", errors);
        MetaValidation.annotations(
                Meta.stringMap(metadata.path("annotations")), path + ".annotations", errors);
        validateSpec(template.path("spec"), path + ".spec", false, errors);
        if (!template.path("spec").path("ephemeralContainers").isEmpty()) {
            errors.forbidden(
                    path + ".spec.ephemeralContainers",
                    "ephemeral containers not allowed in pod template");
        }
    }

    private static void validateSpec(
            JsonNode spec, String path, boolean isPod, FieldErrors errors) {
        VolumeRules volumes = new VolumeRules(spec.path("volumes"), path + ".volumes", errors);
        new ContainerRules(spec, volumes, errors).validate(path);
        ResourceRules.ofPod(spec, path, errors);
        hostNetwork(spec, path, isPod, errors);
        hostUsers(spec, path, errors);
        Checks.oneOf(spec, path, "restartPolicy", RESTART, errors);
        Checks.oneOf(spec, path, "dnsPolicy", DNS, errors);
        MetaValidation.labels(
                Meta.stringMap(spec.path("nodeSelector")), path + ".nodeSelector", errors);
        SecurityRules.pod(spec, path + ".securityContext", errors);
        SchedulingRules.affinity(spec.path("affinity"), path + ".affinity", errors);
        dnsConfig(spec, path + ".dnsConfig", errors);
        JsonNode gates = spec.path("readinessGates");
        for (int i = 0; i < gates.size(); i++) {
            String type = Checks.text(gates.path(i), "conditionType");
            errors.invalid(
                    path + ".readinessGates[" + i + "].conditionType",
                    type,
                    NameRules.qualifiedName(type));
        }
        SchedulingRules.gates(spec.path("schedulingGates"), path + ".schedulingGates", errors);
        SchedulingRules.topology(
                spec.path("topologySpreadConstraints"),
                path + ".topologySpreadConstraints",
                errors);
        OsRules.hostProcesses(spec, path, errors);
        names(spec, path, errors);
        SchedulingRules.tolerations(spec.path("tolerations"), path + ".tolerations", errors);
        hostAliases(spec.path("hostAliases"), path + ".hostAliases", errors);
        name(spec, path, "priorityClassName", NameRules::dns1123Subdomain, errors);
        name(spec, path, "runtimeClassName", NameRules::dns1123Subdomain, errors);
        Checks.supported(spec, path, "preemptionPolicy", PREEMPTION, errors);
        if (Checks.set(spec, "os")) {
            os(spec, path, errors);
        }
    }

    private static void os(JsonNode spec, String path, FieldErrors errors) {
        String name = Checks.text(spec.path("os"), "name");
        if (name.isEmpty()) {
            errors.required(path + ".os.name", "");
        } else if (!OS.contains(name)) {
            errors.notSupported(path + ".os", name, OS);
        } else if (name.equals("linux")) {
            OsRules.linux(spec, path, errors);
        } else {
            OsRules.windows(spec, path, errors);
        }
    }

    private static void names(JsonNode spec, String path, FieldErrors errors) {
        name(spec, path, "serviceAccountName", NameRules::dns1123Subdomain, errors);
        name(spec, path, "nodeName", NameRules::dns1123Subdomain, errors);
        JsonNode deadline = spec.path("activeDeadlineSeconds");
        if (deadline.isNumber()
                && (deadline.asLong() < 1 || deadline.asLong() > Integer.MAX_VALUE)) {
            errors.invalid(
                    path + ".activeDeadlineSeconds",
                    deadline,
                    NameRules.range(1, Integer.MAX_VALUE));
        }
        name(spec, path, "hostname", NameRules::dns1123Label, errors);
        name(spec, path, "subdomain", NameRules::dns1123Label, errors);
    }

    private static void name(
            JsonNode spec,
            String path,
            String field,
            Function<String, List<String>> rule,
            FieldErrors errors) {
        String name = Checks.text(spec, field);
        if (!name.isEmpty()) {
            errors.invalid(path + "." + field, name, rule.apply(name));
        }
    }

    private static void hostUsers(JsonNode spec, String path, FieldErrors errors) {
        if (spec.path("hostUsers").asBoolean(true)) {
            return;
        }
        for (String field : List.of("hostNetwork", "hostPID", "hostIPC")) {
            if (spec.path(field).asBoolean(false)) {
                errors.forbidden(path + "." + field, "when `hostUsers` is false");
            }
        }
    }

    private static void hostNetwork(JsonNode spec, String path, boolean isPod, FieldErrors errors) {
        if (!spec.path("hostNetwork").asBoolean(false)) {
            return;
        }
        JsonNode containers = spec.path("containers");
        for (int i = 0; i < containers.size(); i++) {
            JsonNode ports = containers.path(i).path("ports");
            for (int j = 0; j < ports.size(); j++) {
                long hostPort = ports.path(j).path("hostPort").asLong(0);
                boolean matters = isPod || hostPort != 0;
                if (matters && hostPort != ports.path(j).path("containerPort").asLong(0)) {
                    errors.invalid(
                            path + ".containers[" + i + "].ports[" + j + "].hostPort",
                            hostPort,
                            "must match `containerPort` when `hostNetwork` is true");
                }
            }
        }
    }

    private static void dnsConfig(JsonNode spec, String at, FieldErrors errors) {
        JsonNode config = spec.path("dnsConfig");
        JsonNode servers = config.path("nameservers");
        if (Checks.text(spec, "dnsPolicy").equals("None")) {
            if (!config.isObject()) {
                errors.required(at, "must provide `dnsConfig` when `dnsPolicy` is None");
                return;
            }
            if (servers.isEmpty()) {
                errors.required(
                        at + ".nameservers",
                        "must provide at least one DNS nameserver when `dnsPolicy` is None");
                return;
            }
        }
        if (servers.size() > MAX_NAMESERVERS) {
            errors.invalid(
                    at + ".nameservers",
                    servers,
                    "must not have more than " + MAX_NAMESERVERS + " nameservers");
        }
        for (int i = 0; i < servers.size(); i++) {
            String server = servers.path(i).asString("");
            errors.invalid(at + ".nameservers[" + i + "]", server, NameRules.ip(server));
        }
        searches(config.path("searches"), at + ".searches", errors);
        JsonNode options = config.path("options");
        for (int i = 0; i < options.size(); i++) {
            if (Checks.text(options.path(i), "name").isEmpty()) {
                errors.required(at + ".options[" + i + "]", "must not be empty");
            }
        }
    }

    private static void searches(JsonNode searches, String at, FieldErrors errors) {
        if (searches.size() > MAX_SEARCHES) {
            errors.invalid(
                    at, searches, "must not have more than " + MAX_SEARCHES + " search paths");
        }
        if (String.join(" ", Meta.strings(searches)).length() > MAX_SEARCH_CHARACTERS) {
            errors.invalid(
                    at,
                    searches,
                    "must not have more than "
                            + MAX_SEARCH_CHARACTERS
                            + " characters (including spaces) in the search list");
        }
        for (int i = 0; i < searches.size(); i++) {
            String search = searches.path(i).asString("");
            if (!search.equals(".")) {
                String bare =
                        search.endsWith(".") ? search.substring(0, search.length() - 1) : search;
                // The rules are relaxed by underscores.
                boolean fine = NameRules.dns1123Subdomain(bare.replace('_', 'a')).isEmpty();
                errors.invalid(
                        at + "[" + i + "]",
                        bare,
                        fine ? List.of() : NameRules.underscoredSubdomain(bare));
            }
        }
    }

    private static void hostAliases(JsonNode aliases, String path, FieldErrors errors) {
        for (int i = 0; i < aliases.size(); i++) {
            String at = path + "[" + i + "]";
            String ip = Checks.text(aliases.path(i), "ip");
            errors.invalid(at + ".ip", ip, NameRules.ip(ip));
            JsonNode names = aliases.path(i).path("hostnames");
            for (int j = 0; j < names.size(); j++) {
                String name = names.path(j).asString("");
                errors.invalid(
                        at + ".hostnames[" + j + "]", name, NameRules.dns1123Subdomain(name));
            }
        }
    }

    /** What a change of a pod may touch. */
    public void validateUpdate(ObjectNode pod, ObjectNode old, FieldErrors errors) {
        PodUpdateRules.validate(pod, old, errors);
    }
}
