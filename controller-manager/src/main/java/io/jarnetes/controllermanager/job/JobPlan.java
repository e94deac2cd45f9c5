package io.jarnetes.controllermanager.job;

import io.jarnetes.controllermanager.framework.Conditions;
import io.jarnetes.controllermanager.framework.DeletionOrder;
import io.jarnetes.controllermanager.framework.Pods;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One look at a Job: its next status, and what to do with its pods. */
final class JobPlan {

    /** Of {@link Creation#failures} where indexes have no limit of their own. */
    static final int NOT_COUNTED = -1;

    /** At most so many pods are made or dropped in one look. */
    private static final int MOST_CHANGED = 500;

    /**
     * One pod to make.
     *
     * @param index {@link JobPods#NO_INDEX} for a Job without indexes
     * @param failures of the index so far; {@link #NOT_COUNTED} to say nothing about them
     * @param ignored those that the failure policy does not count
     */
    record Creation(int index, int failures, int ignored) {}

    /**
     * What to do, in this order.
     *
     * @param delete active pods of a Job that has ended; they are counted when they are gone
     * @param status the whole new status
     * @param backoff to be given to the next look, once the status is written
     * @param release pods whose finalizer may go after the status is written
     * @param drop active pods that are not wanted; they lose their finalizer first and count for
     *     nothing
     * @param create pods to make
     * @param events about the Job
     * @param again when to look again; null for at the next change
     */
    record Decision(
            List<KubeObject> delete,
            ObjectNode status,
            PodBackoff backoff,
            List<KubeObject> release,
            List<KubeObject> drop,
            List<Creation> create,
            List<Event> events,
            @Nullable Duration again) {}

    /** An event about the Job. */
    record Event(boolean warning, String reason, String message) {}

    /** How a Job ends. */
    private record End(boolean success, String reason, String message) {}

    private final KubeObject job;
    private final JobPods pods;
    private final Instant now;
    private final ObjectNode status;
    private final ObjectNode uncounted;
    private final @Nullable JobIndexes indexes;
    private final List<KubeObject> delete = new ArrayList<>();
    private final List<KubeObject> drop = new ArrayList<>();
    private final List<KubeObject> release = new ArrayList<>();
    private final List<Creation> create = new ArrayList<>();
    private final List<Event> events = new ArrayList<>();
    private PodBackoff backoff;
    private int succeeded;
    private int failed;
    private @Nullable Duration again;

    private JobPlan(KubeObject job, List<KubeObject> owned, PodBackoff backoff, Instant now) {
        this.job = job;
        this.pods = new JobPods(job, owned);
        this.now = now;
        this.backoff = backoff;
        this.status =
                job.at("status") instanceof ObjectNode there ? there.deepCopy() : Json.object();
        this.uncounted = status.withObjectProperty("uncountedTerminatedPods");
        this.indexes = pods.indexed() ? new JobIndexes(pods) : null;
    }

    /**
     * @param owned the pods that the Job controls
     * @param settled whether the pods show all that was done before
     * @param backoff as the look before left it
     */
    static Decision decide(
            KubeObject job,
            List<KubeObject> owned,
            boolean settled,
            PodBackoff backoff,
            Instant now) {
        JobPlan plan = new JobPlan(job, owned, backoff, now);
        plan.decide(settled);
        return new Decision(
                plan.delete,
                plan.status,
                plan.backoff,
                plan.release,
                plan.drop,
                plan.create,
                plan.events,
                plan.again);
    }

    static boolean finished(KubeObject job) {
        return job.conditionTrue("Complete") || job.conditionTrue("Failed");
    }

    private void decide(boolean settled) {
        boolean suspended = job.flag("spec", "suspend");
        if (!suspended && !status.has("startTime")) {
            status.put("startTime", KubeObject.time(now));
        }
        count();
        List<KubeObject> active = pods.active();
        End end = end();
        if (end != null) {
            delete.addAll(active);
            // With pods that aren't shown yet it can't be over.
            end = settled ? end : null;
        } else {
            boolean managed = settled && !job.deleting();
            if (managed) {
                manage(suspended, active);
            }
            if (complete(active.size() - drop.size() + create.size())) {
                end =
                        new End(
                                true,
                                "CompletionsReached",
                                "Reached expected number of succeeded pods");
            } else if (managed) {
                suspension(suspended);
            }
            deadlineLeft().ifPresent(this::sooner);
        }
        numbers(active);
        release.addAll(
                new JobTally(pods, indexes, status)
                        .track(end != null, end != null && !end.success()));
        if (end != null) {
            conclude(end);
        }
    }

