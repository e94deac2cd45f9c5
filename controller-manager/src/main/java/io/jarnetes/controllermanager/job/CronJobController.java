package io.jarnetes.controllermanager.job;

import io.jarnetes.controllermanager.framework.Controller;
import io.jarnetes.controllermanager.framework.ControllerContext;
import io.jarnetes.controllermanager.framework.Keyed;
import io.jarnetes.kubeclient.ApiClient;
import io.jarnetes.kubeclient.ApiException;
import io.jarnetes.kubeclient.EventRecorder;
import io.jarnetes.kubeclient.Informer;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.OwnerReference;
import io.jarnetes.kubeclient.Resource;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes Jobs when they are due, and deletes finished ones past the history limits. */
public final class CronJobController {

    private static final String ACCOUNT = "cronjob-controller";
    private static final String SCHEDULED = "batch.kubernetes.io/cronjob-scheduled-timestamp";

    /** Past so many missed times something is wrong with the clock. */
    private static final int MOST_MISSED = 100;

    private final Clock clock;
    private final ApiClient client;
    private final EventRecorder events;
    private final Informer cronJobs;
    private final Informer jobs;
    private final Keyed keyed;

    private CronJobController(ControllerContext context) {
        this.clock = context.clock();
        this.client = context.client(ACCOUNT);
        this.events = context.events(ACCOUNT, ACCOUNT);
        this.cronJobs = context.informer(Resource.CRON_JOBS);
        this.jobs = context.informer(Resource.JOBS);
        this.keyed =
                new Keyed(context, "cronjobs", 5, this::reconcile)
                        .watch(cronJobs)
                        .watch(jobs, CronJobController::owner);
    }

    public static Controller start(ControllerContext context) {
        return new CronJobController(context).keyed.start();
    }

    private static List<String> owner(KubeObject job) {
        OwnerReference owner = job.controller();
        return owner != null && owner.kind().equals("CronJob")
                ? List.of(KubeObject.key(job.namespace(), owner.name()))
                : List.of();
    }

    private void reconcile(String key) {
        KubeObject cronJob = cronJobs.get(key).orElse(null);
        if (cronJob == null || cronJob.deleting()) {
            return;
        }
        List<KubeObject> mine =
                jobs.list(cronJob.namespace()).stream()
                        .filter(job -> job.controlledBy(cronJob.uid()))
                        .toList();
        ObjectNode status =
                cronJob.at("status") instanceof ObjectNode there ? there.deepCopy() : Json.object();
        follow(cronJob, mine, status);
        history(cronJob, mine, "Complete", "successfulJobsHistoryLimit", 3);
        history(cronJob, mine, "Failed", "failedJobsHistoryLimit", 1);
        if (!cronJob.flag("spec", "suspend")) {
            schedule(cronJob, mine, status);
        }
        if (!Json.same(status, cronJob.at("status"))) {
            ObjectNode tree = cronJob.copy();
            tree.set("status", status);
            client.update(Resource.CRON_JOBS, tree, "status");
        }
    }

    /** status.active: the unfinished ones; and when the last succeeded. */
    private void follow(KubeObject cronJob, List<KubeObject> mine, ObjectNode status) {
        ArrayNode active = missing(cronJob, mine, status);
        for (KubeObject job : mine) {
            JsonNode was = inActive(status, job.uid());
            if (!JobPlan.finished(job)) {
                if (was == null) {
                    events.warning(
                            cronJob,
                            "UnexpectedJob",
                            "Saw a job that the controller did not create or forgot: "
                                    + job.name());
                } else {
                    active.add(was);
                }
                continue;
            }
            if (was != null) {
                String how = job.conditionTrue("Complete") ? "Complete" : "Failed";
                events.normal(
                        cronJob,
                        "SawCompletedJob",
                        "Saw completed job: " + job.name() + ", condition: " + how);
            }
            String completed = job.text("status", "completionTime");
            if (completed.compareTo(Json.text(status, "lastSuccessfulTime")) > 0) {
                status.put("lastSuccessfulTime", completed);
            }
        }
        if (active.isEmpty()) {
            status.remove("active");
        } else {
            status.set("active", active);
        }
    }

    private static @Nullable JsonNode inActive(ObjectNode status, String uid) {
        for (JsonNode each : status.path("active")) {
            if (Json.text(each, "uid").equals(uid)) {
                return each;
            }
        }
        return null;
    }

    /** Active ones that the informer doesn't show: those that are there all the same. */
    private ArrayNode missing(KubeObject cronJob, List<KubeObject> mine, ObjectNode status) {
        ArrayNode there = Json.array();
        for (JsonNode each : status.path("active")) {
            String uid = Json.text(each, "uid");
            if (mine.stream().anyMatch(job -> job.uid().equals(uid))) {
                continue;
            }
            String name = Json.text(each, "name");
            boolean exists =
                    client.find(Resource.JOBS, cronJob.namespace(), name)
                            .filter(job -> job.uid().equals(uid))
                            .isPresent();
            if (exists) {
                there.add(each);
            } else {
                events.normal(cronJob, "MissingJob", "Active job went missing: " + name);
            }
        }
        return there;
    }

    private static ObjectNode reference(KubeObject job) {
        return Json.of(
                "apiVersion", "batch/v1",
                "kind", "Job",
                "name", job.name(),
                "namespace", job.namespace(),
                "resourceVersion", job.resourceVersion(),
                "uid", job.uid());
    }

