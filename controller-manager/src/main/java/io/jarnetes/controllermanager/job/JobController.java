package io.jarnetes.controllermanager.job;

import io.jarnetes.controllermanager.framework.Claims;
import io.jarnetes.controllermanager.framework.Controller;
import io.jarnetes.controllermanager.framework.ControllerContext;
import io.jarnetes.controllermanager.framework.LastWrite;
import io.jarnetes.controllermanager.framework.OwnWrites;
import io.jarnetes.controllermanager.framework.OwnedPods;
import io.jarnetes.controllermanager.framework.PodControl;
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
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/** Does what {@link JobPlan} decides. */
public final class JobController implements Controller {

    private static final String ACCOUNT = "job-controller";
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
    private final ReconcileLoop<String> orphans;

    /** By key of the Job. */
    private final Map<String, PodBackoff> backoffs = new ConcurrentHashMap<>();

    private final LastWrite written;

    private JobController(ControllerContext context) {
        this.clock = context.clock();
        this.client = context.client(ACCOUNT);
        this.events = context.events(ACCOUNT, ACCOUNT);
        this.jobs = context.informer(Resource.JOBS);
        this.pods = context.informer(Resource.PODS);
        this.written = new LastWrite(jobs);
        this.writes = new OwnWrites(pods, clock);
        this.control = new PodControl(client, events, writes);
        this.claims = new Claims(client, Resource.JOBS, Resource.PODS, List.of(JobPods.FINALIZER));
        this.loop = new ReconcileLoop<>("jobs", WORKERS, context.log(), this::reconcile);
        this.orphans = new ReconcileLoop<>("job-orphans", 1, context.log(), this::orphan);
        this.owned = OwnedPods.follow(jobs, pods, loop::add);
        jobs.handle(new JobHandler());
        pods.handle(
                Informer.Handler.of(pod -> {
                    if (JobPods.tracked(pod)) {
                        orphans.add(pod.key());
                    }
                }));
    }

    public static Controller start(ControllerContext context) {
        JobController controller = new JobController(context);
        controller.loop.start();
        controller.orphans.start();
        return controller;
    }

    private void reconcile(String key) {
        jobs.awaitSynced();
        pods.awaitSynced();
        // Asked before anything is read: what is read then is at least as new as our writes.
        boolean current = written.seen(key);
        boolean settled = writes.settled(key);
        KubeObject job = jobs.get(key).orElse(null);
        if (job == null) {
            writes.forget(key);
            written.forget(key);
            backoffs.remove(key);
            return;
        }
        if (external(job) || !current) {
            // An older status than our last would count pods as missing that have ended.
            return;
        }
        if (JobPlan.finished(job)) {
            backoffs.remove(key);
            return;
        }
        List<KubeObject> mine =
                claims.claim(
                        job,
                        Selector.of(job.at("spec", "selector")),
                        owned.candidates(job),
                        pod -> true);
        JobPlan.Decision decision =
                JobPlan.decide(
                        job,
                        mine,
                        settled,
                        backoffs.getOrDefault(key, PodBackoff.NONE),
                        clock.instant());
        perform(job, decision);
        Duration again = decision.again();
        if (again != null) {
            loop.addAfter(key, again.plusMillis(1));
        }
    }

    private static boolean external(KubeObject job) {
        return job.present("spec", "managedBy")
                && !job.text("spec", "managedBy").equals("kubernetes.io/job-controller");
    }

    private void perform(KubeObject job, JobPlan.Decision decision) {
        each(decision.delete(), pod -> control.delete(job, pod));
        if (!Json.same(decision.status(), job.at("status"))) {
            ObjectNode tree = job.copy();
            tree.set("status", decision.status());
            KubeObject now = client.update(Resource.JOBS, tree, "status");
            written.wrote(job.key(), now);
            backoffs.put(job.key(), decision.backoff());
        }
        for (JobPlan.Event event : decision.events()) {
            if (event.warning()) {
                events.warning(job, event.reason(), event.message());
            } else {
                events.normal(job, event.reason(), event.message());
            }
        }
        decision.release().forEach(this::release);
        each(
                decision.drop(),
                pod -> {
                    release(pod);
                    control.delete(job, pod);
                });
        create(job, decision.create());
    }

    /** Side by side; fails with the first failure when all are done. */
    private static void each(List<KubeObject> pods, Consumer<KubeObject> action) {
        List<Runnable> tasks = new ArrayList<>();
        pods.forEach(pod -> tasks.add(() -> action.accept(pod)));
        List<ApiException> failures = SlowStart.batch(tasks);
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
    }

    /** Frees a pod that no Job will count any more: without an owner, or of one that is over. */
    private void orphan(String key) {
        jobs.awaitSynced();
        KubeObject pod = pods.get(key).orElse(null);
        if (pod == null || !JobPods.tracked(pod)) {
            return;
        }
        OwnerReference owner = pod.controller();
        if (owner != null) {
            if (!owner.kind().equals(Resource.JOBS.kind())
                    || !owner.apiVersion().equals(Resource.JOBS.apiVersion())) {
                return;
            }
            KubeObject job =
                    jobs.get(pod.namespace(), owner.name())
                            .filter(found -> found.uid().equals(owner.uid()))
                            .orElse(null);
            if (job != null && (external(job) || !JobPlan.finished(job))) {
                return;
            }
        }
        release(pod);
    }

    /** What is left when a Job has gone or has finished are its pods. */
    private final class JobHandler implements Informer.Handler {

        @Override
        public void added(KubeObject job) {
            loop.add(job.key());
        }

        @Override
        public void updated(KubeObject before, KubeObject after) {
            loop.add(after.key());
            if (JobPlan.finished(after)) {
                orphaned(after);
            }
        }

        @Override
        public void deleted(KubeObject job) {
            loop.add(job.key());
            orphaned(job);
        }

        private void orphaned(KubeObject job) {
            owned.of(job).forEach(pod -> orphans.add(pod.key()));
        }
    }

    private void create(KubeObject job, List<JobPlan.Creation> creations) {
        Deque<JobPlan.Creation> left = new ArrayDeque<>(creations);
        SlowStart.run(
                creations.size(),
                () -> {
                    JobPlan.Creation creation;
                    synchronized (left) {
                        creation = left.removeFirst();
                    }
                    var unused = control.create(job, JobPod.of(job, creation));
                });
    }

    /** Lets a pod go that is counted, or that nobody will count any more. */
    private void release(KubeObject pod) {
        List<String> finalizers = new ArrayList<>(pod.finalizers());
        if (!finalizers.remove(JobPods.FINALIZER)) {
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
                                    List.of(JobPods.FINALIZER))));
        } catch (ApiException e) {
            if (!e.notFound()) {
                throw e;
            }
        }
    }

    @Override
    public void close() {
        loop.close();
        orphans.close();
    }
}
