package io.jarnetes.controllermanager.job;

import io.jarnetes.controllermanager.framework.Conditions;
import io.jarnetes.controllermanager.framework.Pods;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One look at a Job: its next status, and what to do with its pods. */
final class JobPlan {

    static final String FINALIZER = "batch.kubernetes.io/job-tracking";
    static final String INDEX = "batch.kubernetes.io/job-completion-index";

    /** Upstream writes status in portions of so many pods. */
    private static final int MOST_UNCOUNTED = 500;

    /**
     * What to do.
     *
     * @param status the whole new status
     * @param release finished pods whose finalizer may go after the status is written
     * @param create indexes of pods to make; -1 each for a Job without indexes
     * @param delete pods to delete
     * @param event reason and message of an event; null for none
     * @param again when to look again; null for at the next change
     */
    record Decision(
            ObjectNode status,
            List<KubeObject> release,
            List<Integer> create,
            List<KubeObject> delete,
            @Nullable Event event,
            @Nullable Duration again) {}

    /** An event about the Job. */
    record Event(boolean warning, String reason, String message) {}

    private final KubeObject job;
    private final List<KubeObject> pods;
    private final Instant now;
    private final ObjectNode status;
    private final List<KubeObject> release = new ArrayList<>();
    private final List<Integer> create = new ArrayList<>();
    private final List<KubeObject> delete = new ArrayList<>();
    private final Set<Integer> succeededIndexes = new TreeSet<>();
    private int succeeded;
    private int failed;
    private @Nullable Event event;
    private @Nullable Duration again;

    private JobPlan(KubeObject job, List<KubeObject> pods, Instant now) {
        this.job = job;
        this.pods = pods;
        this.now = now;
        this.status =
                job.at("status") instanceof ObjectNode there ? there.deepCopy() : Json.object();
    }

    /**
     * @param pods those that the Job controls
     * @param settled whether the pods show all that was done before
     */
    static Decision decide(KubeObject job, List<KubeObject> pods, boolean settled, Instant now) {
        JobPlan plan = new JobPlan(job, pods, now);
        plan.decide(settled);
        return new Decision(
                plan.status, plan.release, plan.create, plan.delete, plan.event, plan.again);
    }

    static boolean finished(KubeObject job) {
        return job.conditionTrue("Complete") || job.conditionTrue("Failed");
    }

    private boolean indexed() {
        return job.text("spec", "completionMode").equals("Indexed");
    }

    private void decide(boolean settled) {
        boolean suspended = job.flag("spec", "suspend");
        if (!suspended && !status.has("startTime")) {
            status.put("startTime", KubeObject.time(now));
        }
        count();
        List<KubeObject> active = pods.stream().filter(Pods::active).toList();
        String failure = failure();
        boolean enough = enough();
        if (failure != null || enough) {
            delete.addAll(active);
            finish(failure, active.size());
            numbers(List.of(), active.size());
            return;
        }
        suspension(suspended);
        if (suspended) {
            delete.addAll(active);
            numbers(List.of(), active.size());
            return;
        }
        numbers(active, 0);
        if (settled && !job.deleting()) {
            scale(active);
        }
        deadline();
    }

    /** Moves finished pods on: uncounted, without finalizer, counted. */
    private void count() {
        ObjectNode uncounted = status.withObjectProperty("uncountedTerminatedPods");
        Set<String> tracked = new HashSet<>();
        for (KubeObject pod : pods) {
            if (pod.finalizers().contains(FINALIZER)) {
                tracked.add(pod.uid());
            }
        }
        succeeded = number("succeeded") + counted(uncounted, "succeeded", tracked);
        failed = number("failed") + counted(uncounted, "failed", tracked);
        int added = 0;
        succeededIndexes.addAll(CompletedIndexes.parse(Json.text(status, "completedIndexes")));
        for (KubeObject pod : pods) {
            boolean gone =
                    Pods.finished(pod) || pod.deleting() && pod.text("spec", "nodeName").isEmpty();
            if (!gone || !tracked.contains(pod.uid()) || added >= MOST_UNCOUNTED) {
                continue;
            }
            boolean good = Pods.phase(pod).equals("Succeeded");
            ArrayNode list = uncounted.withArrayProperty(good ? "succeeded" : "failed");
            if (!contains(list, pod.uid()) && !repeated(pod, good)) {
                list.add(pod.uid());
                added++;
            }
            if (good && indexed()) {
                succeededIndexes.add(index(pod));
            }
            release.add(pod);
        }
        put("succeeded", succeeded);
        put("failed", failed);
        succeeded += uncounted.path("succeeded").size();
        failed += uncounted.path("failed").size();
        if (indexed()) {
            succeeded = succeededIndexes.size();
            put("succeeded", succeeded);
            if (!succeededIndexes.isEmpty()) {
                status.put("completedIndexes", CompletedIndexes.text(succeededIndexes));
            }
        }
    }

    /** A second success of an index counts for nothing. */
    private boolean repeated(KubeObject pod, boolean good) {
        return good && indexed() && succeededIndexes.contains(index(pod));
    }

    private static int counted(ObjectNode uncounted, String field, Set<String> tracked) {
        if (!(uncounted.path(field) instanceof ArrayNode list)) {
            return 0;
        }
        int counted = 0;
        for (int i = list.size() - 1; i >= 0; i--) {
            if (!tracked.contains(Json.text(list.path(i)))) {
                list.remove(i);
                counted++;
            }
        }
        if (list.isEmpty()) {
            uncounted.remove(field);
        }
        return counted;
    }