    private int number(String field) {
        return Json.number(0, status, field);
    }

    private void put(String field, int value) {
        if (value == 0) {
            status.remove(field);
        } else {
            status.put(field, value);
        }
    }

    /** What there is together: counted, on its way to be, and new. */
    private void count() {
        List<String> knownGood = Json.list(uncounted, "succeeded");
        List<String> knownBad = Json.list(uncounted, "failed");
        List<KubeObject> good = pods.fresh(knownGood, pod -> Pods.phase(pod).equals("Succeeded"));
        List<KubeObject> bad = pods.fresh(knownBad, pods::failed);
        succeeded = number("succeeded") + good.size() + knownGood.size();
        failed = number("failed") + knownBad.size();
        failed += (int) bad.stream().filter(pod -> FailurePolicy.match(job, pod).counts()).count();
        backoff = backoff.after(good, bad);
        if (indexes != null) {
            succeeded = indexes.succeeded().size();
        }
    }

    /** How the Job ends, by what was decided before, else by the limits; null if it goes on. */
    private @Nullable End end() {
        JsonNode met = Conditions.find(status, "SuccessCriteriaMet");
        if (Json.text(met, "status").equals("True")) {
            return new End(true, Json.text(met, "reason"), Json.text(met, "message"));
        }
        JsonNode target = Conditions.find(status, "FailureTarget");
        if (Json.text(target, "status").equals("True")) {
            return new End(false, Json.text(target, "reason"), Json.text(target, "message"));
        }
        for (KubeObject pod : pods.all()) {
            String message = pods.failed(pod) ? FailurePolicy.match(job, pod).message() : null;
            if (message != null) {
                return new End(false, "PodFailurePolicy", message);
            }
        }
        End limit = limit();
        return limit == null && indexes != null ? byIndexes(indexes) : limit;
    }

    private @Nullable End limit() {
        int most = job.number(6, "spec", "backoffLimit");
        boolean inPlace = job.text("spec", "template", "spec", "restartPolicy").equals("OnFailure");
        if (failed > most || inPlace && pods.restarts() >= Math.max(1, most)) {
            return new End(
                    false, "BackoffLimitExceeded", "Job has reached the specified backoff limit");
        }
        if (deadlineLeft().map(left -> !left.isPositive()).orElse(false)) {
            return new End(
                    false, "DeadlineExceeded", "Job was active longer than specified deadline");
        }
        return null;
    }

    private @Nullable End byIndexes(JobIndexes of) {
        int lost = of.failed().size();
        JsonNode most = job.at("spec", "maxFailedIndexes");
        if (pods.perIndex() && most.isNumber() && lost > most.asInt(0)) {
            return new End(
                    false,
                    "MaxFailedIndexesExceeded",
                    "Job has exceeded the specified maximal number of failed indexes");
        }
        if (pods.perIndex() && lost > 0 && lost + succeeded >= pods.completions()) {
            return new End(false, "FailedIndexes", "Job has failed indexes");
        }
        String rule =
                SuccessPolicy.met(
                        job.at("spec", "successPolicy"), pods.completions(), of.succeeded());
        return rule == null ? null : new End(true, "SuccessPolicy", rule);
    }

    private Optional<Duration> deadlineLeft() {
        JsonNode seconds = job.at("spec", "activeDeadlineSeconds");
        if (!seconds.isNumber() || job.flag("spec", "suspend")) {
            return Optional.empty();
        }
        return KubeObject.time(status.path("startTime"))
                .map(start -> Duration.between(now, start.plusSeconds(seconds.asLong(0))));
    }

    private void sooner(Duration delay) {
        if (again == null || delay.compareTo(again) < 0) {
            again = delay;
        }
    }

    private boolean complete(int active) {
        JsonNode completions = job.at("spec", "completions");
        // Without a number of completions one success means that the work is done.
        int wanted = completions.isNumber() ? completions.asInt(1) : 1;
        return succeeded >= wanted && active == 0;
    }

