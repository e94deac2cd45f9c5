package io.jarnetes.apiserver.server.printers;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The row of a pod: what its containers are doing, in one word. */
final class PodPrinter {
    private final Row row;
    private final List<JsonNode> initContainers;
    private final Set<String> sidecars = new HashSet<>();
    private String reason;
    private int ready;
    private long restarts;
    private String lastRestart = "";
    private long sidecarRestarts;
    private String lastSidecarRestart = "";

    private PodPrinter(Row row) {
        this.row = row;
        this.initContainers = row.items("/spec/initContainers");
        for (JsonNode container : initContainers) {
            if (container.path("restartPolicy").asString("").equals("Always")) {
                sidecars.add(container.path("name").asString(""));
            }
        }
        this.reason = Row.firstNonEmpty(row.str("/status/reason"), row.str("/status/phase"));
    }

    static void print(Row row) {
        new PodPrinter(row).print();
    }

    private void print() {
        for (JsonNode condition : row.items("/status/conditions")) {
            if (condition.path("type").asString("").equals("PodScheduled")
                    && condition.path("reason").asString("").equals("SchedulingGated")) {
                reason = "SchedulingGated";
            }
        }
        if (!initializing() || row.isTrue("Initialized")) {
            containers();
        }
        String phase = row.str("/status/phase");
        boolean over = phase.equals("Succeeded") || phase.equals("Failed");
        if (row.deleted() && row.str("/status/reason").equals("NodeLost")) {
            reason = "Unknown";
        } else if (row.deleted() && !over) {
            reason = "Terminating";
        }
        completion(phase);
        int total = row.items("/spec/containers").size() + sidecars.size();
        row.name().text(ready + "/" + total).text(reason).text(restartText()).age();
        wide();
    }

    private void completion(String phase) {
        switch (phase) {
            case "Succeeded" -> row.condition(phase, "The pod has completed successfully.");
            case "Failed" -> row.condition(phase, "The pod failed.");
            default -> {}
        }
    }

    private String restartText() {
        return restarts == 0 || lastRestart.isEmpty()
                ? String.valueOf(restarts)
                : restarts + " (" + row.since(lastRestart) + " ago)";
    }

    private static String later(String a, JsonNode status) {
        String finished = status.at("/lastState/terminated/finishedAt").asString("");
        return finished.compareTo(a) > 0 ? finished : a;
    }

    /** Goes through the init containers up to the first that is not done. */
    private boolean initializing() {
        int place = 0;
        for (JsonNode status : row.items("/status/initContainerStatuses")) {
            long count = status.path("restartCount").asLong(0);
            restarts += count;
            lastRestart = later(lastRestart, status);
            boolean sidecar = sidecars.contains(status.path("name").asString(""));
            if (sidecar) {
                sidecarRestarts += count;
                lastSidecarRestart = later(lastSidecarRestart, status);
            }
            JsonNode terminated = status.at("/state/terminated");
            boolean done = terminated.isObject() && terminated.path("exitCode").asLong(0) == 0;
            if (!done && sidecar && status.path("started").asBoolean(false)) {
                ready += status.path("ready").asBoolean(false) ? 1 : 0;
            } else if (!done) {
                reason = "Init:" + initReason(status, terminated, place);
                return true;
            }
            place++;
        }
        return false;
    }

    private String initReason(JsonNode status, JsonNode terminated, int place) {
        if (terminated.isObject()) {
            return outcome(terminated);
        }
        String waiting = status.at("/state/waiting/reason").asString("");
        return waiting.isEmpty() || waiting.equals("PodInitializing")
                ? place + "/" + initContainers.size()
                : waiting;
    }

    private static String outcome(JsonNode terminated) {
        String reason = terminated.path("reason").asString("");
        if (!reason.isEmpty()) {
            return reason;
        }
        long signal = terminated.path("signal").asLong(0);
        return signal != 0
                ? "Signal:" + signal
                : "ExitCode:" + terminated.path("exitCode").asLong(0);
    }

    private void containers() {
        restarts = sidecarRestarts;
        lastRestart = lastSidecarRestart;
        boolean running = false;
        String error = "";
        List<JsonNode> statuses = new ArrayList<>(row.items("/status/containerStatuses"));
        for (JsonNode status : statuses.reversed()) {
            restarts += status.path("restartCount").asLong(0);
            lastRestart = later(lastRestart, status);
            JsonNode terminated = status.at("/state/terminated");
            String waiting = status.at("/state/waiting/reason").asString("");
            if (!waiting.isEmpty()) {
                reason = waiting;
            } else if (terminated.isObject()) {
                reason = outcome(terminated);
                error = terminated.path("exitCode").asLong(0) == 0 ? error : reason;
            } else if (status.path("ready").asBoolean(false)
                    && status.at("/state/running").isObject()) {
                running = true;
                ready++;
            }
        }
        if (reason.equals("Completed")) {
            if (running && row.isTrue("Ready")) {
                reason = "Running";
            } else if (!error.isEmpty()) {
                reason = error;
            } else if (running) {
                reason = "NotReady";
            }
        }
    }

    private void wide() {
        row.text(row.str("/status/podIPs/0/ip", Row.NONE))
                .text(row.str("/spec/nodeName", Row.NONE))
                .text(row.str("/status/nominatedNodeName", Row.NONE));
        List<JsonNode> gates = row.items("/spec/readinessGates");
        long open =
                gates.stream()
                        .filter(g -> row.isTrue(g.path("conditionType").asString("")))
                        .count();
        row.text(gates.isEmpty() ? Row.NONE : open + "/" + gates.size());
    }
}
