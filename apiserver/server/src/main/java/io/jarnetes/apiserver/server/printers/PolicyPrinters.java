package io.jarnetes.apiserver.server.printers;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Rows of access control, admission, priorities, coordination and devices. */
final class PolicyPrinters {
    private static final int SHOWN = 3;

    private PolicyPrinters() {}

    static void addTo(Map<String, Consumer<Row>> printers) {
        printers.put("RoleBinding", PolicyPrinters::binding);
        printers.put("ClusterRoleBinding", PolicyPrinters::binding);
        printers.put("CertificateSigningRequest", PolicyPrinters::signingRequest);
        printers.put("ClusterTrustBundle", PolicyPrinters::trustBundle);
        printers.put("PodCertificateRequest", PolicyPrinters::podCertificate);
        for (String kind :
                List.of("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration")) {
            printers.put(kind, r -> r.name().number(r.items("/webhooks").size()).age());
        }
        printers.put("ValidatingAdmissionPolicy", r -> policy(r, "/spec/validations"));
        printers.put("MutatingAdmissionPolicy", r -> policy(r, "/spec/mutations"));
        printers.put("ValidatingAdmissionPolicyBinding", PolicyPrinters::policyBinding);
        printers.put("MutatingAdmissionPolicyBinding", PolicyPrinters::policyBinding);
        printers.put("PriorityClass", PolicyPrinters::priorityClass);
        printers.put("RuntimeClass", r -> r.name().text(r.str("/handler")).age());
        printers.put("Lease", r -> r.name().text(r.str("/spec/holderIdentity")).age());
        printers.put("LeaseCandidate", PolicyPrinters::leaseCandidate);
        printers.put("FlowSchema", PolicyPrinters::flowSchema);
        printers.put("PriorityLevelConfiguration", PolicyPrinters::priorityLevel);
        printers.put("StorageVersion", PolicyPrinters::storageVersion);
        printers.put("StorageVersionMigration", PolicyPrinters::migration);
        printers.put("APIService", PolicyPrinters::apiService);
        DevicePrinters.addTo(printers);
    }

    private static void binding(Row row) {
        row.name()
                .text(row.str("/roleRef/kind") + "/" + row.str("/roleRef/name"))
                .age()
                .text(subjects(row, "User"))
                .text(subjects(row, "Group"))
                .text(subjects(row, "ServiceAccount"));
    }

    private static String subjects(Row row, String kind) {
        return row.items("/subjects").stream()
                .filter(s -> s.path("kind").asString("").equals(kind))
                .map(s -> {
                    String name = s.path("name").asString("");
                    return kind.equals("ServiceAccount")
                            ? s.path("namespace").asString("") + "/" + name
                            : name;
                })
                .collect(Collectors.joining(", "));
    }

    private static void signingRequest(Row row) {
        String seconds = row.str("/spec/expirationSeconds");
        row.name()
                .age()
                .text(row.str("/spec/signerName", Row.NONE))
                .text(row.str("/spec/username"))
                .text(
                        seconds.isEmpty()
                                ? Row.NONE
                                : HumanDuration.of(Duration.ofSeconds(Long.parseLong(seconds))))
                .text(signingStatus(row));
    }

    private static String signingStatus(Row row) {
        List<String> types =
                row.items("/status/conditions").stream()
                        .map(c -> c.path("type").asString(""))
                        .toList();
        String status =
                types.contains("Denied")
                        ? "Denied"
                        : types.contains("Approved") ? "Approved" : "Pending";
        return status
                + (types.contains("Failed") ? ",Failed" : "")
                + (row.str("/status/certificate").isEmpty() ? "" : ",Issued");
    }

    private static void trustBundle(Row row) {
        row.name().text(row.str("/spec/signerName", Row.NONE));
    }

