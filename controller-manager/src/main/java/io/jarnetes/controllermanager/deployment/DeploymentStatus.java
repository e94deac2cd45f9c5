package io.jarnetes.controllermanager.deployment;

import io.jarnetes.controllermanager.framework.Conditions;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The edits of a Deployment's status and of its revision annotation, in one tree. */
final class DeploymentStatus {

    static final String AVAILABLE = "Available";
    static final String PROGRESSING = "Progressing";
    static final String REPLICA_FAILURE = "ReplicaFailure";
    static final String TIMED_OUT = "ProgressDeadlineExceeded";
    private static final String NEW_AVAILABLE = "NewReplicaSetAvailable";

    /** What a Deployment without a deadline has in its spec. */
    private static final int NO_DEADLINE = Integer.MAX_VALUE;

    private final KubeObject deployment;
    private final Instant now;
    private final ObjectNode tree;
    private final ObjectNode status;

    DeploymentStatus(KubeObject deployment, Instant now) {
        this.deployment = deployment;
        this.now = now;
        this.tree = deployment.copy();
        this.status = tree.withObjectProperty("status");
    }

    /** The tree to write; null if it says what is there already. */
    @Nullable ObjectNode edited() {
        return Json.same(tree, deployment.tree()) ? null : tree;
    }

    static boolean hasDeadline(KubeObject deployment) {
        int seconds = deployment.number(NO_DEADLINE, "spec", "progressDeadlineSeconds");
        return seconds != NO_DEADLINE;
    }

    void revision(String revision) {
        if (!revision.isEmpty()) {
            tree.withObjectProperty("metadata")
                    .withObjectProperty("annotations")
                    .put(ReplicaSets.REVISION, revision);
        }
    }

    void pausedCondition() {
        if (!hasDeadline(deployment)) {
            return;
        }
        String reason = Json.text(Conditions.find(status, PROGRESSING), "reason");
        boolean paused = deployment.flag("spec", "paused");
        if (reason.equals(TIMED_OUT)) {
            return;
        }
        if (paused && !reason.equals("DeploymentPaused")) {
            set(PROGRESSING, "Unknown", "DeploymentPaused", "Deployment is paused");
        } else if (!paused && reason.equals("DeploymentPaused")) {
            set(PROGRESSING, "Unknown", "DeploymentResumed", "Deployment is resumed");
        }
    }

    void created(String name) {
        if (hasDeadline(deployment)) {
            set(
                    PROGRESSING,
                    "True",
                    "NewReplicaSetCreated",
                    "Created new replica set " + quoted(name));
        }
    }

    void found(String name) {
        if (hasDeadline(deployment) && Conditions.find(status, PROGRESSING).isMissingNode()) {
            set(PROGRESSING, "True", "FoundNewReplicaSet", "Found new replica set " + quoted(name));
        }
    }

    private static String quoted(String name) {
        return "\"" + name + "\"";
    }

    /** Whether the status that the server has says that everything is rolled out. */
    boolean complete() {
        return complete(deployment.at("status"));
    }

    private boolean complete(JsonNode of) {
        int replicas = deployment.number(1, "spec", "replicas");
        return Json.number(0, of, "updatedReplicas") == replicas
                && Json.number(0, of, "replicas") == replicas
                && Json.number(0, of, "availableReplicas") == replicas
                && of.path("observedGeneration").asLong(0) >= deployment.generation();
    }

    void counted(List<KubeObject> sets, @Nullable KubeObject current) {
        int available = ReplicaSets.sum(sets, "availableReplicas");
        status.put("observedGeneration", deployment.generation());
        count("replicas", ReplicaSets.sum(sets, "replicas"));
        count("updatedReplicas", current == null ? 0 : current.number(0, "status", "replicas"));
        count("readyReplicas", ReplicaSets.sum(sets, "readyReplicas"));
        count("availableReplicas", available);
        count("unavailableReplicas", Math.max(0, ReplicaSets.sizes(sets) - available));
        if (sets.stream().allMatch(set -> set.present("status", "terminatingReplicas"))) {
            status.put("terminatingReplicas", ReplicaSets.sum(sets, "terminatingReplicas"));
        } else {
            status.remove("terminatingReplicas");
        }
        if (available >= Bounds.of(deployment).least()) {
            set(
                    AVAILABLE,
                    "True",
                    "MinimumReplicasAvailable",
                    "Deployment has minimum availability.");
        } else {
            set(
                    AVAILABLE,
                    "False",
                    "MinimumReplicasUnavailable",
                    "Deployment does not have minimum availability.");
        }
    }

    private void count(String field, int value) {
        if (value == 0) {
            status.remove(field);
        } else {
            status.put(field, value);
        }
    }

