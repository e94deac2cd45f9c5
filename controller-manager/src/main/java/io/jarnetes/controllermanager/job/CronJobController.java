package io.jarnetes.controllermanager.job;

import io.jarnetes.controllermanager.framework.Controller;
import io.jarnetes.controllermanager.framework.ControllerContext;
import io.jarnetes.controllermanager.framework.Keyed;
import io.jarnetes.controllermanager.framework.LastWrite;
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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes Jobs when they are due, and deletes finished ones past the history limits. */
public final class CronJobController {

    private static final String ACCOUNT = "cronjob-controller";
    private static final String SCHEDULED = "batch.kubernetes.io/cronjob-scheduled-timestamp";

    private final Clock clock;
    private final ApiClient client;
    private final EventRecorder events;
    private final Informer cronJobs;
    private final Informer jobs;
    private final LastWrite written;
    private final Keyed keyed;

    private CronJobController(ControllerContext context) {
        this.clock = context.clock();
        this.client = context.client(ACCOUNT);
        this.events = context.events(ACCOUNT, ACCOUNT);
        this.cronJobs = context.informer(Resource.CRON_JOBS);
        this.jobs = context.informer(Resource.JOBS);
        this.written = new LastWrite(cronJobs);
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
        boolean current = written.seen(key);
        KubeObject cronJob = cronJobs.get(key).orElse(null);
        if (cronJob == null) {
            written.forget(key);
        }
        if (cronJob == null || !current) {
            return;
        }
        List<KubeObject> mine =
                jobs.list(cronJob.namespace()).stream()
                        .filter(job -> job.controlledBy(cronJob.uid()))
                        .toList();
        ObjectNode status =
                cronJob.at("status") instanceof ObjectNode there ? there.deepCopy() : Json.object();
        follow(cronJob, mine, status);
        history(cronJob, mine, "Complete", "successfulJobsHistoryLimit");
        history(cronJob, mine, "Failed", "failedJobsHistoryLimit");
        if (!cronJob.deleting() && !cronJob.flag("spec", "suspend")) {
            schedule(cronJob, mine, status);
        }
        if (!Json.same(status, cronJob.at("status"))) {
            ObjectNode tree = cronJob.copy();
            tree.set("status", status);
            written.wrote(key, client.update(Resource.CRON_JOBS, tree, "status"));
        }
    }

    /** status.active: those that we made and that go on; and when the last succeeded. */
    private void follow(KubeObject cronJob, List<KubeObject> mine, ObjectNode status) {
        Map<String, KubeObject> byUid = new LinkedHashMap<>();
        mine.forEach(job -> byUid.put(job.uid(), job));
        ArrayNode active = Json.array();
        Set<String> known = new HashSet<>();
        for (var was : status.path("active")) {
            String uid = Json.text(was, "uid");
            known.add(uid);
            KubeObject job = byUid.get(uid);
            if (job == null && !there(cronJob, was)) {
                events.normal(
                        cronJob,
                        "MissingJob",
                        "Active job went missing: " + Json.text(was, "name"));
            } else if (job != null && JobPlan.finished(job)) {
                String how = job.conditionTrue("Complete") ? "Complete" : "Failed";
                events.normal(
                        cronJob,
                        "SawCompletedJob",
                        "Saw completed job: " + job.name() + ", condition: " + how);
            } else {
                active.add(was);
            }
        }
        for (KubeObject job : mine) {
            if (!JobPlan.finished(job) && !known.contains(job.uid()) && !ours(cronJob, job)) {
                events.warning(
                        cronJob,
                        "UnexpectedJob",
                        "Saw a job that the controller did not create or forgot: " + job.name());
            }
            String completed = job.text("status", "completionTime");
            if (job.conditionTrue("Complete")
                    && completed.compareTo(Json.text(status, "lastSuccessfulTime")) > 0) {
                status.put("lastSuccessfulTime", completed);
            }
        }
        set(status, active);
    }

    private static void set(ObjectNode status, ArrayNode active) {
        if (active.isEmpty()) {
            status.remove("active");
        } else {
            status.set("active", active);
        }
    }

    private boolean there(KubeObject cronJob, JsonNode reference) {
        return client.find(Resource.JOBS, cronJob.namespace(), Json.text(reference, "name"))
                .filter(job -> job.uid().equals(Json.text(reference, "uid")))
                .isPresent();
    }

