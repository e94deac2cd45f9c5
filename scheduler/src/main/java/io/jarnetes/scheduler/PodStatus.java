package io.jarnetes.scheduler;

import io.jarnetes.base.log.Log;
import io.jarnetes.kubeclient.ApiClient;
import io.jarnetes.kubeclient.ApiException;
import io.jarnetes.kubeclient.EventRecorder;
import io.jarnetes.kubeclient.Informer;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.Resource;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What pods and their events say about their scheduling. Failed writes are left to the next. */
final class PodStatus {

    private static final int LONGEST_NOTE = 1024;
    private static final String CUT = " ...";

    private final ApiClient client;
    private final Informer pods;
    private final EventRecorder events;
    private final Clock clock;
    private final Log log;

    PodStatus(ApiClient client, Informer pods, EventRecorder events, Clock clock, Log log) {
        this.client = client;
        this.pods = pods;
        this.events = events;
        this.clock = clock;
        this.log = log;
    }

    /**
     * An event, and PodScheduled=False unless the pod says so already.
     *
     * @param nominated the node that is to be kept for the pod; empty for none, null for the same
     *     as before
     */
    void unscheduled(KubeObject seen, String reason, String message, @Nullable String nominated) {
        events.record(
                EventRecorder.reference(seen, ""),
                "Warning",
                "FailedScheduling",
                "Scheduling",
                note(message));
        KubeObject pod = pods.get(seen.key()).orElse(seen);
        JsonNode before = pod.condition("PodScheduled");
        boolean same =
                Json.text(before, "status").equals("False")
                        && Json.text(before, "reason").equals(reason)
                        && Json.text(before, "message").equals(message);
        ObjectNode status = Json.object();
        if (nominated != null && !pod.text("status", "nominatedNodeName").equals(nominated)) {
            status = nomination(nominated);
        }
        if (same && status.isEmpty()) {
            return;
        }
        status.withArrayProperty("conditions").add(condition(pod, before, reason, message));
        patch(pod, status);
    }

    private static String note(String message) {
        return message.length() <= LONGEST_NOTE
                ? message
                : message.substring(0, LONGEST_NOTE - CUT.length()) + CUT;
    }

    private ObjectNode condition(KubeObject pod, JsonNode before, String reason, String message) {
        String since =
                Json.text(before, "status").equals("False")
                        ? Json.text(before, "lastTransitionTime")
                        : KubeObject.time(clock.instant());
        ObjectNode condition =
                Json.of(
                        "type", "PodScheduled",
                        "status", "False",
                        "lastTransitionTime", since,
                        "reason", reason,
                        "message", message);
        condition.putNull("lastProbeTime");
        if (pod.generation() > 0) {
            condition.put("observedGeneration", pod.generation());
        }
        return condition;
    }

    /** Where a pod is to go; an empty node takes that back. */
    void nominate(KubeObject pod, String node) {
        patch(pod, nomination(node));
    }

    private static ObjectNode nomination(String node) {
        ObjectNode status = Json.object();
        return node.isEmpty()
                ? status.putNull("nominatedNodeName")
                : status.put("nominatedNodeName", node);
    }

    /** A victim says why it goes. */
    void disrupted(KubeObject victim, String schedulerName) {
        ObjectNode status = Json.object();
        status.withArrayProperty("conditions")
                .add(
                        Json.of(
                                "type",
                                "DisruptionTarget",
                                "status",
                                "True",
                                "lastTransitionTime",
                                KubeObject.time(clock.instant()),
                                "reason",
                                "PreemptionByScheduler",
                                "message",
                                schedulerName
                                        + ": preempting to accommodate a higher priority pod"));
        patch(victim, status);
    }

    private void patch(KubeObject pod, ObjectNode status) {
        try {
            client.patch(
                    Resource.PODS.path(pod, "status"),
                    ApiClient.Patch.STRATEGIC,
                    Json.of("metadata", Json.of("uid", pod.uid()), "status", status));
        } catch (ApiException e) {
            log.debug("Error updating pod", "pod", pod.key(), "err", e.getMessage());
        }
    }
}