    /** The Progressing condition, and what the ReplicaSets report as failing. */
    void progress(List<KubeObject> sets, @Nullable KubeObject current) {
        if (!hasDeadline(deployment)) {
            Conditions.remove(status, PROGRESSING);
        } else {
            progressing(current);
        }
        JsonNode failure = current == null ? null : failure(current);
        for (KubeObject set : sets) {
            failure = failure == null ? failure(set) : failure;
        }
        if (failure == null) {
            Conditions.remove(status, REPLICA_FAILURE);
        } else {
            set(
                    REPLICA_FAILURE,
                    Json.text(failure, "status"),
                    Json.text(failure, "reason"),
                    Json.text(failure, "message"));
        }
    }

    private static @Nullable JsonNode failure(KubeObject set) {
        JsonNode condition = set.condition(REPLICA_FAILURE);
        return condition.isMissingNode() ? null : condition;
    }

    private void progressing(@Nullable KubeObject current) {
        JsonNode before = deployment.condition(PROGRESSING);
        boolean settled =
                Json.number(0, status, "replicas") == Json.number(0, status, "updatedReplicas")
                        && Json.text(before, "reason").equals(NEW_AVAILABLE);
        if (settled) {
            return;
        }
        String subject =
                current == null
                        ? "Deployment " + quoted(deployment.name())
                        : "ReplicaSet " + quoted(current.name());
        if (complete(status)) {
            set(PROGRESSING, "True", NEW_AVAILABLE, subject + " has successfully progressed.");
        } else if (advanced()) {
            advance(before, subject + " is progressing.");
        } else if (timedOut(Conditions.find(status, PROGRESSING))) {
            set(PROGRESSING, "False", TIMED_OUT, subject + " has timed out progressing.");
        }
    }

    private boolean advanced() {
        JsonNode before = deployment.at("status");
        int oldBefore =
                Json.number(0, before, "replicas") - Json.number(0, before, "updatedReplicas");
        int oldNow = Json.number(0, status, "replicas") - Json.number(0, status, "updatedReplicas");
        return more("updatedReplicas", before)
                || oldNow < oldBefore
                || more("readyReplicas", before)
                || more("availableReplicas", before);
    }

    private boolean more(String field, JsonNode before) {
        return Json.number(0, status, field) > Json.number(0, before, field);
    }

    /** Unlike other conditions this one takes a new lastUpdateTime although the reason stays. */
    private void advance(JsonNode before, String message) {
        Conditions.remove(status, PROGRESSING);
        set(PROGRESSING, "True", "ReplicaSetUpdated", message);
        if (Json.text(before, "status").equals("True")
                && Conditions.find(status, PROGRESSING) instanceof ObjectNode condition) {
            condition.put("lastTransitionTime", Json.text(before, "lastTransitionTime"));
        }
    }

    private boolean timedOut(JsonNode condition) {
        String reason = Json.text(condition, "reason");
        if (condition.isMissingNode() || reason.equals(NEW_AVAILABLE)) {
            return false;
        }
        return reason.equals(TIMED_OUT)
                || deadline(deployment, condition).map(now::isAfter).orElse(false);
    }

    /** When a rollout that makes no progress has failed. */
    private static Optional<Instant> deadline(KubeObject deployment, JsonNode condition) {
        int seconds = deployment.number(NO_DEADLINE, "spec", "progressDeadlineSeconds");
        return KubeObject.time(condition.path("lastUpdateTime"))
                .map(updated -> updated.plusSeconds(seconds));
    }

    /** When to look again at a rollout in progress; empty if there is no need to. */
    static Optional<Duration> nextCheck(KubeObject deployment, Instant now) {
        JsonNode condition = deployment.condition(PROGRESSING);
        String reason = Json.text(condition, "reason");
        if (!hasDeadline(deployment)
                || condition.isMissingNode()
                || reason.equals(NEW_AVAILABLE)
                || reason.equals(TIMED_OUT)) {
            return Optional.empty();
        }
        return deadline(deployment, condition)
                .map(deadline -> Duration.between(now, deadline).plusSeconds(1));
    }

    /**
     * A condition with the same status and reason stays as it is; a changed one goes to the end.
     */
    private void set(String type, String value, String reason, String message) {
        JsonNode before = Conditions.find(status, type);
        if (Json.text(before, "status").equals(value)
                && Json.text(before, "reason").equals(reason)) {
            return;
        }
        String transition =
                Json.text(before, "status").equals(value)
                        ? Json.text(before, "lastTransitionTime")
                        : KubeObject.time(now);
        Conditions.remove(status, type);
        ArrayNode conditions = status.withArrayProperty("conditions");
        conditions.add(
                Json.of(
                        "type", type,
                        "status", value,
                        "lastUpdateTime", KubeObject.time(now),
                        "lastTransitionTime", transition,
                        "reason", reason,
                        "message", message));
    }

    /** For a ReplicaSet that could not be made. */
    void failed(String message) {
        if (hasDeadline(deployment)) {
            set(PROGRESSING, "False", "ReplicaSetCreateError", message);
        }
    }

    /** For a ReplicaSet name that another template has: the next name is another one. */
    void collided() {
        status.put("collisionCount", Json.number(0, status, "collisionCount") + 1);
    }
}