    /** Either too many go or missing ones come, never both in one look. */
    private void manage(boolean suspended, List<KubeObject> active) {
        if (suspended) {
            drop.addAll(active);
            return;
        }
        int wanted = wanted(active.size());
        List<KubeObject> excess = excess(active, Math.max(0, active.size() - wanted));
        if (!excess.isEmpty()) {
            drop.addAll(excess.subList(0, Math.min(excess.size(), MOST_CHANGED)));
            return;
        }
        int leaving = pods.onlyFailedAreReplaced() ? pods.terminating().size() : 0;
        int missing = Math.min(wanted - leaving - active.size(), MOST_CHANGED);
        if (missing <= 0) {
            return;
        }
        Duration wait = pods.perIndex() ? Duration.ZERO : backoff.left(now);
        if (wait.isPositive()) {
            sooner(wait);
        } else if (indexes == null) {
            for (int i = 0; i < missing; i++) {
                create.add(new Creation(JobPods.NO_INDEX, NOT_COUNTED, 0));
            }
        } else {
            next(indexes, missing);
        }
    }

    private int wanted(int active) {
        int parallelism = job.number(1, "spec", "parallelism");
        JsonNode completions = job.at("spec", "completions");
        if (completions.isNumber()) {
            return Math.clamp(completions.asInt(1) - succeeded, 0, Math.max(0, parallelism));
        }
        // Once one has succeeded the others end by themselves, and no more are made.
        return succeeded > 0 ? active : parallelism;
    }

    private List<KubeObject> excess(List<KubeObject> active, int least) {
        List<KubeObject> excess = new ArrayList<>();
        List<KubeObject> left = new ArrayList<>(active);
        if (indexes != null) {
            excess.addAll(indexes.superfluous(now));
            left.removeAll(excess);
        }
        if (excess.size() < least) {
            excess.addAll(DeletionOrder.choose(left, List.of(), least - excess.size(), now));
        }
        return excess;
    }

    private void next(JobIndexes of, int missing) {
        Duration first = null;
        for (int index : of.pending(missing)) {
            Duration wait = of.backoff(index, now);
            if (wait.isZero()) {
                create.add(of.creation(index));
            } else if (first == null || wait.compareTo(first) < 0) {
                first = wait;
            }
        }
        if (first != null) {
            sooner(first);
        }
    }

    private void suspension(boolean suspended) {
        JsonNode before = Conditions.find(status, "Suspended");
        boolean was = Json.text(before, "status").equals("True");
        if (suspended && !was) {
            set("Suspended", "True", "JobSuspended", "Job suspended");
            status.remove("startTime");
            events.add(new Event(false, "Suspended", "Job suspended"));
        } else if (!suspended && was) {
            set("Suspended", "False", "JobResumed", "Job resumed");
            // The deadline counts from here.
            status.put("startTime", KubeObject.time(now));
            events.add(new Event(false, "Resumed", "Job resumed"));
        }
    }

    private void numbers(List<KubeObject> active) {
        Set<String> leaving = new HashSet<>();
        delete.forEach(pod -> leaving.add(pod.uid()));
        drop.forEach(pod -> leaving.add(pod.uid()));
        List<KubeObject> left =
                active.stream().filter(pod -> !leaving.contains(pod.uid())).toList();
        put("active", left.size());
        status.put("ready", (int) left.stream().filter(Pods::ready).count());
        status.put("terminating", pods.terminating().size() + leaving.size());
    }

    /** First the aim; the end itself when every pod is counted and gone. */
    private void conclude(End end) {
        String aim = end.success() ? "SuccessCriteriaMet" : "FailureTarget";
        set(aim, "True", end.reason(), end.message());
        if (!uncounted.isEmpty() || !release.isEmpty() || number("terminating") > 0) {
            return;
        }
        if (!end.success()) {
            set("Failed", "True", end.reason(), end.message());
            events.add(new Event(true, end.reason(), end.message()));
            return;
        }
        set("Complete", "True", end.reason(), end.message());
        status.put("completionTime", KubeObject.time(now));
        if (number("succeeded") > job.number(Integer.MAX_VALUE, "spec", "completions")) {
            events.add(
                    new Event(
                            true,
                            "TooManySucceededPods",
                            "Too many succeeded pods running after completion count reached"));
        }
        events.add(new Event(false, "Completed", "Job completed"));
    }

    private void set(String type, String value, String reason, String message) {
        if (Conditions.set(status, type, value, reason, message, now)
                && Conditions.find(status, type) instanceof ObjectNode condition) {
            condition.put("lastProbeTime", KubeObject.time(now));
        }
    }
}
