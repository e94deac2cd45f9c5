package io.jarnetes.controllermanager.replicaset;

import io.jarnetes.controllermanager.framework.Claims;
import io.jarnetes.controllermanager.framework.Controller;
import io.jarnetes.controllermanager.framework.ControllerContext;
import io.jarnetes.controllermanager.framework.DeletionOrder;
import io.jarnetes.controllermanager.framework.OwnWrites;
import io.jarnetes.controllermanager.framework.OwnedPods;
import io.jarnetes.controllermanager.framework.PodControl;
import io.jarnetes.controllermanager.framework.Pods;
import io.jarnetes.controllermanager.framework.SlowStart;
import io.jarnetes.kubeclient.ApiClient;
import io.jarnetes.kubeclient.ApiException;
import io.jarnetes.kubeclient.Informer;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.OwnerReference;
import io.jarnetes.kubeclient.ReconcileLoop;
import io.jarnetes.kubeclient.Resource;
import io.jarnetes.kubeclient.Selector;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** ReplicaSets, and ReplicationControllers, which only differ in their selector. */
public final class ReplicaSetController implements Controller {

    /** At most so many pods are made or deleted in one go. */
    private static final int BURST_REPLICAS = 500;

    private static final int WORKERS = 5;

    private final Resource resource;
    private final Clock clock;
    private final ApiClient client;
    private final Informer sets;
    private final Informer pods;
    private final OwnedPods owned;
    private final OwnWrites writes;
    private final PodControl control;
    private final Claims claims;
    private final ReconcileLoop<String> loop;

    private ReplicaSetController(ControllerContext context, Resource resource, String account) {
        this.resource = resource;
        this.clock = context.clock();
        this.client = context.client(account);
        this.sets = context.informer(resource);
        this.pods = context.informer(Resource.PODS);
        this.writes = new OwnWrites(pods, clock);
        this.control = new PodControl(client, context.events(account, account), writes);
        this.claims = new Claims(client, resource, Resource.PODS);
        this.loop = new ReconcileLoop<>(resource.plural(), WORKERS, context.log(), this::reconcile);
        sets.handle(Informer.Handler.of(set -> loop.add(set.key())));
        this.owned = OwnedPods.follow(sets, pods, loop::add);
    }

    public static Controller replicaSets(ControllerContext context) {
        return new ReplicaSetController(context, Resource.REPLICA_SETS, "replicaset-controller")
                .start();
    }

    public static Controller replicationControllers(ControllerContext context) {
        return new ReplicaSetController(
                        context, Resource.REPLICATION_CONTROLLERS, "replication-controller")
                .start();
    }

    private ReplicaSetController start() {
        loop.start();
        return this;
    }

    private void reconcile(String key) {
        sets.awaitSynced();
        pods.awaitSynced();
        KubeObject set = sets.get(key).orElse(null);
        if (set == null) {
            writes.forget(key);
            return;
        }
        boolean settled = writes.settled(key);
        Selector selector = OwnedPods.selector(set);
        List<KubeObject> candidates = owned.candidates(set);
        List<KubeObject> active =
                claims.claim(
                        set,
                        selector,
                        candidates.stream().filter(Pods::active).toList(),
                        pod -> true);
        ApiException failure = null;
        if (settled && !set.deleting()) {
            try {
                scale(set, active);
            } catch (ApiException e) {
                failure = e;
            }
        }
        writeStatus(set, active, terminating(set, selector, candidates), failure);
        if (failure != null) {
            throw failure;
        }
    }

    private static @Nullable Integer terminating(
            KubeObject set, Selector selector, List<KubeObject> candidates) {
        if (set.kind().equals("ReplicationController")) {
            return null;
        }
        return (int)
                candidates.stream()
                        .filter(Pods::terminating)
                        .filter(pod -> pod.controlledBy(set.uid()) && selector.matches(pod))
                        .count();
    }

    private void scale(KubeObject set, List<KubeObject> active) {
        int missing = set.number(1, "spec", "replicas") - active.size();
        if (missing > 0) {
            OwnerReference reference = OwnerReference.controllerOf(resource, set);
            SlowStart.run(
                    Math.min(missing, BURST_REPLICAS),
                    () -> {
                        var unused =
                                control.create(
                                        set,
                                        Pods.fromTemplate(
                                                set.at("spec", "template"), set.name(), reference));
                    });
        } else if (missing < 0) {
            List<Runnable> deletions = new ArrayList<>();
            int count = Math.min(-missing, BURST_REPLICAS);
            for (KubeObject pod :
                    DeletionOrder.choose(active, related(set, active), count, clock.instant())) {
                deletions.add(() -> control.delete(set, pod));
            }
            List<ApiException> failures = SlowStart.batch(deletions);
            if (!failures.isEmpty()) {
                throw failures.getFirst();
            }
        }
    }

    /** The active pods of all sets with the same owner, so that a rollout spreads over nodes. */
    private List<KubeObject> related(KubeObject set, List<KubeObject> active) {
        OwnerReference owner = set.controller();
        if (owner == null) {
            return active;
        }
        List<KubeObject> related = new ArrayList<>();
        for (KubeObject sibling : sets.list(set.namespace())) {
            if (sibling.controlledBy(owner.uid())) {
                owned.of(sibling).stream().filter(Pods::active).forEach(related::add);
            }
        }
        return related;
    }

    private void writeStatus(
            KubeObject set,
            List<KubeObject> active,
            @Nullable Integer terminating,
            @Nullable ApiException failure) {
        ObjectNode status =
                ReplicaSetStatus.compute(set, active, terminating, failure, clock.instant());
        int minReadySeconds = set.number(0, "spec", "minReadySeconds");
        if (minReadySeconds > 0
                && status.path("readyReplicas").asInt(0)
                        != status.path("availableReplicas").asInt(0)) {
            loop.addAfter(set.key(), Duration.ofSeconds(minReadySeconds));
        }
        if (Json.same(status, set.at("status"))) {
            return;
        }
        ObjectNode update = set.copy();
        update.set("status", status);
        try {
            client.update(resource, update, "status");
        } catch (ApiException e) {
            if (!e.notFound()) {
                throw e;
            }
        }
    }

    @Override
    public void close() {
        loop.close();
    }
}
