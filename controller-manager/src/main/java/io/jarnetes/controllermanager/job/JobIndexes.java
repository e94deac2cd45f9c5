package io.jarnetes.controllermanager.job;

import io.jarnetes.controllermanager.framework.DeletionOrder;
import io.jarnetes.controllermanager.framework.Pods;
import io.jarnetes.kubeclient.KubeObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The indexes of an indexed Job: which are done, which have failed, which come next. */
final class JobIndexes {

    static final String FAILURES = "batch.kubernetes.io/job-index-failure-count";
    static final String IGNORED = "batch.kubernetes.io/job-index-ignored-failure-count";

    private final JobPods pods;
    private final SortedSet<Integer> before;
    private final SortedSet<Integer> succeeded;
    private final SortedSet<Integer> failed;

    /** The last failed pod of an index, kept until its successor has taken over its counts. */
    private final Map<Integer, KubeObject> replaced = new HashMap<>();

    JobIndexes(JobPods pods) {
        this.pods = pods;
        KubeObject job = pods.job();
        before = CompletedIndexes.parse(job.text("status", "completedIndexes"), pods.completions());
        succeeded = new TreeSet<>(before);
        failed = CompletedIndexes.parse(job.text("status", "failedIndexes"), pods.completions());
        for (KubeObject pod : pods.all()) {
            if (!JobPods.tracked(pod) || !pods.valid(pod)) {
                continue;
            }
            if (Pods.phase(pod).equals("Succeeded")) {
                succeeded.add(JobPods.index(pod));
            } else if (pods.perIndex() && failsIndex(pod)) {
                failed.add(JobPods.index(pod));
            }
        }
        if (pods.perIndex()) {
            findReplaced();
        }
    }

    private boolean failsIndex(KubeObject pod) {
        if (!pods.failed(pod)) {
            return false;
        }
        FailurePolicy.Match match = FailurePolicy.match(pods.job(), pod);
        return match.failsIndex()
                || match.counts()
                        && count(pod, FAILURES)
                                >= pods.job().number(0, "spec", "backoffLimitPerIndex");
    }

    private static int count(KubeObject pod, String annotation) {
        String text = pod.annotation(annotation);
        return text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
    }

    private static int allFailures(KubeObject pod) {
        return count(pod, FAILURES) + count(pod, IGNORED);
    }

    private void findReplaced() {
        Set<Integer> active = indexes(pods.active());
        for (KubeObject pod : pods.fresh(List.of(), pods::failed)) {
            int index = JobPods.index(pod);
            if (succeeded.contains(index) || failed.contains(index) || active.contains(index)) {
                continue;
            }
            KubeObject other = replaced.get(index);
            if (other == null
                    || allFailures(other) <= allFailures(pod)
                            && !JobPods.finishedAt(pod).isBefore(JobPods.finishedAt(other))) {
                replaced.put(index, pod);
            }
        }
    }

    private static Set<Integer> indexes(List<KubeObject> of) {
        Set<Integer> indexes = new HashSet<>();
        of.forEach(pod -> indexes.add(JobPods.index(pod)));
        return indexes;
    }

    /** As the status has it. */
    SortedSet<Integer> before() {
        return before;
    }

    /** With the pods that have succeeded since. */
    SortedSet<Integer> succeeded() {
        return succeeded;
    }

    SortedSet<Integer> failed() {
        return failed;
    }

    /** Whether a failed pod must stay until its successor is there. */
    boolean kept(KubeObject pod) {
        KubeObject last = replaced.get(JobPods.index(pod));
        return last != null && last.uid().equals(pod.uid());
    }

    /** The lowest indexes that nobody does or has done. */
    List<Integer> pending(int count) {
        Set<Integer> taken = new HashSet<>(succeeded);
        taken.addAll(failed);
        taken.addAll(indexes(pods.active()));
        if (pods.onlyFailedAreReplaced()) {
            taken.addAll(indexes(pods.terminating()));
        }
        List<Integer> pending = new ArrayList<>();
        for (int i = 0; i < pods.completions() && pending.size() < count; i++) {
            if (!taken.contains(i)) {
                pending.add(i);
            }
        }
        return pending;
    }

    /** How long an index must wait for its next pod. */
    Duration backoff(int index, Instant now) {
        KubeObject last = replaced.get(index);
        return last == null
                ? Duration.ZERO
                : PodBackoff.left(allFailures(last) + 1, JobPods.finishedAt(last), now);
    }

    /** What the next pod of an index carries on. */
    JobPlan.Creation creation(int index) {
        if (!pods.perIndex()) {
            return new JobPlan.Creation(index, JobPlan.NOT_COUNTED, 0);
        }
        KubeObject last = replaced.get(index);
        if (last == null) {
            return new JobPlan.Creation(index, 0, 0);
        }
        boolean counts = FailurePolicy.match(pods.job(), last).counts();
        return new JobPlan.Creation(
                index,
                count(last, FAILURES) + (counts ? 1 : 0),
                count(last, IGNORED) + (counts ? 0 : 1));
    }

    /** Active pods of no index that the Job has, and all but one of each other. */
    List<KubeObject> superfluous(Instant now) {
        List<KubeObject> superfluous = new ArrayList<>();
        Map<Integer, List<KubeObject>> byIndex = new TreeMap<>();
        for (KubeObject pod : pods.active()) {
            if (pods.valid(pod)) {
                byIndex.computeIfAbsent(JobPods.index(pod), i -> new ArrayList<>()).add(pod);
            } else {
                superfluous.add(pod);
            }
        }
        for (List<KubeObject> same : byIndex.values()) {
            superfluous.addAll(
                    same.size() < 2
                            ? List.of()
                            : DeletionOrder.choose(same, List.of(), same.size() - 1, now));
        }
        return superfluous;
    }
}
