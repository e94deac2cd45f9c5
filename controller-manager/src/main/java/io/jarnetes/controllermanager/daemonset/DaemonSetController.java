package io.jarnetes.controllermanager.daemonset;

import io.jarnetes.controllermanager.framework.Claims;
import io.jarnetes.controllermanager.framework.Controller;
import io.jarnetes.controllermanager.framework.ControllerContext;
import io.jarnetes.controllermanager.framework.OwnWrites;
import io.jarnetes.controllermanager.framework.OwnedPods;
import io.jarnetes.controllermanager.framework.PodControl;
import io.jarnetes.controllermanager.framework.Pods;
import io.jarnetes.controllermanager.framework.Revisions;
import io.jarnetes.controllermanager.framework.SlowStart;
import io.jarnetes.kubeclient.ApiClient;
import io.jarnetes.kubeclient.ApiException;
import io.jarnetes.kubeclient.EventRecorder;
import io.jarnetes.kubeclient.Informer;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.OwnerReference;
import io.jarnetes.kubeclient.ReconcileLoop;
import io.jarnetes.kubeclient.Resource;
import io.jarnetes.kubeclient.Selector;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** Does what {@link DaemonPlan} decides. */
public final class DaemonSetController implements Controller {

    private static final String ACCOUNT = "daemon-set-controller";
    private static final String COMPONENT = "daemonset-controller";
    private static final int WORKERS = 2;
    private static final int BURST_REPLICAS = 250;

    private final Clock clock;
    private final ApiClient client;
    private final Informer sets;
    private final Informer pods;
    private final Informer nodes;
    private final Informer revisionInformer;
    private final OwnedPods owned;
    private final OwnWrites writes;
    private final EventRecorder events;
    private final FailedBackoff backoffs;
    private final PodControl control;
    private final Claims claims;
    private final Revisions revisions;
    private final ReconcileLoop<String> loop;

    private DaemonSetController(ControllerContext context) {
        this.clock = context.clock();
        this.client = context.client(ACCOUNT);
        this.sets = context.informer(Resource.DAEMON_SETS);
        this.pods = context.informer(Resource.PODS);
        this.nodes = context.informer(Resource.NODES);
        this.revisionInformer = context.informer(Resource.CONTROLLER_REVISIONS);
        this.writes = new OwnWrites(pods, clock);
        this.events = context.events(COMPONENT, ACCOUNT);
        this.backoffs = new FailedBackoff(clock);
        this.control = new PodControl(client, events, writes);
        this.claims = new Claims(client, Resource.DAEMON_SETS, Resource.PODS);
        this.revisions = new Revisions(client, revisionInformer, Resource.DAEMON_SETS);
        this.loop = new ReconcileLoop<>("daemonsets", WORKERS, context.log(), this::reconcile);
        sets.handle(Informer.Handler.of(set -> loop.add(set.key())));
        this.owned = OwnedPods.follow(sets, pods, loop::add);
        nodes.handle(new NodeHandler());
    }

    public static Controller start(ControllerContext context) {
        DaemonSetController controller = new DaemonSetController(context);
        controller.loop.start();
        return controller;
    }

    private void reconcile(String key) {
        for (Informer informer : List.of(sets, pods, nodes, revisionInformer)) {
            informer.awaitSynced();
        }
        // Asked before pods are read: what is read then shows at least our own writes.
        boolean settled = writes.settled(key);
        KubeObject set = sets.get(key).orElse(null);
        if (set == null) {
            writes.forget(key);
            return;
        }
        List<KubeObject> mine =
                claims.claim(
                        set,
                        Selector.of(set.at("spec", "selector")),
                        owned.candidates(set),
                        Pods::active);
        if (set.deleting()) {
            return;
        }
        List<KubeObject> history = revisions.of(set);
        Revisions.Current found = revisions.current(set, history);
        String hash = revisions.label(found.revision());
        DaemonPlan.Decision decision =
                new DaemonPlan(
                                set,
                                mine,
                                hash,
                                clock.instant(),
                                node -> backoffs.left(set.uid(), node))
                        .decide(nodes.list());
        if (settled) {
            for (DaemonPlan.Event event : decision.events()) {
                if (event.warning()) {
                    events.warning(set, event.reason(), event.message());
                } else {
                    events.normal(set, event.reason(), event.message());
                }
            }
            decision.failed().forEach(node -> backoffs.failed(set.uid(), node));
            perform(set, decision, hash);
        }
        ObjectNode status = decision.status();
        if (found.collisions() > 0) {
            status.put("collisionCount", found.collisions());
        }
        writeStatus(set, status);
        Set<String> live = new HashSet<>(Set.of(hash));
        mine.forEach(pod -> live.add(pod.label(Revisions.HASH_LABEL)));
        revisions.truncate(set, history, live);
        Duration again = decision.again();
        if (again != null) {
            loop.addAfter(key, again.plusMillis(1));
        }
    }

    private void perform(KubeObject set, DaemonPlan.Decision decision, String hash) {
        List<Runnable> deletions = new ArrayList<>();
        decision.delete().stream()
                .limit(BURST_REPLICAS)
                .forEach(pod -> deletions.add(() -> control.delete(set, pod)));
        List<ApiException> failures = SlowStart.batch(deletions);
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
        Deque<String> left = new ArrayDeque<>(decision.create());
        SlowStart.run(
                Math.min(left.size(), BURST_REPLICAS),
                () -> {
                    String node;
                    synchronized (left) {
                        node = left.removeFirst();
                    }
                    var unused = control.create(set, pod(set, node, hash));
                });
    }

    private static ObjectNode pod(KubeObject set, String node, String hash) {
        ObjectNode pod =
                Pods.fromTemplate(
                        set.at("spec", "template"),
                        set.name(),
                        OwnerReference.controllerOf(Resource.DAEMON_SETS, set));
        ObjectNode labels = pod.withObjectProperty("metadata").withObjectProperty("labels");
        labels.put(Revisions.HASH_LABEL, hash);
        Long generation = DaemonPods.generation(set);
        if (generation != null) {
            labels.put(DaemonPods.GENERATION_LABEL, generation.toString());
        }
        ObjectNode spec = pod.withObjectProperty("spec");
        spec.set("tolerations", NodeFit.tolerations(spec));
        NodeFit.pin(spec, node);
        return pod;
    }

    private void writeStatus(KubeObject set, ObjectNode status) {
        if (Json.same(status, set.at("status"))) {
            return;
        }
        ObjectNode tree = set.copy();
        tree.set("status", status);
        client.update(Resource.DAEMON_SETS, tree, "status");
    }

    @Override
    public void close() {
        loop.close();
    }

    /** Heartbeats change nothing here; labels and taints do. */
    private final class NodeHandler implements Informer.Handler {

        private void all() {
            sets.list().forEach(set -> loop.add(set.key()));
        }

        @Override
        public void added(KubeObject node) {
            all();
        }

        @Override
        public void updated(KubeObject before, KubeObject after) {
            if (!before.labels().equals(after.labels())
                    || !Json.same(before.at("spec"), after.at("spec"))) {
                all();
            }
        }

        @Override
        public void deleted(KubeObject node) {
            all();
        }
    }
}
