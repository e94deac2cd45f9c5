package io.jarnetes.controllermanager.deployment;

import io.jarnetes.controllermanager.framework.Claims;
import io.jarnetes.controllermanager.framework.Controller;
import io.jarnetes.controllermanager.framework.ControllerContext;
import io.jarnetes.controllermanager.framework.LastWrite;
import io.jarnetes.controllermanager.framework.OwnedPods;
import io.jarnetes.controllermanager.framework.Pods;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Watches Deployments, ReplicaSets and pods, and does what {@link Rollout} decides. */
public final class DeploymentController implements Controller {

    private static final String ACCOUNT = "deployment-controller";
    private static final int WORKERS = 5;

    private final Clock clock;
    private final ApiClient client;
    private final EventRecorder events;
    private final Informer deployments;
    private final Informer sets;
    private final Informer pods;
    private final LastWrite written;
    private final OwnedPods ownedSets;
    private final Claims claims;
    private final ReconcileLoop<String> loop;

    private DeploymentController(ControllerContext context) {
        this.clock = context.clock();
        this.client = context.client(ACCOUNT);
        this.events = context.events(ACCOUNT, ACCOUNT);
        this.deployments = context.informer(Resource.DEPLOYMENTS);
        this.sets = context.informer(Resource.REPLICA_SETS);
        this.pods = context.informer(Resource.PODS);
        this.written = new LastWrite(sets);
        this.claims = new Claims(client, Resource.DEPLOYMENTS, Resource.REPLICA_SETS);
        this.loop = new ReconcileLoop<>("deployments", WORKERS, context.log(), this::reconcile);
        deployments.handle(Informer.Handler.of(deployment -> loop.add(deployment.key())));
        this.ownedSets = OwnedPods.follow(deployments, sets, loop::add);
        pods.handle(new PodDeletions());
    }

    public static Controller start(ControllerContext context) {
        DeploymentController controller = new DeploymentController(context);
        controller.loop.start();
        return controller;
    }

    private void reconcile(String key) {
        deployments.awaitSynced();
        sets.awaitSynced();
        pods.awaitSynced();
        boolean current = written.seen(key);
        KubeObject deployment = deployments.get(key).orElse(null);
        if (deployment == null) {
            written.forget(key);
        }
        if (deployment == null || !current) {
            // Sets that aren't shown yet would be missing in the sum.
            return;
        }
        Selector selector = Selector.of(deployment.at("spec", "selector"));
        if (selector.isEmpty()) {
            events.warning(
                    deployment,
                    "SelectingAll",
                    "This deployment is selecting all pods. A non-empty selector is required.");
            return;
        }
        List<KubeObject> owned =
                claims.claim(deployment, selector, ownedSets.candidates(deployment), set -> true);
        boolean oldPods = !Bounds.rolling(deployment) && oldPodsRunning(deployment, owned);
        perform(deployment, Rollout.step(deployment, owned, oldPods, clock.instant()));
        DeploymentStatus.nextCheck(deployment, clock.instant())
                .ifPresent(delay -> loop.addAfter(key, delay));
    }

