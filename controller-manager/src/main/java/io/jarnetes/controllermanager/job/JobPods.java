package io.jarnetes.controllermanager.job;

import io.jarnetes.controllermanager.framework.Pods;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** The pods of a Job, and what counts as what. */
final class JobPods {

    static final String FINALIZER = "batch.kubernetes.io/job-tracking";
    static final String INDEX = "batch.kubernetes.io/job-completion-index";
    static final int NO_INDEX = -1;

    private final KubeObject job;
    private final List<KubeObject> all;

    /**
     * @param pods those that the Job controls
     */
    JobPods(KubeObject job, List<KubeObject> pods) {
        this.job = job;
        List<KubeObject> sorted = new ArrayList<>(pods);
        if (indexed(job)) {
            sorted.sort(Comparator.comparingInt(JobPods::index));
        }
        this.all = List.copyOf(sorted);
    }

    KubeObject job() {
        return job;
    }

    /** By index, where there are indexes. */
    List<KubeObject> all() {
        return all;
    }

    List<KubeObject> active() {
        return all.stream().filter(Pods::active).toList();
    }

    List<KubeObject> terminating() {
        return all.stream().filter(Pods::terminating).toList();
    }

    static boolean indexed(KubeObject job) {
        return job.text("spec", "completionMode").equals("Indexed");
    }

    boolean indexed() {
        return indexed(job);
    }

    /** Of an indexed Job, which always has a number of them. */
    int completions() {
        return job.number(0, "spec", "completions");
    }

    /** Whether each index has a back-off and a limit of its own. */
    boolean perIndex() {
        return indexed() && job.at("spec", "backoffLimitPerIndex").isNumber();
    }

    /** Whether a pod is replaced only when it has failed, not when it is on its way out. */
    boolean onlyFailedAreReplaced() {
        return job.text("spec", "podReplacementPolicy").equals("Failed")
                || job.present("spec", "podFailurePolicy");
    }

    /** Whether the pod is still to be counted. */
    static boolean tracked(KubeObject pod) {
        return pod.finalizers().contains(FINALIZER);
    }

    static int index(KubeObject pod) {
        String text = pod.annotation(INDEX);
        return text.matches("\\d{1,9}") ? Integer.parseInt(text) : NO_INDEX;
    }

    /** Whether a pod counts for the Job: without an index that the Job has it does not. */
    boolean valid(KubeObject pod) {
        int index = index(pod);
        return !indexed() || index != NO_INDEX && index < completions();
    }

    /** A deleted pod counts as failed at once, since an orphan never gets that far by itself. */
    boolean failed(KubeObject pod) {
        if (Pods.phase(pod).equals("Failed")) {
            return true;
        }
        return !onlyFailedAreReplaced() && pod.deleting() && !Pods.phase(pod).equals("Succeeded");
    }

    /** Pods to count that the status names in no list yet. */
    List<KubeObject> fresh(List<String> uncounted, Predicate<KubeObject> which) {
        return all.stream()
                .filter(pod -> tracked(pod) && !uncounted.contains(pod.uid()) && valid(pod))
                .filter(which)
                .toList();
    }

    /** The sum of restarts where containers are restarted in place. */
    int restarts() {
        int sum = 0;
        for (KubeObject pod : all) {
            if (Pods.phase(pod).equals("Running") || Pods.phase(pod).equals("Pending")) {
                for (String field : List.of("initContainerStatuses", "containerStatuses")) {
                    for (JsonNode container : pod.at("status", field)) {
                        sum += Json.number(0, container, "restartCount");
                    }
                }
            }
        }
        return sum;
    }

    /** By its containers, else since when it isn't ready, else by its deletion. */
    static Instant finishedAt(KubeObject pod) {
        return byContainers(pod)
                .or(() -> notReadySince(pod))
                .or(() -> deletedAt(pod))
                .orElse(pod.creationTimestamp());
    }

    private static Optional<Instant> byContainers(KubeObject pod) {
        Set<String> sidecars = new HashSet<>();
        for (JsonNode container : pod.at("spec", "initContainers")) {
            if (Json.text(container, "restartPolicy").equals("Always")) {
                sidecars.add(Json.text(container, "name"));
            }
        }
        List<JsonNode> statuses = new ArrayList<>();
        pod.at("status", "containerStatuses").forEach(statuses::add);
        for (JsonNode status : pod.at("status", "initContainerStatuses")) {
            if (sidecars.contains(Json.text(status, "name"))) {
                statuses.add(status);
            }
        }
        Instant last = null;
        for (JsonNode status : statuses) {
            Instant ended =
                    KubeObject.time(Json.at(status, "state", "terminated", "finishedAt"))
                            .orElse(null);
            if (ended == null) {
                return Optional.empty();
            }
            last = last == null || ended.isAfter(last) ? ended : last;
        }
        return Optional.ofNullable(last);
    }

    private static Optional<Instant> notReadySince(KubeObject pod) {
        JsonNode ready = pod.condition("Ready");
        return Json.text(ready, "status").equals("False")
                ? KubeObject.time(ready.path("lastTransitionTime"))
                : Optional.empty();
    }

    private static Optional<Instant> deletedAt(KubeObject pod) {
        int grace = pod.number(0, "metadata", "deletionGracePeriodSeconds");
        return pod.deletionTimestamp().map(at -> at.minusSeconds(grace));
    }
}
