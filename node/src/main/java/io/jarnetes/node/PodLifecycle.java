package io.jarnetes.node;

import io.jarnetes.base.flags.GoValues;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.OwnerReference;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What becomes of a pod on a simulated node; pure. The rules stand at the package. */
final class PodLifecycle {

    /** Longest time from a deletion until a simulated pod is gone. */
    static final long TERMINATION_MILLIS = 200;

    /** How long the containers of a Job's pod run where nothing else is said. */
    static final Duration JOB_LIFE = Duration.ofSeconds(1);

    /** The exit code of what SIGKILL ended. */
    private static final int KILLED = 137;

    static final String EXIT_AFTER = "jarnetes.io/exit-after";
    static final String EXIT_CODE = "jarnetes.io/exit-code";

    /**
     * What to do now.
     *
     * @param status to write; null if it says what is there
     * @param started whether the containers start with this status
     * @param remove whether the pod is to be deleted for good after that
     * @param again when to look again; null for at the next change
     */
    record Step(
            @Nullable ObjectNode status,
            boolean started,
            boolean remove,
            @Nullable Duration again) {}

    /** Where a pod runs. */
    record Host(String nodeAddress, String podAddress) {}

    private final KubeObject pod;
    private final Host host;
    private final Instant now;

    private PodLifecycle(KubeObject pod, Host host, Instant now) {
        this.pod = pod;
        this.host = host;
        this.now = now;
    }

    /**
     * @param deletionSeen when this node first saw that the pod is being deleted; null if it isn't
     */
    static Step step(KubeObject pod, Host host, @Nullable Instant deletionSeen, Instant now) {
        return new PodLifecycle(pod, host, now).step(deletionSeen);
    }

    private Step step(@Nullable Instant deletionSeen) {
        boolean finished = finished(pod);
        if (deletionSeen != null) {
            return terminate(deletionSeen, finished);
        }
        if (finished) {
            return new Step(null, false, false, null);
        }
        if (!pod.text("status", "phase").equals("Running")) {
            return new Step(running(null), true, false, sooner(untilExit(now), untilDeadline()));
        }
        Duration deadline = untilDeadline();
        if (deadline != null && !deadline.isPositive()) {
            return new Step(overdue(), false, false, null);
        }
        Duration left = untilExit(startedAt());
        if (left == null || left.isPositive()) {
            // Readiness gates may have changed.
            ObjectNode status = conditionsOnly();
            return new Step(
                    Json.same(status, pod.at("status")) ? null : status,
                    false,
                    false,
                    sooner(left, deadline));
        }
        return exited();
    }

    private static @Nullable Duration sooner(@Nullable Duration one, @Nullable Duration other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.compareTo(other) < 0 ? one : other;
    }

    /** Until spec.activeDeadlineSeconds are over; null if there are none. */
    private @Nullable Duration untilDeadline() {
        JsonNode seconds = pod.at("spec", "activeDeadlineSeconds");
        if (!seconds.isNumber()) {
            return null;
        }
        Instant started = KubeObject.time(pod.at("status", "startTime")).orElse(now);
        return Duration.between(now, started.plusSeconds(seconds.asLong()));
    }

    /** Killed, in a kubelet's words. */
    private ObjectNode overdue() {
        ObjectNode status = ended(KILLED);
        status.put("reason", "DeadlineExceeded");
        status.put("message", "Pod was active on the node longer than the specified deadline");
        return status;
    }

