package io.jarnetes.controllermanager.job;

import io.jarnetes.controllermanager.framework.Claims;
import io.jarnetes.controllermanager.framework.Controller;
import io.jarnetes.controllermanager.framework.ControllerContext;
import io.jarnetes.controllermanager.framework.OwnWrites;
import io.jarnetes.controllermanager.framework.OwnedPods;
import io.jarnetes.controllermanager.framework.PodControl;
import io.jarnetes.controllermanager.framework.Pods;
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
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Does what {@link JobPlan} decides. */
public final class JobController implements Controller {

    private static final String ACCOUNT = "job-controller";
    private static final String HELD = "held";
    private static final int WORKERS = 5;

    private final Clock clock;
    private final ApiClient client;
    private final EventRecorder events;
    private final Informer jobs;
    private final Informer pods;
    private final OwnedPods owned;
    private final OwnWrites writes;
    private final PodControl control;
    private final Claims claims;
    private final ReconcileLoop<String> loop;

    private JobController(ControllerContext context) {
        this.clock = context.clock();
        this.client = context.client(ACCOUNT);
        this.events = context.events(ACCOUNT, ACCOUNT);
        this.jobs = context.informer(Resource.JOBS);
        this.pods = context.informer(Resource.PODS);
        this.writes = new OwnWrites(pods, clock);
        this.control = new PodControl(client, events, writes);
        this.claims = new Claims(client, Resource.JOBS, Resource.PODS);
        this.loop = new ReconcileLoop<>("jobs", WORKERS, context.log(), this::reconcile);
        jobs.handle(Informer.Handler.of(job -> loop.add(job.key())));
        this.owned = OwnedPods.follow(jobs, pods, loop::add);
        pods.index(HELD, JobController::held);
    }

    public static Controller start(ControllerContext context) {
        JobController controller = new JobController(context);
        controller.loop.start();
        return controller;
    }

    private void reconcile(String key) {
        jobs.awaitSynced();
        pods.awaitSynced();
        KubeObject job = jobs.get(key).orElse(null);
        releaseOrphans(key, job);
        if (job == null) {
            writes.forget(key);
            return;
        }
        if (job.present("spec", "managedBy")
                && !job.text("spec", "managedBy").equals("kubernetes.io/job-controller")) {
            return;
        }
        List<KubeObject> mine =
                claims.claim(
                        job,
                        Selector.of(job.at("spec", "selector")),
                        owned.candidates(job),
                        Pods::active);
        if (JobPlan.finished(job) || job.deleting()) {
            mine.stream()
                    .filter(pod -> Pods.finished(pod) || job.deleting())
                    .forEach(this::release);
            return;
        }
        JobPlan.Decision decision = JobPlan.decide(job, mine, writes.settled(key), clock.instant());
        perform(job, decision);
        Duration again = decision.again();
        if (again != null) {
            loop.addAfter(key, again.plusMillis(1));
        }
    }

    private void perform(KubeObject job, JobPlan.Decision decision) {
        List<Runnable> deletions = new ArrayList<>();
        decision.delete().forEach(pod -> deletions.add(() -> control.delete(job, pod)));
        List<ApiException> failures = SlowStart.batch(deletions);
        if (!Json.same(decision.status(), job.at("status"))) {
            ObjectNode tree = job.copy();
            tree.set("status", decision.status());
            client.update(Resource.JOBS, tree, "status");
        }
        JobPlan.Event event = decision.event();
        if (event != null && event.warning()) {
            events.warning(job, event.reason(), event.message());
        } else if (event != null) {
            events.normal(job, event.reason(), event.message());
        }
        decision.release().forEach(this::release);
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
        create(job, decision.create());
    }

    private void create(KubeObject job, List<Integer> indexes) {
        Deque<Integer> left = new ArrayDeque<>(indexes);
        SlowStart.run(
                indexes.size(),
                () -> {
                    int index;
                    synchronized (left) {
                        index = left.removeFirst();
                    }
                    var unused = control.create(job, pod(job, index));
                });
    }

    private static ObjectNode pod(KubeObject job, int index) {
        OwnerReference reference = OwnerReference.controllerOf(Resource.JOBS, job);
        String prefix = index < 0 ? job.name() : job.name() + "-" + index;
        ObjectNode pod = Pods.fromTemplate(job.at("spec", "template"), prefix, reference);
        ObjectNode metadata = pod.withObjectProperty("metadata");
        metadata.withArrayProperty("finalizers").add(JobPlan.FINALIZER);
        if (index < 0) {
            return pod;
        }
        String text = Integer.toString(index);
        metadata.withObjectProperty("annotations").put(JobPlan.INDEX, text);
        metadata.withObjectProperty("labels").put(JobPlan.INDEX, text);
        ObjectNode spec = pod.withObjectProperty("spec");
        spec.put("hostname", job.name() + "-" + text);
        for (String field : List.of("initContainers", "containers")) {
            for (JsonNode container : spec.path(field)) {
                ((ObjectNode) container)
                        .withArrayProperty("env")
                        .add(
                                Json.of(
                                        "name",
                                        "JOB_COMPLETION_INDEX",
                                        "valueFrom",
                                        Json.of(
                                                "fieldRef",
                                                Json.of(
                                                        "fieldPath",
                                                        "metadata.labels['"
                                                                + JobPlan.INDEX
                                                                + "']"))));
            }
        }
        return pod;
    }

    /** Pods that are held by a Job of that name. */
    private static List<String> held(KubeObject pod) {
        OwnerReference controller = pod.controller();
        if (controller == null
                || !controller.kind().equals("Job")
                || !pod.finalizers().contains(JobPlan.FINALIZER)) {
            return List.of();
        }
        return List.of(KubeObject.key(pod.namespace(), controller.name()));
    }

    /** Pods whose Job is gone, and perhaps another in its place: nobody will count them. */
    private void releaseOrphans(String key, @Nullable KubeObject job) {
        for (KubeObject pod : pods.byIndex(HELD, key)) {
            if (job == null || !pod.controlledBy(job.uid())) {
                release(pod);
            }
        }
    }

    /** Lets a pod go that is counted, or that nobody will count any more. */
    private void release(KubeObject pod) {
        List<String> finalizers = new ArrayList<>(pod.finalizers());
        if (!finalizers.remove(JobPlan.FINALIZER)) {
            return;
        }
        try {
            client.patch(
                    Resource.PODS.path(pod),
                    ApiClient.Patch.STRATEGIC,
                    Json.of(
                            "metadata",
                            Json.of(
                                    "uid",
                                    pod.uid(),
                                    "$deleteFromPrimitiveList/finalizers",
                                    List.of(JobPlan.FINALIZER))));
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
