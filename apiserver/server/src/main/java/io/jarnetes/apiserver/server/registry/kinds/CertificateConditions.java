package io.jarnetes.apiserver.server.registry.kinds;

import io.jarnetes.apiserver.server.registry.ApiException;
import io.jarnetes.apiserver.server.registry.FieldErrors;
import io.jarnetes.apiserver.server.registry.Meta;
import io.jarnetes.apiserver.server.registry.StatusStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What {@code approval} and {@code status} of a CertificateSigningRequest may say: who approves
 * doesn't issue, who issues doesn't approve, and nobody takes a decision back.
 */
final class CertificateConditions {

    private static final List<String> DECISIONS = List.of("Approved", "Denied");
    private static final List<String> FINAL = List.of("Approved", "Denied", "Failed");
    private static final List<String> STATUSES = List.of("False", "True", "Unknown");
    private static final String PATH = "status.conditions";
    private static final Pattern BLOCK = Pattern.compile("-----BEGIN ([^-]*)-----");

    private CertificateConditions() {}

    static StatusStore.Restriction approval(Supplier<String> now) {
        return (context, request, old) -> {
            stamp(request, old, now.get());
            JsonNode conditions = request.path("status").path("conditions");
            Meta.copyField(old, request, "spec");
            Meta.copyField(old, request, "status");
            ObjectNode status = Meta.child(request, "status");
            status.remove("conditions");
            if (!conditions.isEmpty()) {
                status.set("conditions", conditions);
            }
            check(request, old, true);
        };
    }

    static StatusStore.Restriction status(Supplier<String> now) {
        return (context, request, old) -> {
            Meta.copyField(old, request, "spec");
            DECISIONS.forEach(type -> keep(request, old, type));
            stamp(request, old, now.get());
            check(request, old, false);
        };
    }

    private static List<JsonNode> of(ObjectNode request, String type) {
        List<JsonNode> found = new ArrayList<>();
        for (JsonNode each : request.path("status").path("conditions")) {
            if (type(each).equals(type)) {
                found.add(each);
            }
        }
        return found;
    }

    private static String type(JsonNode condition) {
        return condition.path("type").asString("");
    }

    /** Gives a decision back as it was, unless there are more or less of it now. */
    private static void keep(ObjectNode request, ObjectNode old, String type) {
        List<JsonNode> before = of(old, type);
        if (before.size() != of(request, type).size()
                || !(request.path("status").path("conditions") instanceof ArrayNode conditions)) {
            return;
        }
        int next = 0;
        for (int i = 0; i < conditions.size(); i++) {
            if (type(conditions.get(i)).equals(type)) {
                conditions.set(i, before.get(next++).deepCopy());
            }
        }
    }

    private static void stamp(ObjectNode request, ObjectNode old, String now) {
        for (JsonNode each : request.path("status").path("conditions")) {
            ObjectNode condition = (ObjectNode) each;
            if (!condition.hasNonNull("lastUpdateTime")) {
                condition.put("lastUpdateTime", now);
            }
            if (!condition.hasNonNull("lastTransitionTime")) {
                String since = now;
                for (JsonNode before : of(old, type(each))) {
                    if (before.path("status").equals(each.path("status"))) {
                        since = before.path("lastTransitionTime").asString(now);
                        break;
                    }
                }
                condition.put("lastTransitionTime", since);
            }
        }
    }

    private static void check(ObjectNode request, ObjectNode old, boolean approves) {
        FieldErrors errors = new FieldErrors();
        conditions(request.path("status").path("conditions"), errors);
        String certificate = request.path("status").path("certificate").asString("");
        String before = old.path("status").path("certificate").asString("");
        if (!certificate.equals(before)) {
            certificate(certificate, errors);
        }
        for (String type : FINAL) {
            if (of(request, type).size() < of(old, type).size()) {
                errors.forbidden(
                        PATH, "updates may not remove a condition of type \"" + type + "\"");
            }
        }
        for (String type : DECISIONS) {
            if (!approves && of(request, type).size() > of(old, type).size()) {
                errors.forbidden(PATH, "updates may not add a condition of type \"" + type + "\"");
            }
        }
        if (!certificate.equals(before) && !before.isEmpty()) {
            errors.forbidden(
                    "status.certificate", "updates may not modify existing certificate content");
        }
        if (!errors.isEmpty()) {
            throw ApiException.invalid(
                    "certificates.k8s.io",
                    "CertificateSigningRequest",
                    Meta.name(request),
                    errors.all());
        }
    }

    private static void conditions(JsonNode conditions, FieldErrors errors) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < conditions.size(); i++) {
            String type = type(conditions.path(i));
            String at = PATH + "[" + i + "]";
            if (type.isEmpty()) {
                errors.required(at + ".type", "");
            }
            String status = conditions.path(i).path("status").asString("");
            List<String> allowed = FINAL.contains(type) ? List.of("True") : STATUSES;
            if (status.isEmpty()) {
                errors.required(at + ".status", "");
            } else if (!allowed.contains(status)) {
                errors.notSupported(at + ".status", status, allowed);
            }
            boolean decided =
                    DECISIONS.stream().anyMatch(each -> !each.equals(type) && seen.contains(each));
            if (DECISIONS.contains(type) && decided) {
                errors.invalid(PATH, type, "Approved and Denied conditions are mutually exclusive");
            }
            if (!seen.add(type)) {
                errors.duplicate(at + ".type", type);
            }
        }
    }

    private static void certificate(String base64, FieldErrors errors) {
        String pem = new String(Base64.getDecoder().decode(base64), StandardCharsets.ISO_8859_1);
        Matcher blocks = BLOCK.matcher(pem);
        String complaint = "must contain at least one CERTIFICATE PEM block";
        while (blocks.find()) {
            if (!blocks.group(1).equals("CERTIFICATE")) {
                complaint =
                        "only CERTIFICATE PEM blocks are allowed, found \"" + blocks.group(1) + '"';
                break;
            }
            complaint = "";
        }
        if (!pem.isEmpty() && !complaint.isEmpty()) {
            errors.invalid("status.certificate", "<certificate data>", complaint);
        }
    }
}