    static boolean finished(KubeObject pod) {
        String phase = pod.text("status", "phase");
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    private Step terminate(Instant seen, boolean finished) {
        if (finished) {
            return new Step(null, false, true, null);
        }
        long grace = pod.at("metadata", "deletionGracePeriodSeconds").asLong(30) * 1000;
        Instant end = seen.plusMillis(Math.min(grace, TERMINATION_MILLIS));
        if (now.isBefore(end)) {
            return new Step(null, false, false, Duration.between(now, end));
        }
        return new Step(ended(0), false, true, null);
    }

    private Step exited() {
        int code = exitCode();
        String policy = pod.text("spec", "restartPolicy");
        if (policy.equals("Always") || policy.equals("OnFailure") && code != 0) {
            return new Step(running(code), true, false, sooner(untilExit(now), untilDeadline()));
        }
        return new Step(ended(code), false, false, null);
    }

    private int exitCode() {
        try {
            String code = pod.annotation(EXIT_CODE);
            return code.isEmpty() ? 0 : Integer.parseInt(code);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** Null if the containers stay. */
    private @Nullable Duration untilExit(Instant started) {
        Duration life = life();
        return life == null ? null : Duration.between(now, started.plus(life));
    }

    private @Nullable Duration life() {
        String after = pod.annotation(EXIT_AFTER);
        if (!after.isEmpty()) {
            try {
                return GoValues.duration(after);
            } catch (IllegalArgumentException e) {
                return null;
            }
        }
        OwnerReference controller = pod.controller();
        boolean job =
                controller != null
                        && controller.kind().equals("Job")
                        && controller.group().equals("batch");
        return job ? JOB_LIFE : null;
    }

    private Instant startedAt() {
        for (JsonNode status : pod.at("status", "containerStatuses")) {
            return KubeObject.time(Json.at(status, "state", "running", "startedAt")).orElse(now);
        }
        return now;
    }

    private ObjectNode current() {
        return pod.at("status") instanceof ObjectNode status ? status.deepCopy() : Json.object();
    }

    /**
     * @param lastExit the exit code of the run before; null for a first start
     */
    private ObjectNode running(@Nullable Integer lastExit) {
        ObjectNode status = current();
        status.put("phase", "Running");
        addresses(status);
        status.putIfAbsent("startTime", Json.tree(KubeObject.time(now)));
        ArrayNode init = statuses("initContainers", false, null);
        if (!init.isEmpty()) {
            status.set("initContainerStatuses", init);
        }
        status.set("containerStatuses", statuses("containers", true, lastExit));
        conditions(status, true, "");
        return status;
    }

    private void addresses(ObjectNode status) {
        String address = pod.flag("spec", "hostNetwork") ? host.nodeAddress() : host.podAddress();
        status.put("hostIP", host.nodeAddress());
        status.set("hostIPs", Json.array().add(Json.of("ip", host.nodeAddress())));
        status.put("podIP", address);
        status.set("podIPs", Json.array().add(Json.of("ip", address)));
    }

    private ObjectNode conditionsOnly() {
        ObjectNode status = current();
        conditions(status, true, "");
        return status;
    }

    /** All containers have ended with this code. */
    private ObjectNode ended(int code) {
        ObjectNode status = current();
        status.put("phase", code == 0 ? "Succeeded" : "Failed");
        if (!status.has("startTime")) {
            addresses(status);
            status.put("startTime", KubeObject.time(now));
        }
        ArrayNode statuses = Json.array();
        for (JsonNode container : pod.at("spec", "containers")) {
            ObjectNode one = ContainerStatus.of(pod, container, now);
            ContainerStatus.end(one, before("containerStatuses", container), code, now);
            statuses.add(one);
        }
        status.set("containerStatuses", statuses);
        endSidecars(status);
        conditions(status, false, code == 0 ? "PodCompleted" : "PodFailed");
        return status;
    }

    /** They are told to end when the others have. */
    private void endSidecars(ObjectNode status) {
        ArrayNode statuses = Json.array();
        for (JsonNode container : pod.at("spec", "initContainers")) {
            JsonNode before = before("initContainerStatuses", container);
            if (Json.present(before, "state", "running")) {
                ObjectNode one = ContainerStatus.of(pod, container, now);
                ContainerStatus.end(one, before, 0, now);
                statuses.add(one);
            } else if (!before.isEmpty()) {
                statuses.add(before.deepCopy());
            }
        }
        if (!statuses.isEmpty()) {
            status.set("initContainerStatuses", statuses);
        }
    }

    private ArrayNode statuses(String field, boolean main, @Nullable Integer lastExit) {
        ArrayNode statuses = Json.array();
        for (JsonNode container : pod.at("spec", field)) {
            ObjectNode status = ContainerStatus.of(pod, container, now);
            JsonNode before =
                    before(main ? "containerStatuses" : "initContainerStatuses", container);
            if (!main && before instanceof ObjectNode there && !there.isEmpty()) {
                // They run once a pod, whatever becomes of the others.
                statuses.add(there.deepCopy());
                continue;
            }
            if (main || Json.text(container, "restartPolicy").equals("Always")) {
                ContainerStatus.run(status, before, lastExit, now);
            } else {
                ContainerStatus.end(status, before, 0, now);
                status.put("ready", true);
            }
            statuses.add(status);
        }
        return statuses;
    }

    private JsonNode before(String field, JsonNode container) {
        for (JsonNode status : pod.at("status", field)) {
            if (Json.text(status, "name").equals(Json.text(container, "name"))) {
                return status;
            }
        }
        return Json.object();
    }

    /**
     * @param reason why it isn't ready; empty if it is
     */
    private void conditions(ObjectNode status, boolean ready, String reason) {
        boolean gates = gatesOpen();
        condition(status, "PodReadyToStartContainers", ready, "");
        condition(status, "Initialized", true, ready ? "" : reason);
        condition(
                status,
                "Ready",
                ready && gates,
                !ready ? reason : gates ? "" : "ReadinessGatesNotReady");
        condition(status, "ContainersReady", ready, reason);
        condition(status, "PodScheduled", true, "");
        if (pod.generation() > 0) {
            status.put("observedGeneration", pod.generation());
        }
    }

    private boolean gatesOpen() {
        for (JsonNode gate : pod.at("spec", "readinessGates")) {
            if (!pod.conditionTrue(Json.text(gate, "conditionType"))) {
                return false;
            }
        }
        return true;
    }

    private void condition(ObjectNode status, String type, boolean value, String reason) {
        ArrayNode conditions = status.withArrayProperty("conditions");
        ObjectNode condition = Json.of("type", type, "status", value ? "True" : "False");
        condition.putNull("lastProbeTime");
        condition.put("lastTransitionTime", KubeObject.time(now));
        if (pod.generation() > 0) {
            condition.put("observedGeneration", pod.generation());
        }
        if (!reason.isEmpty()) {
            condition.put("reason", reason);
        }
        for (int i = 0; i < conditions.size(); i++) {
            JsonNode before = conditions.path(i);
            if (Json.text(before, "type").equals(type)) {
                if (Json.text(before, "status").equals(value ? "True" : "False")) {
                    condition.put("lastTransitionTime", Json.text(before, "lastTransitionTime"));
                }
                conditions.set(i, condition);
                return;
            }
        }
        conditions.add(condition);
    }

    /** The names of the containers that start, for events. */
    static List<JsonNode> containers(KubeObject pod) {
        List<JsonNode> all = new java.util.ArrayList<>();
        pod.at("spec", "containers").forEach(all::add);
        return all;
    }
}