    private static void podCertificate(Row row) {
        List<String> types =
                row.items("/status/conditions").stream()
                        .map(c -> c.path("type").asString(""))
                        .toList();
        String state =
                List.of("Denied", "Failed", "Issued").stream()
                        .filter(types::contains)
                        .findFirst()
                        .orElse("Pending");
        row.name()
                .text(row.str("/spec/podName"))
                .text(row.str("/spec/serviceAccountName"))
                .text(row.str("/spec/nodeName"))
                .text(row.str("/spec/signerName"))
                .text(state)
                .text(Labels.of(row.at("/spec/unverifiedUserAnnotations")));
    }

    private static void policy(Row row, String rules) {
        String kind =
                row.at("/spec/paramKind").isObject()
                        ? row.str("/spec/paramKind/apiVersion")
                                + "/"
                                + row.str("/spec/paramKind/kind")
                        : Row.UNSET;
        row.name().number(row.items(rules).size()).text(kind).age();
    }

    private static void policyBinding(Row row) {
        String parameter = Row.UNSET;
        String name = row.str("/spec/paramRef/name");
        if (!name.isEmpty()) {
            parameter = row.str("/spec/paramRef/namespace", "*") + "/" + name;
        }
        row.name().text(row.str("/spec/policyName")).text(parameter).age();
    }

    private static void priorityClass(Row row) {
        row.name()
                .number(row.num("/value"))
                .flag(row.at("/globalDefault").asBoolean(false))
                .age()
                .text(row.str("/preemptionPolicy"));
    }

    private static void leaseCandidate(Row row) {
        row.name()
                .text(row.str("/spec/leaseName"))
                .text(row.str("/spec/binaryVersion"))
                .text(row.str("/spec/emulationVersion"))
                .age();
    }

    private static void flowSchema(Row row) {
        String dangling = row.conditionStatus("Dangling");
        row.name()
                .text(row.str("/spec/priorityLevelConfiguration/name"))
                .number(row.num("/spec/matchingPrecedence"))
                .text(row.str("/spec/distinguisherMethod/type", Row.NONE))
                .age()
                .text(dangling.isEmpty() ? "?" : dangling);
    }

    private static void priorityLevel(Row row) {
        String queuing = "/spec/limited/limitResponse/queuing/";
        row.name()
                .text(row.str("/spec/type"))
                .cell(orNone(row.at("/spec/limited/nominalConcurrencyShares")))
                .cell(orNone(row.at(queuing + "queues")))
                .cell(orNone(row.at(queuing + "handSize")))
                .cell(orNone(row.at(queuing + "queueLengthLimit")))
                .age();
    }

    private static JsonNode orNone(JsonNode value) {
        return value.isMissingNode() ? JsonNodeFactory.instance.stringNode(Row.NONE) : value;
    }

    private static void storageVersion(Row row) {
        List<String> versions =
                row.items("/status/storageVersions").stream()
                        .map(v ->
                                v.path("apiServerID").asString("")
                                        + "="
                                        + v.path("encodingVersion").asString(""))
                        .toList();
        row.name()
                .text(row.str("/status/commonEncodingVersion", Row.UNSET))
                .text(Row.some(versions, SHOWN, ",", Row.UNSET))
                .age();
    }

    private static void migration(Row row) {
        String group = row.str("/spec/resource/group");
        String resource = row.str("/spec/resource/resource");
        String status = "Unknown";
        for (String type : List.of("Running", "Failed", "Succeeded")) {
            status = row.isTrue(type) ? type : status;
        }
        row.name().text(group.isEmpty() ? resource : resource + "." + group).text(status);
    }

    private static void apiService(Row row) {
        String service = "Local";
        if (row.at("/spec/service").isObject()) {
            service = row.str("/spec/service/namespace") + "/" + row.str("/spec/service/name");
        }
        String available = "Unknown";
        for (JsonNode condition : row.items("/status/conditions")) {
            if (condition.path("type").asString("").equals("Available")) {
                String status = condition.path("status").asString("");
                String reason = condition.path("reason").asString("");
                available = status.equals("True") ? status : status + " (" + reason + ")";
            }
        }
        row.name().text(service).text(available).age();
    }
}
