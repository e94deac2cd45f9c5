package io.jarnetes.scheduler;

import io.jarnetes.base.log.Log;
import io.jarnetes.kubeclient.ApiClient;
import io.jarnetes.kubeclient.ApiException;
import io.jarnetes.kubeclient.EventRecorder;
import io.jarnetes.kubeclient.Informer;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.Resource;
import io.jarnetes.kubeclient.StoppedException;
import io.jarnetes.scheduler.framework.Diagnosis;
import io.jarnetes.scheduler.framework.NodeInfo;
import io.jarnetes.scheduler.framework.PodInfo;
import io.jarnetes.scheduler.framework.Profile;
import io.jarnetes.scheduler.framework.Snapshot;
import io.jarnetes.scheduler.plugins.VolumeBinding;
import io.jarnetes.scheduler.queue.Nominator;
import io.jarnetes.scheduler.queue.QueuedPod;
import io.jarnetes.scheduler.queue.SchedulingQueue;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Takes pods from the queue one by one, places them, and binds them in the background. */
final class SchedulingLoop implements Runnable {

    private static final String NO_NODES = "no nodes available to schedule pods";

    /** What upstream's preemption says where no node has a verdict. */
    private static final String NO_NODE_TO_FREE = " not found";

    /** What upstream's DynamicResources says of a pod without claims. */
    private static final String NO_CLAIMS = "no new claims to deallocate, ";

    private final ApiClient client;
    private final Binder binder;
    private final VolumeBinder volumes;
    private final PodStatus status;
    private final Informer pods;
    private final Cache cache;
    private final SchedulingQueue queue;
    private final Nominator nominator;
    private final Map<String, Profile> profiles;
    private final EventRecorder events;
    private final RandomGenerator random;
    private final Log log;
    private int start;

    SchedulingLoop(
            ApiClient client,
            Informer pods,
            Cache cache,
            SchedulingQueue queue,
            Nominator nominator,
            Map<String, Profile> profiles,
            EventRecorder events,
            RandomGenerator random,
            Clock clock,
            Log log) {
        this.client = client;
        this.binder = new Binder(client, clock);
        this.volumes = new VolumeBinder(client, clock);
        this.status = new PodStatus(client, pods, events, clock, log);
        this.pods = pods;
        this.cache = cache;
        this.queue = queue;
        this.nominator = nominator;
        this.profiles = Map.copyOf(profiles);
        this.events = events;
        this.random = random;
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
        KubeObject now =
                pods.get(pod.key()).filter(one -> one.uid().equals(pod.uid())).orElse(null);
        if (profile == null || cache.has(pod.uid()) || now == null) {
            queue.done(pod.uid());
            return;
        }
        boolean known = now.resourceVersion().equals(pod.pod().resourceVersion());
        try {
            schedule(known ? queued : queued.withPod(PodInfo.of(now)), profile);
        } catch (StoppedException e) {
            throw e;
        } catch (RuntimeException e) {
            log.error("Error scheduling pod; retrying", "pod", pod.key(), "err", e);
            queue.failed(queued, true);
        }
    }

    private void schedule(QueuedPod queued, Profile profile) {
        PodInfo pod = queued.pod();
        Snapshot cluster = cache.snapshot().withNominated(nominator.byNode());
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
            String kept = nominator.assumed(pod.uid());
            if (!kept.isEmpty() && !kept.equals(node.name())) {
                // The room there is for those that had to leave it alone.
                queue.move(other -> other.pod().priority() <= pod.priority());
            }
            List<VolumeBinding.Choice> claims = VolumeBinding.unbound(pod, node, cluster);
            Thread.ofVirtual().start(() -> bind(queued, node.name(), claims));
            return;
        }
        preempt(queued, placement.diagnosis(), profile, cluster);
    }

    private void preempt(QueuedPod queued, Diagnosis diagnosis, Profile profile, Snapshot cluster) {
        PodInfo pod = queued.pod();
        Preemption.Result preemption = Preemption.find(pod, profile, cluster, diagnosis);
        NodeInfo node = preemption.node();
        String message = diagnosis.message(cluster.nodes().size());
        if (diagnosis.refused()) {
            message += NO_NODE_TO_FREE;
        } else if (node == null) {
            message += " " + NO_CLAIMS + preemption.message();
        }
        String nominated = node == null ? "" : node.name();
        refuse(queued, diagnosis.plugins(), message, preemption.tried() ? nominated : null);
        if (node != null) {
            evict(pod, node.name(), preemption.victims());
        }
    }

    private void bind(QueuedPod queued, String node, List<VolumeBinding.Choice> claims) {
        PodInfo pod = queued.pod();
        boolean bound = false;
        try {
            if (!claims.isEmpty() && !pod.nominatedNode().equals(node)) {
                // That takes a while; others may want to know where the pod is going.
                status.nominate(pod.pod(), node);
            }
            for (VolumeBinding.Choice claim : claims) {
                volumes.choose(claim, node);
            }
            for (VolumeBinding.Choice claim : claims) {
                volumes.await(claim.claim());
            }
            bound = true;
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
            unbound(queued, bound, String.valueOf(e.getMessage()));
            queue.move(other -> true);
        } catch (StoppedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * The pod is tried again after a while.
     *
     * @param volumes whether its volumes were
     */
    private void unbound(QueuedPod queued, boolean volumes, String error) {
        PodInfo pod = queued.pod();
        String message =
                volumes
                        ? "running Bind plugin \"DefaultBinder\": " + error
                        : "running PreBind plugin \"VolumeBinding\": " + error;
        log.error("Error scheduling pod; retrying", "pod", pod.key(), "err", message);
        queue.failed(queued, true);
        status.unscheduled(pod.pod(), "SchedulerError", message, "");
    }

    /**
     * @param nominated the node that is to be kept for the pod; empty for none, null for the same
     *     as before
     */
    private void refuse(
            QueuedPod queued, Set<String> plugins, String message, @Nullable String nominated) {
        PodInfo pod = queued.pod();
        log.debug("Unable to schedule pod; waiting", "pod", pod.key(), "err", message);
        queue.failed(queued.refused(plugins), false);
        nominator.nominate(pod, nominated == null ? pod.nominatedNode() : nominated);
        status.unscheduled(pod.pod(), "Unschedulable", message, nominated);
    }

    /**
     * Deletes the victims; their going moves the pod in the queue. Less important pods that the
     * node was kept for may not fit beside it any more and look for another one.
     */
    private void evict(PodInfo pod, String node, List<PodInfo> all) {
        List<PodInfo> victims = all.stream().filter(victim -> !victim.pod().deleting()).toList();
        if (victims.isEmpty()) {
            return;
        }
        for (PodInfo other : nominator.byNode().getOrDefault(node, List.of())) {
            if (other.priority() < pod.priority() && !other.nominatedNode().isEmpty()) {
                status.nominate(other.pod(), "");
            }
        }
        for (PodInfo victim : victims) {
            try {
                status.disrupted(victim.pod(), pod.pod().text("spec", "schedulerName"));
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