    /** Whether the status that the server has names the Job already. */
    private boolean ours(KubeObject cronJob, KubeObject job) {
        JsonNode active =
                client.find(Resource.CRON_JOBS, cronJob.namespace(), cronJob.name())
                        .map(now -> now.at("status", "active"))
                        .orElse(Json.array());
        for (JsonNode one : active) {
            if (Json.text(one, "uid").equals(job.uid())) {
                return true;
            }
        }
        return false;
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

    private void history(KubeObject cronJob, List<KubeObject> mine, String type, String field) {
        JsonNode limit = cronJob.at("spec", field);
        if (!limit.isNumber()) {
            return;
        }
        List<KubeObject> finished =
                mine.stream()
                        .filter(job -> job.conditionTrue(type) && !job.deleting())
                        .sorted(BY_START)
                        .toList();
        for (int i = 0; i < finished.size() - limit.asInt(0); i++) {
            delete(cronJob, finished.get(i));
        }
    }

    /** Those that never started last. */
    private static final Comparator<KubeObject> BY_START =
            Comparator.comparing((KubeObject job) ->
                            KubeObject.time(job.at("status", "startTime")).orElse(Instant.MAX))
                    .thenComparing(KubeObject::name);

    private void delete(KubeObject cronJob, KubeObject job) {
        ObjectNode options = ApiClient.onlyUid(job.uid());
        options.put("propagationPolicy", "Background");
        try {
            client.delete(Resource.JOBS.path(job), options);
            events.normal(cronJob, "SuccessfulDelete", "Deleted job " + job.name());
        } catch (ApiException e) {
            if (!e.notFound()) {
                events.warning(cronJob, "FailedDelete", "Deleted job: " + e.getMessage());
                throw e;
            }
        }
    }

    private @Nullable CronSchedule parsed(KubeObject cronJob) {
        String text = cronJob.text("spec", "schedule");
        String zone = cronJob.text("spec", "timeZone");
        ZoneId where;
        try {
            where = zone.isEmpty() ? ZoneOffset.UTC : ZoneId.of(zone);
        } catch (DateTimeException e) {
            events.warning(
                    cronJob,
                    "UnknownTimeZone",
                    "invalid timeZone: \"%s\": unknown time zone %s".formatted(zone, zone));
            return null;
        }
        if (text.contains("TZ")) {
            events.warning(
                    cronJob,
                    "UnsupportedSchedule",
                    "CRON_TZ or TZ used in schedule \""
                            + text
                            + "\" is not officially supported, see https://kubernetes.io/docs/"
                            + "concepts/workloads/controllers/cron-jobs/ for more details");
        }
        try {
            return CronSchedule.parse(text, where);
        } catch (IllegalArgumentException | DateTimeException e) {
            events.warning(
                    cronJob,
                    "UnparseableSchedule",
                    "unparseable schedule: \"" + text + "\" : " + e.getMessage());
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
        MissedRuns missed = MissedRuns.of(cronJob, schedule, now);
        if (missed.senseless()) {
            events.warning(
                    cronJob,
                    "InvalidSchedule",
                    "invalid schedule: "
                            + cronJob.text("spec", "schedule")
                            + " : time difference between two schedules is less than 1 second");
        }
        if (missed.many()) {
            events.warning(
                    cronJob,
                    "TooManyMissedTimes",
                    "too many missed start times. Set or decrease .spec.startingDeadlineSeconds or"
                            + " check clock skew");
        }
        Instant due = missed.due();
        if (due == null || processed(cronJob, due, status)) {
            return;
        }
        if (!status.path("active").isEmpty()
                && cronJob.text("spec", "concurrencyPolicy").equals("Forbid")) {
            events.normal(
                    cronJob,
                    "JobAlreadyActive",
                    "Not starting job because prior execution is running and concurrency policy is"
                            + " Forbid");
            return;
        }
        if (cronJob.text("spec", "concurrencyPolicy").equals("Replace")) {
            mine.stream()
                    .filter(job -> !JobPlan.finished(job))
                    .forEach(job -> delete(cronJob, job));
            status.remove("active");
        }
        create(cronJob, due, status);
    }

    /** Whether a run has been seen to, by its Job's name or by the last time. */
    private static boolean processed(KubeObject cronJob, Instant due, ObjectNode status) {
        for (JsonNode active : status.path("active")) {
            if (Json.text(active, "name").equals(name(cronJob, due))) {
                return true;
            }
        }
        return Json.text(status, "lastScheduleTime").equals(KubeObject.time(due));
    }

    /** Deterministic, so that a second try after a crash makes no second Job. */
    private static String name(KubeObject cronJob, Instant due) {
        return cronJob.name() + "-" + due.getEpochSecond() / 60;
    }

    /** Upstream writes the time of the run in the CronJob's zone. */
    private static String inZone(KubeObject cronJob, Instant due) {
        String zone = cronJob.text("spec", "timeZone");
        return zone.isEmpty()
                ? KubeObject.time(due)
                : java.time.format.DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
                        due.atZone(ZoneId.of(zone)).toOffsetDateTime());
    }

    private void create(KubeObject cronJob, Instant due, ObjectNode status) {
        String name = name(cronJob, due);
        ObjectNode template =
                cronJob.at("spec", "jobTemplate") instanceof ObjectNode there
                        ? there.deepCopy()
                        : Json.object();
        ObjectNode metadata = template.withObjectProperty("metadata");
        metadata.remove("creationTimestamp");
        metadata.put("name", name).put("namespace", cronJob.namespace());
        metadata.withObjectProperty("annotations").put(SCHEDULED, inZone(cronJob, due));
        metadata.withArrayProperty("ownerReferences")
                .add(OwnerReference.controllerOf(Resource.CRON_JOBS, cronJob).tree());
        KubeObject job;
        try {
            job = client.create(Resource.JOBS, cronJob.namespace(), template);
            events.normal(cronJob, "SuccessfulCreate", "Created job " + job.name());
        } catch (ApiException e) {
            if (e.namespaceTerminating()) {
                return;
            }
            if (!e.alreadyExists()) {
                events.warning(cronJob, "FailedCreate", "Error creating job: " + e.getMessage());
                throw e;
            }
            // Made before a crash; a Job of somebody else says nothing about ours.
            job = client.find(Resource.JOBS, cronJob.namespace(), name).orElse(null);
            if (job == null || !job.controlledBy(cronJob.uid())) {
                return;
            }
        }
        status.withArrayProperty("active").add(reference(job));
        status.put("lastScheduleTime", KubeObject.time(due));
    }
}