    private void history(
            KubeObject cronJob, List<KubeObject> mine, String type, String field, int otherwise) {
        int limit = cronJob.number(otherwise, "spec", field);
        List<KubeObject> finished =
                mine.stream()
                        .filter(job -> job.conditionTrue(type) && !job.deleting())
                        .sorted(Comparator.comparing(KubeObject::creationTimestamp))
                        .toList();
        for (int i = 0; i < finished.size() - limit; i++) {
            delete(cronJob, finished.get(i));
        }
    }

    private void delete(KubeObject cronJob, KubeObject job) {
        ObjectNode options = ApiClient.onlyUid(job.uid());
        options.put("propagationPolicy", "Background");
        try {
            client.delete(Resource.JOBS.path(job), options);
            events.normal(cronJob, "SuccessfulDelete", "Deleted job " + job.name());
        } catch (ApiException e) {
            if (!e.notFound()) {
                throw e;
            }
        }
    }

    private @Nullable CronSchedule parsed(KubeObject cronJob) {
        String zone = cronJob.text("spec", "timeZone");
        try {
            return CronSchedule.parse(
                    cronJob.text("spec", "schedule"),
                    zone.isEmpty() ? ZoneOffset.UTC : ZoneId.of(zone));
        } catch (IllegalArgumentException | DateTimeException e) {
            events.warning(
                    cronJob,
                    "UnparseableSchedule",
                    "unparseable schedule: "
                            + cronJob.text("spec", "schedule")
                            + " : "
                            + e.getMessage());
            return null;
        }
    }

    private void schedule(KubeObject cronJob, List<KubeObject> mine, ObjectNode status) {
        CronSchedule schedule = parsed(cronJob);
        if (schedule == null) {
            return;
        }
        Instant now = clock.instant();
        schedule.next(now)
                .ifPresent(next ->
                        keyed.addAfter(cronJob.key(), Duration.between(now, next).plusMillis(100)));
        Instant due = due(cronJob, schedule, status, now);
        if (due == null) {
            return;
        }
        String policy = cronJob.text("spec", "concurrencyPolicy");
        if (!status.path("active").isEmpty() && policy.equals("Forbid")) {
            events.normal(
                    cronJob,
                    "JobAlreadyActive",
                    "Not starting job because prior execution is running and concurrency policy is"
                            + " Forbid");
            return;
        }
        if (policy.equals("Replace")) {
            mine.stream()
                    .filter(job -> !JobPlan.finished(job))
                    .forEach(job -> delete(cronJob, job));
            status.remove("active");
        }
        create(cronJob, due, status);
    }

    /** The latest time that was missed; null if none was, or it is too late for it. */
    private @Nullable Instant due(
            KubeObject cronJob, CronSchedule schedule, ObjectNode status, Instant now) {
        Instant since =
                KubeObject.time(status.path("lastScheduleTime"))
                        .orElse(cronJob.creationTimestamp());
        var deadline = cronJob.at("spec", "startingDeadlineSeconds");
        if (deadline.isNumber()) {
            Instant earliest = now.minusSeconds(deadline.asLong(0));
            since = since.isBefore(earliest) ? earliest : since;
        }
        Instant due = null;
        Instant next = schedule.next(since).orElse(null);
        for (int missed = 0; next != null && !next.isAfter(now); missed++) {
            due = next;
            if (missed > MOST_MISSED) {
                events.warning(
                        cronJob,
                        "TooManyMissedTimes",
                        "too many missed start times. Set or decrease"
                                + " .spec.startingDeadlineSeconds or check clock skew");
                // From shortly before now there are few left.
                next = schedule.next(now.minus(Duration.ofHours(25))).orElse(null);
                while (next != null && !next.isAfter(now)) {
                    due = next;
                    next = schedule.next(next).orElse(null);
                }
                return due;
            }
            next = schedule.next(next).orElse(null);
        }
        return due;
    }

    private void create(KubeObject cronJob, Instant due, ObjectNode status) {
        // Deterministic, so that a second try after a crash makes no second Job.
        String name = cronJob.name() + "-" + due.getEpochSecond() / 60;
        ObjectNode template =
                cronJob.at("spec", "jobTemplate") instanceof ObjectNode there
                        ? there.deepCopy()
                        : Json.object();
        ObjectNode metadata = template.withObjectProperty("metadata");
        metadata.remove("creationTimestamp");
        metadata.put("name", name).put("namespace", cronJob.namespace());
        metadata.withObjectProperty("annotations").put(SCHEDULED, KubeObject.time(due));
        metadata.withArrayProperty("ownerReferences")
                .add(OwnerReference.controllerOf(Resource.CRON_JOBS, cronJob).tree());
        try {
            KubeObject job = client.create(Resource.JOBS, cronJob.namespace(), template);
            events.normal(cronJob, "SuccessfulCreate", "Created job " + job.name());
            status.withArrayProperty("active").add(reference(job));
        } catch (ApiException e) {
            if (e.namespaceTerminating()) {
                return;
            }
            if (!e.alreadyExists()) {
                events.warning(cronJob, "FailedCreate", "Error creating job: " + e.getMessage());
                throw e;
            }
        }
        status.put("lastScheduleTime", KubeObject.time(due));
    }
}
