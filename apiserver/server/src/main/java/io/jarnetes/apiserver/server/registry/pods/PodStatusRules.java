package io.jarnetes.apiserver.server.registry.pods;

import io.jarnetes.apiserver.server.registry.FieldErrors;
import io.jarnetes.apiserver.server.registry.Meta;
import io.jarnetes.apiserver.server.registry.validation.NameRules;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a kubelet may say of a pod. */
public final class PodStatusRules {

    private static final List<String> OWN_CONDITIONS =
            List.of("PodScheduled", "Ready", "Initialized");

    private PodStatusRules() {}

    /** A pod's new status against the old one. */
    public static void validate(ObjectNode pod, ObjectNode old, FieldErrors errors) {
        JsonNode status = pod.path("status");
        JsonNode conditions = status.path("conditions");
        for (int i = 0; i < conditions.size(); i++) {
            String type = Checks.text(conditions.path(i), "type");
            if (!OWN_CONDITIONS.contains(type)) {
                errors.invalid(
                        "status.conditions[" + i + "].Type", type, NameRules.qualifiedName(type));
            }
        }
        String nominated = Checks.text(status, "nominatedNodeName");
        if (!nominated.isEmpty()
                && !nominated.equals(Checks.text(old.path("status"), "nominatedNodeName"))) {
            errors.invalid(
                    "status.nominatedNodeName", nominated, NameRules.dns1123Subdomain(nominated));
        }
        JsonNode qos = status.path("qosClass");
        if (!Meta.semanticallyEqual(qos, old.path("status").path("qosClass"))) {
            errors.invalid("status.qosClass", qos, "field is immutable");
        }
        transitions(
                status.path("containerStatuses"),
                old.path("status").path("containerStatuses"),
                old.path("spec"),
                errors);
        addresses(status.path("podIPs"), old.path("status").path("podIPs"), errors);
    }

    /** What has ended, and isn't to be started again, stays so. */
    private static void transitions(
            JsonNode now, JsonNode before, JsonNode spec, FieldErrors errors) {
        for (int i = 0; i < before.size(); i++) {
            JsonNode ended = before.path(i).path("state").path("terminated");
            String name = Checks.text(before.path(i), "name");
            if (ended.isObject()
                    && leaves(now, name)
                    && !restarts(spec, name, ended.path("exitCode").asLong(0))) {
                errors.forbidden(
                        "status.containerStatuses[" + i + "].state",
                        "may not be transitioned to non-terminated state");
            }
        }
    }

    private static boolean leaves(JsonNode statuses, String name) {
        for (JsonNode each : statuses) {
            if (Checks.text(each, "name").equals(name)) {
                return !each.path("state").hasNonNull("terminated");
            }
        }
        return false;
    }

    private static boolean restarts(JsonNode spec, String name, long exitCode) {
        for (JsonNode container : spec.path("containers")) {
            if (!Checks.text(container, "name").equals(name)) {
                continue;
            }
            for (JsonNode rule : container.path("restartPolicyRules")) {
                JsonNode codes = rule.path("exitCodes");
                boolean listed =
                        codes.path("values")
                                .valueStream()
                                .anyMatch(code -> code.asLong() == exitCode);
                if (codes.isObject() && listed == Checks.text(codes, "operator").equals("In")) {
                    return true;
                }
            }
            String own = Checks.text(container, "restartPolicy");
            return switch (own.isEmpty() ? Checks.text(spec, "restartPolicy") : own) {
                case "Always" -> true;
                case "OnFailure" -> exitCode != 0;
                default -> false;
            };
        }
        return false;
    }

    /** What was there already stays, whatever it is. */
    private static void addresses(JsonNode ips, JsonNode before, FieldErrors errors) {
        for (int i = 0; i < ips.size(); i++) {
            String ip = Checks.text(ips.path(i), "ip");
            boolean known =
                    before.valueStream().anyMatch(each -> Checks.text(each, "ip").equals(ip));
            if (!known) {
                errors.invalid("status.podIPs[" + i + "]", ip, NameRules.ip(ip));
            }
        }
        boolean families =
                ips.size() < 2
                        || Checks.text(ips.path(0), "ip").contains(":")
                                != Checks.text(ips.path(1), "ip").contains(":");
        if (ips.size() > 2 || !families) {
            errors.invalid(
                    "status.podIPs", ips, "may specify no more than one IP for each IP family");
        }
    }
}
