package io.jarnetes.controllermanager.statefulset;

import io.jarnetes.controllermanager.framework.Claims;
import io.jarnetes.controllermanager.framework.Controller;
import io.jarnetes.controllermanager.framework.ControllerContext;
import io.jarnetes.controllermanager.framework.OwnWrites;
import io.jarnetes.controllermanager.framework.OwnedPods;
import io.jarnetes.controllermanager.framework.Revisions;
import io.jarnetes.kubeclient.ApiClient;
import io.jarnetes.kubeclient.EventRecorder;
import io.jarnetes.kubeclient.Informer;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.ReconcileLoop;
import io.jarnetes.kubeclient.Resource;
import io.jarnetes.kubeclient.Selector;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** Does what {@link StatefulPlan} decides; claims before pods. */
public final class StatefulSetController implements Controller {

    private static final String ACCOUNT = "statefulset-controller";
    private static final int WORKERS = 5;

    private final Clock clock;
    private final ApiClient client;
    private final EventRecorder events;
    private final Informer sets;
    private final Informer pods;
    private final Informer volumeClaims;
    private final Informer revisionInformer;
    private final OwnedPods owned;
    private final OwnWrites writes;
    private final Claims claims;
    private final Revisions revisions;
    private final ReconcileLoop<String> loop;

    private StatefulSetController(ControllerContext context) {
        this.clock = context.clock();
        this.client = context.client(ACCOUNT);
        this.events = context.events(ACCOUNT, ACCOUNT);
        this.sets = context.informer(Resource.STATEFUL_SETS);
        this.pods = context.informer(Resource.PODS);
        this.volumeClaims = context.informer(Resource.PERSISTENT_VOLUME_CLAIMS);
        this.revisionInformer = context.informer(Resource.CONTROLLER_REVISIONS);
        this.writes = new OwnWrites(pods, clock);
        this.claims = new Claims(client, Resource.STATEFUL_SETS, Resource.PODS);
        this.revisions = new Revisions(client, revisionInformer, Resource.STATEFUL_SETS);
        this.loop = new ReconcileLoop<>("statefulsets", WORKERS, context.log(), this::reconcile);
        sets.handle(Informer.Handler.of(set -> loop.add(set.key())));
        this.owned = OwnedPods.follow(sets, pods, loop::add);
    }

    public static Controller start(ControllerContext context) {
        StatefulSetController controller = new StatefulSetController(context);
        controller.loop.start();
        return controller;
    }

    private void reconcile(String key) {
        sets.awaitSynced();
        pods.awaitSynced();
        volumeClaims.awaitSynced();
        revisionInformer.awaitSynced();
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
                        pod -> StatefulPlan.ordinal(set, pod.name()) >= 0);
        if (set.deleting() || !settled) {
            return;
        }
        List<KubeObject> history = revisions.of(set);
        Revisions.Current found = revisions.current(set, history);
        KubeObject update = found.revision();
        KubeObject current = current(set, history, update);
        StatefulPlan plan =
                new StatefulPlan(
                        set,
                        mine,
                        current.name(),
                        update.name(),
                        found.collisions(),
                        clock.instant());
        StatefulPlan.Decision decision = plan.decide();
        writeStatus(set, decision.status());
        for (StatefulPlan.Creation creation : decision.create()) {
            pods(set).create(creation.ordinal(), creation.current() ? current : update);
        }
        decision.repair().forEach(pod -> pods(set).repair(pod));
        decision.excess().forEach(pod -> pods(set).own(pod, false));
        decision.delete().forEach(pod -> pods(set).delete(pod));
        truncate(set, history, mine, current, update);
        int minReadySeconds = set.number(0, "spec", "minReadySeconds");
        if (minReadySeconds > 0) {
            loop.addAfter(key, Duration.ofSeconds(minReadySeconds));
        }
    }

    private StatefulPods pods(KubeObject set) {
        return new StatefulPods(client, events, volumeClaims, writes, set);
    }

    private static KubeObject current(KubeObject set, List<KubeObject> history, KubeObject update) {
        String name = set.text("status", "currentRevision");
        return history.stream()
                .filter(revision -> revision.name().equals(name))
                .findFirst()
                .orElse(update);
    }

    private void truncate(
            KubeObject set,
            List<KubeObject> history,
            List<KubeObject> mine,
            KubeObject current,
            KubeObject update) {
        Set<String> live = new HashSet<>();
        live.add(current.name());
        live.add(update.name());
        mine.forEach(pod -> live.add(pod.label(Revisions.HASH_LABEL)));
        revisions.truncate(set, history, live);
    }

    private void writeStatus(KubeObject set, ObjectNode status) {
        if (Json.same(status, set.at("status"))) {
            return;
        }
        ObjectNode tree = set.copy();
        tree.set("status", status);
        client.update(Resource.STATEFUL_SETS, tree, "status");
    }

    @Override
    public void close() {
        loop.close();
    }
}
