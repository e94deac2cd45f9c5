package io.jarnetes.controllermanager.statefulset;

import io.jarnetes.controllermanager.framework.Claims;
import io.jarnetes.controllermanager.framework.Controller;
import io.jarnetes.controllermanager.framework.ControllerContext;
import io.jarnetes.controllermanager.framework.OwnWrites;
import io.jarnetes.controllermanager.framework.OwnedPods;
import io.jarnetes.controllermanager.framework.Revisions;
import io.jarnetes.kubeclient.ApiClient;
import io.jarnetes.kubeclient.ApiException;
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
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
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
        KubeObject update = revisions.current(set, history);
        KubeObject current = current(set, history, update);
        StatefulPlan.Decision decision =
                new StatefulPlan(
                                set,
                                mine,
                                Revisions.hash(current),
                                Revisions.hash(update),
                                clock.instant())
                        .decide();
        writeStatus(set, decision.status());
        for (StatefulPlan.Creation creation : decision.create()) {
            create(set, creation.ordinal(), creation.current() ? current : update);
        }
        decision.delete().forEach(pod -> delete(set, pod));
        truncate(set, history, mine, current, update);
        int minReadySeconds = set.number(0, "spec", "minReadySeconds");
        if (minReadySeconds > 0) {
            loop.addAfter(key, Duration.ofSeconds(minReadySeconds));
        }
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
        live.add(Revisions.hash(current));
        live.add(Revisions.hash(update));
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

    private void create(KubeObject set, int ordinal, KubeObject revision) {
        String name = set.name() + "-" + ordinal;
        for (JsonNode template : set.at("spec", "volumeClaimTemplates")) {
            claim(set, template, ordinal, name);
        }
        ObjectNode pod = StatefulPod.of(set, ordinal, revision);
        try {
            writes.created(set.key(), client.create(Resource.PODS, set.namespace(), pod));
            events.normal(
                    set,
                    "SuccessfulCreate",
                    "Create Pod " + name + " in StatefulSet " + set.name() + " successful");
        } catch (ApiException e) {
            if (e.alreadyExists() || e.namespaceTerminating()) {
                return;
            }
            events.warning(
                    set,
                    "FailedCreate",
                    "Create Pod %s in StatefulSet %s failed error: %s"
                            .formatted(name, set.name(), e.getMessage()));
            throw e;
        }
    }

    private void claim(KubeObject set, JsonNode template, int ordinal, String pod) {
        String name = StatefulPod.claimName(set, template, ordinal);
        if (volumeClaims.get(set.namespace(), name).isPresent()) {
            return;
        }
        ObjectNode claim = ((ObjectNode) template).deepCopy();
        claim.remove("status");
        ObjectNode metadata = claim.withObjectProperty("metadata");
        metadata.remove("creationTimestamp");
        metadata.put("name", name).put("namespace", set.namespace());
        ObjectNode labels = metadata.withObjectProperty("labels");
        Json.strings(set.at("spec", "selector", "matchLabels")).forEach(labels::put);
        try {
            client.create(Resource.PERSISTENT_VOLUME_CLAIMS, set.namespace(), claim);
            events.normal(
                    set,
                    "SuccessfulCreate",
                    "Create Claim %s Pod %s in StatefulSet %s success"
                            .formatted(name, pod, set.name()));
        } catch (ApiException e) {
            if (e.alreadyExists()) {
                return;
            }
            events.warning(
                    set,
                    "FailedCreate",
                    "Create Claim %s for Pod %s in StatefulSet %s failed error: %s"
                            .formatted(name, pod, set.name(), e.getMessage()));
            throw e;
        }
    }

    private void delete(KubeObject set, @Nullable KubeObject pod) {
        if (pod == null) {
            return;
        }
        try {
            client.delete(Resource.PODS.path(pod), ApiClient.onlyUid(pod.uid()));
            writes.deleted(set.key(), pod);
            events.normal(
                    set,
                    "SuccessfulDelete",
                    "Delete Pod " + pod.name() + " in StatefulSet " + set.name() + " successful");
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
