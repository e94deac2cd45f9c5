package io.jarnetes.apiserver.server.registry.pods;

import io.jarnetes.apiserver.server.registry.FieldErrors;
import java.util.List;
import java.util.function.BiConsumer;
import tools.jackson.databind.JsonNode;

/** What pods of Windows and of Linux leave to the other. */
final class OsRules {

    private static final String NOT_FOR_WINDOWS = "cannot be set for a windows pod";
    private static final String NOT_FOR_LINUX = "windows options cannot be set for a linux pod";
    private static final List<String> LISTS =
            List.of("initContainers", "containers", "ephemeralContainers");

    private static final List<String> CONTAINERS_OF_LINUX =
            List.of(
                    "appArmorProfile",
                    "seLinuxOptions",
                    "seccompProfile",
                    "capabilities",
                    "readOnlyRootFilesystem",
                    "privileged",
                    "allowPrivilegeEscalation",
                    "procMount",
                    "runAsUser",
                    "runAsGroup");

    private OsRules() {}

    static void linux(JsonNode spec, String path, FieldErrors errors) {
        if (Checks.set(spec.path("securityContext"), "windowsOptions")) {
            errors.forbidden(path + ".securityContext.windowsOptions", NOT_FOR_LINUX);
        }
        containers(
                spec,
                path,
                (container, at) -> {
                    if (Checks.set(container.path("securityContext"), "windowsOptions")) {
                        errors.forbidden(at + ".securityContext.windowsOptions", NOT_FOR_LINUX);
                    }
                });
    }

    static void windows(JsonNode spec, String path, FieldErrors errors) {
        JsonNode context = spec.path("securityContext");
        String at = path + ".securityContext";
        forbid(context, at, List.of("appArmorProfile", "seLinuxOptions"), errors);
        forbid(spec, path, List.of("hostUsers"), errors);
        for (String field : List.of("hostPID", "hostIPC")) {
            if (spec.path(field).asBoolean(false)) {
                errors.forbidden(path + "." + field, NOT_FOR_WINDOWS);
            }
        }
        forbid(context, at, List.of("seccompProfile", "fsGroup", "fsGroupChangePolicy"), errors);
        if (!context.path("sysctls").isEmpty()) {
            errors.forbidden(at + ".sysctls", NOT_FOR_WINDOWS);
        }
        forbid(spec, path, List.of("shareProcessNamespace"), errors);
        forbid(
                context,
                at,
                List.of(
                        "runAsUser",
                        "runAsGroup",
                        "supplementalGroups",
                        "supplementalGroupsPolicy",
                        "seLinuxChangePolicy"),
                errors);
        containers(
                spec,
                path,
                (container, where) ->
                        forbid(
                                container.path("securityContext"),
                                where + ".securityContext",
                                CONTAINERS_OF_LINUX,
                                errors));
    }

    /** Processes of the host: all containers are, or none is. */
    static void hostProcesses(JsonNode spec, String path, FieldErrors errors) {
        JsonNode common = hostProcess(spec);
        int[] counts = new int[2];
        containers(
                spec,
                path,
                (container, at) -> {
                    JsonNode own = hostProcess(container);
                    if (!common.isMissingNode() && !own.isMissingNode() && !common.equals(own)) {
                        errors.invalid(
                                at + ".securityContext.windowsOptions.hostProcess",
                                own,
                                "pod hostProcess value must be identical if both are specified, was "
                                        + common);
                    }
                    counts[0]++;
                    counts[1] += (own.isMissingNode() ? common : own).asBoolean(false) ? 1 : 0;
                });
        if (counts[1] == 0) {
            return;
        }
        if (counts[0] != counts[1]) {
            errors.invalid(
                    path,
                    "",
                    "If pod contains any hostProcess containers then all containers must be"
                            + " HostProcess containers");
        }
        if (!spec.path("hostNetwork").asBoolean(false)) {
            errors.invalid(
                    path + ".hostNetwork",
                    false,
                    "hostNetwork must be true if pod contains any hostProcess containers");
        }
    }

    private static JsonNode hostProcess(JsonNode of) {
        return of.path("securityContext").path("windowsOptions").path("hostProcess");
    }

    private static void forbid(JsonNode of, String path, List<String> fields, FieldErrors errors) {
        for (String field : fields) {
            if (Checks.set(of, field)) {
                errors.forbidden(path + "." + field, NOT_FOR_WINDOWS);
            }
        }
    }

    private static void containers(JsonNode spec, String path, BiConsumer<JsonNode, String> what) {
        for (String list : LISTS) {
            for (int i = 0; i < spec.path(list).size(); i++) {
                what.accept(spec.path(list).path(i), path + "." + list + "[" + i + "]");
            }
        }
    }
}
