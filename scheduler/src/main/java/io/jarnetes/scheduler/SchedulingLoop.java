package io.jarnetes.scheduler;

import io.jarnetes.base.log.Log;
import io.jarnetes.kubeclient.ApiClient;
import io.jarnetes.kubeclient.ApiException;
import io.jarnetes.kubeclient.EventRecorder;
import io.jarnetes.kubeclient.Informer;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.Resource;
import io.jarnetes.kubeclient.StoppedException;
import io.jarnetes.scheduler.framework.NodeInfo;
import io.jarnetes.scheduler.framework.PodInfo;
import io.jarnetes.scheduler.framework.Profile;
import io.jarnetes.scheduler.framework.Snapshot;
import io.jarnetes.scheduler.plugins.VolumeBinding;
import io.jarnetes.scheduler.queue.QueuedPod;
import io.jarnetes.scheduler.queue.SchedulingQueue;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Takes pods from the queue one by one, places them, and binds them in the background. */
final class SchedulingLoop implements Runnable {

    private static final String NO_NODES = "no nodes available to schedule pods";

    /** What upstream's preemption says where no node has a verdict. */
    private static final String NO_NODE_TO_FREE = " not found";

    /** What upstream's DynamicResources says of a pod without claims. */
    private static final String NO_CLAIMS = "no new claims to deallocate, ";

    private static final String SELECTED_NODE = "volume.kubernetes.io/selected-node";

    /** Upstream's bindTimeoutSeconds. */
    private static final Duration VOLUME_TIMEOUT = Duration.ofSeconds(600);

    private static final Duration VOLUME_POLL = Duration.ofSeconds(1);

    private final ApiClient client;
    private final Binder binder;
    private final Informer pods;
    private final Cache cache;
    private final SchedulingQueue queue;
    private final Map<String, Profile> profiles;
    private final EventRecorder events;
    private final RandomGenerator random;
    private final Clock clock;
    private final Log log;
    private int start;

    SchedulingLoop(
            ApiClient client,
            Informer pods,
            Cache cache,
            SchedulingQueue queue,
            Map<String, Profile> profiles,
            EventRecorder events,
            RandomGenerator random,
            Clock clock,
            Log log) {
        this.client = client;
        this.binder = new Binder(client, clock);
        this.pods = pods;
        this.cache = cache;
        this.queue = queue;
        this.profiles = Map.copyOf(profiles);
        this.events = events;
        this.random = random;
        this.clock = clock;
        this.log = log;
    }

