package io.jarnetes.apiserver.server.printers;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** Rows of the core group's other kinds. */
final class CorePrinters {
    private static final String ROLE_LABEL = "node-role.kubernetes.io/";

    private CorePrinters() {}

    static void addTo(Map<String, Consumer<Row>> printers) {
        printers.put("Namespace", r -> r.name().text(r.str("/status/phase")).age());
        printers.put("Node", CorePrinters::node);
        printers.put("Event", CorePrinters::event);
        printers.put(
                "Secret", r -> r.name().text(r.str("/type")).number(r.at("/data").size()).age());
        printers.put(
                "ConfigMap",
                r -> r.name().number(r.at("/data").size() + r.at("/binaryData").size()).age());
        printers.put("ServiceAccount", r -> r.name().age());
        printers.put("ComponentStatus", CorePrinters::componentStatus);
        printers.put("ResourceQuota", CorePrinters::quota);
        printers.put("PersistentVolume", StoragePrinters::volume);
        printers.put("PersistentVolumeClaim", StoragePrinters::claim);
        printers.put(
                "Status",
                r -> r.text(r.str("/status")).text(r.str("/reason")).text(r.str("/message")));
    }

    private static void node(Row row) {
        String ready = row.conditionStatus("Ready");
        String status = ready.isEmpty() ? "Unknown" : ready.equals("True") ? "Ready" : "NotReady";
        if (row.at("/spec/unschedulable").asBoolean(false)) {
            status += ",SchedulingDisabled";
        }
        String kernel = row.str("/status/nodeInfo/kernelVersion", "<unknown>");
        String architecture = row.str("/status/nodeInfo/architecture");
        String roles = String.join(",", roles(row));
        row.name()
                .text(status)
                .text(roles.isEmpty() ? Row.NONE : roles)
                .age()
                .text(row.str("/status/nodeInfo/kubeletVersion"))
                .text(address(row, "InternalIP"))
                .text(address(row, "ExternalIP"))
                .text(row.str("/status/nodeInfo/osImage", "<unknown>"))
                .text(architecture.isEmpty() ? kernel : kernel + " (" + architecture + ")")
                .text(row.str("/status/nodeInfo/containerRuntimeVersion", "<unknown>"));
    }

    private static TreeSet<String> roles(Row row) {
        TreeSet<String> roles = new TreeSet<>();
        for (Map.Entry<String, JsonNode> label : row.at("/metadata/labels").properties()) {
            String key = label.getKey();
            String role = "";
            if (key.startsWith(ROLE_LABEL)) {
                role = key.substring(ROLE_LABEL.length());
            } else if (key.equals("kubernetes.io/role")) {
                role = label.getValue().asString("");
            }
            if (!role.isEmpty()) {
                roles.add(role);
            }
        }
        return roles;
    }

    private static String address(Row row, String type) {
        return row.items("/status/addresses").stream()
                .filter(a -> a.path("type").asString("").equals(type))
                .map(a -> a.path("address").asString(""))
                .findFirst()
                .orElse(Row.NONE);
    }

    /** Both forms: core/v1, and events.k8s.io/v1 with its other names. */
    private static void event(Row row) {
        String first =
                row.since(
                        either(row, "/firstTimestamp", "/deprecatedFirstTimestamp", "/eventTime"));
        String lastTime = either(row, "/lastTimestamp", "/deprecatedLastTimestamp");
        String last = lastTime.isEmpty() ? first : row.since(lastTime);
        long count = row.num("/count") + row.num("/deprecatedCount");
        if (row.at("/series").isObject()) {
            last = row.since(row.str("/series/lastObservedTime"));
            count = row.num("/series/count");
        }
        String kind =
                either(row, "/involvedObject/kind", "/regarding/kind").toLowerCase(Locale.ROOT);
        String name = either(row, "/involvedObject/name", "/regarding/name");
        String component =
                either(
                        row,
                        "/source/component",
                        "/deprecatedSource/component",
                        "/reportingComponent",
                        "/reportingController");
        String host = either(row, "/source/host", "/deprecatedSource/host", "/reportingInstance");
        row.text(last)
                .text(row.str("/type"))
                .text(row.str("/reason"))
                .text(name.isEmpty() ? kind : kind + "/" + name)
                .text(either(row, "/involvedObject/fieldPath", "/regarding/fieldPath"))
                .text(host.isEmpty() ? component : component + ", " + host)
                .text(either(row, "/message", "/note").strip())
                .text(first)
                .number(Math.max(count, row.at("/series").isObject() ? count : 1))
                .name();
    }

    private static String either(Row row, String... pointers) {
        for (String pointer : pointers) {
            if (!row.str(pointer).isEmpty()) {
                return row.str(pointer);
            }
        }
        return "";
    }

    private static void componentStatus(Row row) {
        for (JsonNode condition : row.items("/conditions")) {
            if (condition.path("type").asString("").equals("Healthy")) {
                boolean healthy = condition.path("status").asString("").equals("True");
                row.name()
                        .text(healthy ? "Healthy" : "Unhealthy")
                        .text(condition.path("message").asString(""))
                        .text(condition.path("error").asString(""));
                return;
            }
        }
        row.name().text("Unknown").text("").text("");
    }

    private static void quota(Row row) {
        List<String> requests = new ArrayList<>();
        List<String> limits = new ArrayList<>();
        Map<String, String> sorted = new TreeMap<>();
        row.at("/status/hard")
                .properties()
                .forEach(e -> sorted.put(e.getKey(), e.getValue().asString("")));
        sorted.forEach((name, hard) -> {
            String used = row.at("/status/used").path(name).asString("0");
            (name.startsWith("limits.") ? limits : requests).add(name + ": " + used + "/" + hard);
        });
        row.name().text(String.join(", ", requests)).text(String.join(", ", limits)).age();
    }
}
