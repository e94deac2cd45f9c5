package io.jarnetes.apiserver.server.registry.pods;

import io.jarnetes.apiserver.server.registry.FieldErrors;
import io.jarnetes.apiserver.server.registry.validation.InternalForm;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Security contexts of pods and containers. */
final class SecurityRules {

    private static final int SYSCTL_LENGTH = 253;
    private static final String SEGMENT = "[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
    private static final String SYSCTL = "^(" + SEGMENT + "[\\./])*" + SEGMENT + "$";
    private static final Pattern SYSCTL_PATTERN = Pattern.compile(SYSCTL);
    private static final List<String> PROFILES =
            List.of("Localhost", "RuntimeDefault", "Unconfined");
    private static final List<String> FS_GROUP_POLICIES = List.of("Always", "OnRootMismatch");
    private static final List<String> GROUP_POLICIES = List.of("Merge", "Strict");
    private static final List<String> SE_LINUX_POLICIES = List.of("MountOption", "Recursive");

    private SecurityRules() {}

    static void pod(JsonNode spec, String at, FieldErrors errors) {
        JsonNode context = spec.path("securityContext");
        if (!context.isObject()) {
            return;
        }
        Checks.id(context, at, "fsGroup", errors);
        Checks.id(context, at, "runAsUser", errors);
        Checks.id(context, at, "runAsGroup", errors);
        int i = 0;
        for (JsonNode group : context.path("supplementalGroups")) {
            Checks.id(group, at + ".supplementalGroups[" + i++ + "]", errors);
        }
        if (spec.path("shareProcessNamespace").asBoolean(false)
                && spec.path("hostPID").asBoolean(false)) {
            errors.invalid(
                    at + ".shareProcessNamespace",
                    true,
                    "ShareProcessNamespace and HostPID cannot both be enabled");
        }
        sysctls(context.path("sysctls"), at + ".sysctls", errors);
        Checks.supported(context, at, "fsGroupChangePolicy", FS_GROUP_POLICIES, errors);
        profile(context.path("seccompProfile"), at + ".seccompProfile", "seccomp", errors);
        profile(context.path("appArmorProfile"), at + ".appArmorProfile", "AppArmor", errors);
        Checks.supported(context, at, "supplementalGroupsPolicy", GROUP_POLICIES, errors);
        Checks.supported(context, at, "seLinuxChangePolicy", SE_LINUX_POLICIES, errors);
    }

    private static void sysctls(JsonNode list, String path, FieldErrors errors) {
        Set<String> names = new HashSet<>();
        int i = 0;
        for (JsonNode each : list) {
            String at = path + "[" + i++ + "].name";
            String name = Checks.text(each, "name");
            if (name.isEmpty()) {
                errors.required(at, "");
            } else if (name.length() > SYSCTL_LENGTH || !SYSCTL_PATTERN.matcher(name).matches()) {
                errors.invalid(
                        at,
                        name,
                        "must have at most "
                                + SYSCTL_LENGTH
                                + " characters and match regex "
                                + SYSCTL);
            } else if (!names.add(name)) {
                errors.duplicate(at, name);
            }
        }
    }

    private static void profile(JsonNode profile, String at, String what, FieldErrors errors) {
        if (!profile.isObject()) {
            return;
        }
        Checks.oneOf(profile, at, "type", PROFILES, errors);
        boolean local = Checks.text(profile, "type").equals("Localhost");
        if (!local && Checks.set(profile, "localhostProfile")) {
            errors.invalid(
                    at + ".localhostProfile",
                    InternalForm.of(
                            what.equals("seccomp") ? "SeccompProfile" : "AppArmorProfile", profile),
                    "can only be set when " + what + " type is Localhost");
        } else if (local && !Checks.set(profile, "localhostProfile")) {
            errors.required(
                    at + ".localhostProfile", "must be set when " + what + " type is Localhost");
        } else if (local && what.equals("seccomp")) {
            Checks.descending(
                    Checks.text(profile, "localhostProfile"), at + ".localhostProfile", errors);
        }
    }

    static void container(JsonNode context, boolean hostUsers, String at, FieldErrors errors) {
        if (!context.isObject()) {
            return;
        }
        Checks.id(context, at, "runAsUser", errors);
        Checks.id(context, at, "runAsGroup", errors);
        procMount(context, hostUsers, at, errors);
        profile(context.path("seccompProfile"), at + ".seccompProfile", "seccomp", errors);
        JsonNode escalation = context.path("allowPrivilegeEscalation");
        if (escalation.isBoolean() && !escalation.asBoolean()) {
            if (context.path("privileged").asBoolean(false)) {
                errors.invalid(
                        at,
                        InternalForm.of("SecurityContext", context),
                        "cannot set `allowPrivilegeEscalation` to false and `privileged` to true");
            }
            for (JsonNode capability : context.path("capabilities").path("add")) {
                if (capability.asString("").equals("CAP_SYS_ADMIN")) {
                    errors.invalid(
                            at,
                            InternalForm.of("SecurityContext", context),
                            "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add`"
                                    + " CAP_SYS_ADMIN");
                }
            }
        }
        profile(context.path("appArmorProfile"), at + ".appArmorProfile", "AppArmor", errors);
    }

    private static void procMount(
            JsonNode context, boolean hostUsers, String at, FieldErrors errors) {
        Checks.supported(context, at, "procMount", List.of("Default", "Unmasked"), errors);
        if (hostUsers && Checks.text(context, "procMount").equals("Unmasked")) {
            errors.invalid(
                    at + ".procMount", "Unmasked", "`hostUsers` must be false to use `Unmasked`");
        }
    }
}