    private static boolean contains(ArrayNode list, String text) {
        for (JsonNode item : list) {
            if (Json.text(item).equals(text)) {
                return true;
            }
        }
        return false;
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

    static int index(KubeObject pod) {
        String text = pod.annotation(INDEX);
        return text.isEmpty() ? -1 : Integer.parseInt(text);
    }

    /** The reason for which the Job fails; null if it doesn't. */
    private @Nullable String failure() {
        JsonNode target = Conditions.find(status, "FailureTarget");
        if (Json.text(target, "status").equals("True")) {
            return Json.text(target, "reason");
        }
        if (Json.text(Conditions.find(status, "SuccessCriteriaMet"), "status").equals("True")) {
            return null;
        }
        if (failed > job.number(6, "spec", "backoffLimit")) {
            return "BackoffLimitExceeded";
        }
        if (deadlineLeft().map(left -> !left.isPositive()).orElse(false)) {
            return "DeadlineExceeded";
        }
        return null;
    }

    private java.util.Optional<Duration> deadlineLeft() {
        JsonNode seconds = job.at("spec", "activeDeadlineSeconds");
        if (!seconds.isNumber() || job.flag("spec", "suspend")) {
            return java.util.Optional.empty();
        }
        return KubeObject.time(status.path("startTime"))
                .map(start -> Duration.between(now, start.plusSeconds(seconds.asLong(0))));
    }

    private void deadline() {
        deadlineLeft().ifPresent(this::sooner);
    }

    private void sooner(Duration delay) {
        if (again == null || delay.compareTo(again) < 0) {
            again = delay;
        }
    }

    private boolean enough() {
        JsonNode completions = job.at("spec", "completions");
        if (completions.isNumber()) {
            return succeeded >= completions.asInt(1);
        }
        // Without a number of completions one success means that the work is done.
        return succeeded > 0 && pods.stream().noneMatch(Pods::active);
    }

    private void finish(@Nullable String failure, int active) {
        boolean counting = !status.path("uncountedTerminatedPods").isEmpty();
        boolean terminating =
                active > 0 || pods.stream().anyMatch(pod -> pod.deleting() && !Pods.finished(pod));
        String reason = failure == null ? "CompletionsReached" : failure;
        String message = message(reason);
        set(failure == null ? "SuccessCriteriaMet" : "FailureTarget", reason, message);
        if (counting || terminating) {
            return;
        }
        if (failure == null) {
            set("Complete", reason, message);
            status.put("completionTime", KubeObject.time(now));
            event = new Event(false, "Completed", "Job completed");
        } else {
            set("Failed", reason, message);
            event = new Event(true, reason, message);
        }
    }

    private static String message(String reason) {
        return switch (reason) {
            case "BackoffLimitExceeded" -> "Job has reached the specified backoff limit";
            case "DeadlineExceeded" -> "Job was active longer than specified deadline";
            default -> "Reached expected number of succeeded pods";
        };
    }

    private void set(String type, String reason, String message) {
        if (Conditions.set(status, type, "True", reason, message, now)
                && Conditions.find(status, type) instanceof ObjectNode condition) {
            condition.put("lastProbeTime", KubeObject.time(now));
        }
    }

    private void suspension(boolean suspended) {
        JsonNode before = Conditions.find(status, "Suspended");
        boolean was = Json.text(before, "status").equals("True");
        if (suspended && !was) {
            set("Suspended", "JobSuspended", "Job suspended");
            status.remove("startTime");
            event = new Event(false, "Suspended", "Job suspended");
        } else if (!suspended && was && before instanceof ObjectNode condition) {
            condition.put("status", "False");
            condition.put("reason", "JobResumed").put("message", "Job resumed");
            condition.put("lastTransitionTime", KubeObject.time(now));
            status.put("startTime", KubeObject.time(now));
            event = new Event(false, "Resumed", "Job resumed");
        }
    }

    private void numbers(List<KubeObject> active, int deleting) {
        put("active", active.size());
        status.put("ready", (int) active.stream().filter(Pods::ready).count());
        status.put("terminating", (int) pods.stream().filter(Pods::terminating).count() + deleting);
    }

    private void scale(List<KubeObject> active) {
        int parallelism = job.number(1, "spec", "parallelism");
        int wanted = parallelism;
        JsonNode completions = job.at("spec", "completions");
        if (completions.isNumber()) {
            wanted = Math.min(parallelism, completions.asInt(1) - succeeded);
        } else if (succeeded > 0) {
            wanted = Math.min(parallelism, active.size());
        }
        if (active.size() > wanted) {
            delete.addAll(active.subList(0, active.size() - wanted));
            return;
        }
        int missing = wanted - active.size();
        Duration wait = PodBackoff.left(pods, failed, now);
        if (missing == 0 || wait.isPositive()) {
            if (missing > 0) {
                sooner(wait);
            }
            return;
        }
        choose(active, missing);
    }

    private void choose(List<KubeObject> active, int missing) {
        if (!indexed()) {
            for (int i = 0; i < missing; i++) {
                create.add(-1);
            }
            return;
        }
        Set<Integer> taken = new HashSet<>(succeededIndexes);
        active.forEach(pod -> taken.add(index(pod)));
        int completions = job.number(0, "spec", "completions");
        for (int i = 0; i < completions && create.size() < missing; i++) {
            if (!taken.contains(i)) {
                create.add(i);
            }
        }
    }
}