    @Override
    public void run() {
        try {
            for (QueuedPod next = queue.take(); next != null; next = queue.take()) {
                one(next);
            }
        } catch (InterruptedException | StoppedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void one(QueuedPod queued) {
        PodInfo pod = queued.pod();
        Profile profile = profiles.get(pod.pod().text("spec", "schedulerName"));
        if (profile == null || cache.has(pod.uid()) || pods.get(pod.key()).isEmpty()) {
            queue.done(pod.uid());
            return;
        }
        try {
            schedule(queued, profile);
        } catch (StoppedException e) {
            throw e;
        } catch (RuntimeException e) {
            log.error("Error scheduling pod; retrying", "pod", pod.key(), "err", e);
            queue.failed(queued, true);
        }
    }

    private void schedule(QueuedPod queued, Profile profile) {
        PodInfo pod = queued.pod();
        Snapshot cluster = cache.snapshot();
        int nodes = cluster.nodes().size();
        if (nodes == 0) {
            refuse(queued, Set.of(), NO_NODES, "");
            return;
        }
        start %= nodes;
        Profile.Placement placement = profile.place(pod, cluster, start, random);
        start += placement.looked();
        NodeInfo node = placement.node();
        if (node != null) {
            cache.assume(pod, node.name());
            List<KubeObject> claims = VolumeBinding.unbound(pod, cluster);
            Thread.ofVirtual().start(() -> bind(queued, node.name(), claims));
            return;
        }
        Preemption.Result preemption =
                Preemption.find(pod, profile, cluster, placement.diagnosis());
        NodeInfo nominated = preemption.node();
        String message = placement.diagnosis().message(nodes);
        if (placement.diagnosis().refused()) {
            message += NO_NODE_TO_FREE;
        } else if (nominated == null) {
            message += " " + NO_CLAIMS + preemption.message();
        }
        refuse(
                queued,
                placement.diagnosis().plugins(),
                message,
                nominated == null ? "" : nominated.name());
        if (nominated != null) {
            evict(pod, nominated.name(), preemption.victims());
        }
    }

    private void bind(QueuedPod queued, String node, List<KubeObject> claims) {
        PodInfo pod = queued.pod();
        try {
            for (KubeObject claim : claims) {
                bindClaim(claim, node);
            }
            String actual = binder.bind(pod, node);
            queue.done(pod.uid());
            if (!actual.equals(node)) {
                cache.moved(pod, actual);
                return;
            }
            events.record(
                    EventRecorder.reference(pod.pod(), ""),
                    "Normal",
                    "Scheduled",
                    "Binding",
                    "Successfully assigned " + pod.key() + " to " + node);
        } catch (ApiException e) {
            cache.forget(pod.uid());
            if (e.notFound()) {
                queue.done(pod.uid());
                return;
            }
            log.error("Error binding pod; retrying", "pod", pod.key(), "err", e.getMessage());
            queue.failed(queued, true);
            queue.move(other -> true);
        } catch (StoppedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Tells the volume controllers which node was chosen, and waits until they have a volume. */
    private void bindClaim(KubeObject claim, String node) {
        String path = Resource.PERSISTENT_VOLUME_CLAIMS.path(claim);
        client.patch(
                path,
                ApiClient.Patch.MERGE,
                Json.of("metadata", Json.of("annotations", Json.of(SELECTED_NODE, node))));
        Instant end = clock.instant().plus(VOLUME_TIMEOUT);
        while (clock.instant().isBefore(end)) {
            if (Json.text(client.get(path), "status", "phase").equals("Bound")) {
                return;
            }
            try {
                Thread.sleep(VOLUME_POLL);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StoppedException();
            }
        }
        throw ApiException.unreachable(
                "binding volumes", new IOException("timed out waiting for the condition"));
    }

    private void refuse(QueuedPod queued, Set<String> plugins, String message, String nominated) {
        PodInfo pod = queued.pod();
        log.debug("Unable to schedule pod; waiting", "pod", pod.key(), "err", message);
        queue.failed(queued.refused(plugins), false);
        events.record(
                EventRecorder.reference(pod.pod(), ""),
                "Warning",
                "FailedScheduling",
                "Scheduling",
                message);
        writeCondition(pod.pod(), message, nominated);
    }

    /** PodScheduled=False, unless the pod says so already. */
    private void writeCondition(KubeObject seen, String message, String nominated) {
        KubeObject pod = pods.get(seen.key()).orElse(seen);
        JsonNode before = pod.condition("PodScheduled");
        boolean same =
                Json.text(before, "status").equals("False")
                        && Json.text(before, "reason").equals("Unschedulable")
                        && Json.text(before, "message").equals(message);
        if (same
                && (nominated.isEmpty()
                        || pod.text("status", "nominatedNodeName").equals(nominated))) {
            return;
        }
        String since =
                Json.text(before, "status").equals("False")
                        ? Json.text(before, "lastTransitionTime")
                        : KubeObject.time(clock.instant());
        ObjectNode condition =
                Json.of(
                        "type", "PodScheduled",
                        "status", "False",
                        "lastTransitionTime", since,
                        "reason", "Unschedulable",
                        "message", message);
        condition.putNull("lastProbeTime");
        if (pod.generation() > 0) {
            condition.put("observedGeneration", pod.generation());
        }
        ObjectNode status = Json.object();
        status.withArrayProperty("conditions").add(condition);
        if (!nominated.isEmpty()) {
            status.put("nominatedNodeName", nominated);
        }
        patch(pod, status);
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

    /** Deletes the victims; their going moves the pod in the queue. */
    private void evict(PodInfo pod, String node, List<PodInfo> victims) {
        for (PodInfo victim : victims) {
            try {
                ObjectNode status = Json.object();
                status.withArrayProperty("conditions")
                        .add(
                                Json.of(
                                        "type", "DisruptionTarget",
                                        "status", "True",
                                        "lastTransitionTime", KubeObject.time(clock.instant()),
                                        "reason", "PreemptionByScheduler",
                                        "message",
                                                pod.pod().text("spec", "schedulerName")
                                                        + ": preempting to accommodate a higher"
                                                        + " priority pod"));
                patch(victim.pod(), status);
                client.delete(Resource.PODS.path(victim.pod()), ApiClient.onlyUid(victim.uid()));
                events.record(
                        EventRecorder.reference(victim.pod(), ""),
                        "Normal",
                        "Preempted",
                        "Preempting",
                        "Preempted by pod " + pod.uid() + " on node " + node);
            } catch (ApiException e) {
                log.debug("Error evicting", "pod", victim.key(), "err", e.getMessage());
            }
        }
    }
}
