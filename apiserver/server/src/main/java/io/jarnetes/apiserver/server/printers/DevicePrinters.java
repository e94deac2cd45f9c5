package io.jarnetes.apiserver.server.printers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** Rows of resource.k8s.io, and of scheduling.k8s.io's pod groups. */
final class DevicePrinters {
    private DevicePrinters() {}

    static void addTo(Map<String, Consumer<Row>> printers) {
        for (String kind : List.of("DeviceClass", "ResourceClaimTemplate", "Workload")) {
            printers.put(kind, r -> r.name().age());
        }
        printers.put("ResourceClaim", r -> r.name().text(claimState(r)).age());
        printers.put("ResourceSlice", DevicePrinters::slice);
        printers.put("DeviceTaintRule", DevicePrinters::taintRule);
        printers.put("ResourcePoolStatusRequest", DevicePrinters::poolStatus);
        printers.put("PodGroup", DevicePrinters::podGroup);
    }

    private static String claimState(Row row) {
        List<String> states = new ArrayList<>();
        if (row.deleted()) {
            states.add("deleted");
        }
        if (row.at("/status/allocation").isObject()) {
            states.add("allocated");
            if (!row.items("/status/reservedFor").isEmpty()) {
                states.add("reserved");
            }
        } else if (!row.deleted()) {
            states.add("pending");
        }
        return String.join(",", states);
    }

    private static void slice(Row row) {
        row.name()
                .text(row.str("/spec/nodeName"))
                .text(row.str("/spec/driver"))
                .text(row.str("/spec/pool/name"))
                .age();
    }

    private static void taintRule(Row row) {
        String added = row.str("/spec/taint/timeAdded");
        row.name()
                .text(row.str("/spec/taint/key"))
                .text(row.str("/spec/taint/value"))
                .text(row.str("/spec/taint/effect"))
                .text(added.isEmpty() ? "" : row.since(added))
                .age();
    }

    private static void poolStatus(Row row) {
        boolean failed = row.isTrue("Failed") && !row.isTrue("Complete");
        boolean complete = row.isTrue("Complete");
        List<JsonNode> pools = row.items("/status/pools");
        long poolCount = row.num("/status/poolCount");
        String status = complete ? "Complete" : failed ? "Failed" : "Pending";
        if (complete && poolCount > pools.size()) {
            status = "Complete (" + pools.size() + "/" + poolCount + " pools)";
        }
        row.name().text(row.str("/spec/driver"));
        boolean known = row.at("/status").isObject() && !failed;
        for (String field :
                List.of(
                        "totalDevices",
                        "availableDevices",
                        "allocatedDevices",
                        "unavailableDevices")) {
            long sum = pools.stream().mapToLong(p -> p.path(field).asLong(0)).sum();
            row.text(known ? String.valueOf(sum) : "-");
        }
        long errors = pools.stream().filter(p -> p.has("validationError")).count();
        String completed =
                row.items("/status/conditions").stream()
                        .filter(c -> c.path("type").asString("").equals("Complete"))
                        .map(c -> row.since(c.path("lastTransitionTime").asString("")))
                        .findFirst()
                        .orElse(Row.NONE);
        row.text(known ? String.valueOf(errors) : "-")
                .number(poolCount)
                .text(status)
                .text(complete ? completed : Row.NONE);
    }

    private static void podGroup(Row row) {
        String status = "Pending";
        String scheduled = row.conditionStatus("PodGroupScheduled");
        if (!scheduled.isEmpty()) {
            status = scheduled.equals("True") ? "Scheduled" : "Unschedulable";
        }
        for (JsonNode condition : row.items("/status/conditions")) {
            if (condition.path("type").asString("").equals("DisruptionTarget")) {
                status = condition.path("reason").asString("");
            }
        }
        row.name()
                .text(row.at("/spec/schedulingPolicy").has("gang") ? "Gang" : "Basic")
                .text(row.str("/spec/podGroupTemplateRef/workload/workloadName", Row.NONE))
                .text(status)
                .age();
    }
}