    private boolean oldPodsRunning(KubeObject deployment, List<KubeObject> owned) {
        KubeObject current = ReplicaSets.current(deployment, owned);
        for (KubeObject set : owned) {
            if (current != null && current.uid().equals(set.uid())) {
                continue;
            }
            if (set.number(0, "status", "replicas") > 0) {
                return true;
            }
            for (KubeObject pod : pods.list(deployment.namespace())) {
                if (pod.controlledBy(set.uid()) && !Pods.finished(pod)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Writes to one ReplicaSet build on each other, so the last resourceVersion is carried on. */
    private void perform(KubeObject deployment, List<Action> actions) {
        Map<String, String> versions = new HashMap<>();
        for (Action action : actions) {
            switch (action) {
                case Action.Create create -> {
                    if (!create(deployment, create.tree())) {
                        return;
                    }
                }
                case Action.Update update -> update(deployment, update, versions);
                case Action.Delete delete -> delete(delete.replicaSet());
                case Action.Status status -> status(status.tree());
            }
        }
    }

    private void update(KubeObject deployment, Action.Update update, Map<String, String> versions) {
        ObjectNode tree = update.tree();
        String name = Json.text(tree, "metadata", "name");
        String version = versions.get(name);
        if (version != null) {
            tree.withObjectProperty("metadata").put("resourceVersion", version);
        }
        KubeObject now = client.update(Resource.REPLICA_SETS, tree);
        versions.put(name, now.resourceVersion());
        written.wrote(deployment.key(), now);
        if (update.from() != update.to()) {
            scaled(deployment, name, update.from(), update.to());
        }
    }

    private void scaled(KubeObject deployment, String name, int from, int to) {
        events.normal(
                deployment,
                "ScalingReplicaSet",
                "Scaled %s replica set %s from %d to %d"
                        .formatted(from < to ? "up" : "down", name, from, to));
    }

    private void delete(KubeObject set) {
        client.deleteIfThere(Resource.REPLICA_SETS.path(set), null);
    }

    private void status(ObjectNode tree) {
        try {
            client.update(Resource.DEPLOYMENTS, tree, "status");
        } catch (ApiException e) {
            if (!e.notFound()) {
                throw e;
            }
        }
    }

    /**
     * @return whether to go on
     */
    private boolean create(KubeObject deployment, ObjectNode tree) {
        String name = Json.text(tree, "metadata", "name");
        int size = Json.number(0, tree, "spec", "replicas");
        try {
            written.wrote(
                    deployment.key(),
                    client.create(Resource.REPLICA_SETS, deployment.namespace(), tree));
        } catch (ApiException e) {
            if (e.alreadyExists()) {
                return taken(deployment, name, e);
            }
            if (!e.namespaceTerminating()) {
                refused(deployment, name, e);
            }
            throw e;
        }
        if (size > 0) {
            scaled(deployment, name, 0, size);
        }
        return true;
    }

    /** The name is ours by an earlier step, or another template's: then count the collision. */
    private boolean taken(KubeObject deployment, String name, ApiException failure) {
        KubeObject there =
                client.find(Resource.REPLICA_SETS, deployment.namespace(), name).orElse(null);
        if (there == null) {
            throw failure;
        }
        if (there.controlledBy(deployment.uid()) && ReplicaSets.sameTemplate(deployment, there)) {
            return false;
        }
        DeploymentStatus status = new DeploymentStatus(deployment, clock.instant());
        status.collided();
        write(status);
        throw failure;
    }

    private void refused(KubeObject deployment, String name, ApiException failure) {
        String message =
                "Failed to create new replica set \"" + name + "\": " + failure.getMessage();
        DeploymentStatus status = new DeploymentStatus(deployment, clock.instant());
        status.failed(message);
        write(status);
        events.warning(deployment, "ReplicaSetCreateError", message);
    }

    private void write(DeploymentStatus status) {
        ObjectNode tree = status.edited();
        if (tree != null) {
            status(tree);
        }
    }

    @Override
    public void close() {
        loop.close();
    }

    /** A Recreate waits for the last pod of the old template to go. */
    private final class PodDeletions implements Informer.Handler {

        @Override
        public void added(KubeObject object) {}

        @Override
        public void updated(KubeObject before, KubeObject after) {}

        @Override
        public void deleted(KubeObject pod) {
            KubeObject set = owner(pod, sets, Resource.REPLICA_SETS);
            KubeObject deployment =
                    set == null ? null : owner(set, deployments, Resource.DEPLOYMENTS);
            if (deployment != null && !Bounds.rolling(deployment)) {
                loop.add(deployment.key());
            }
        }

        private static @Nullable KubeObject owner(
                KubeObject object, Informer owners, Resource resource) {
            var controller = object.controller();
            if (controller == null || !controller.kind().equals(resource.kind())) {
                return null;
            }
            return owners.get(object.namespace(), controller.name())
                    .filter(found -> found.uid().equals(controller.uid()))
                    .orElse(null);
        }
    }
}
