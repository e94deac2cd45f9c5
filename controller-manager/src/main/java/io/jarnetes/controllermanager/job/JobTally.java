package io.jarnetes.controllermanager.job;

import io.jarnetes.controllermanager.framework.Pods;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Counts each ended pod once: named in the status, without finalizer, counted. */
final class JobTally {

    /** Upstream writes status in portions of so many pods. */
    private static final int MOST_UNCOUNTED = 500;

    private final JobPods pods;
    private final @Nullable JobIndexes indexes;
    private final ObjectNode status;
    private final ObjectNode uncounted;

    /**
     * @param status edited
     */
    JobTally(JobPods pods, @Nullable JobIndexes indexes, ObjectNode status) {
        this.pods = pods;
        this.indexes = indexes;
        this.status = status;
        this.uncounted = status.withObjectProperty("uncountedTerminatedPods");
    }

    /**
     * Moves all pods one step on.
     *
     * @param ended whether the Job goes on no longer, so that every pod may go
     * @param failing whether pods that still run count as failed, since the Job has
     * @return the pods whose finalizer may go
     */
    List<KubeObject> track(boolean ended, boolean failing) {
        Set<String> tracked = new HashSet<>();
        pods.all().stream().filter(JobPods::tracked).forEach(pod -> tracked.add(pod.uid()));
        counted("succeeded", tracked);
        counted("failed", tracked);
        Set<Integer> done = new TreeSet<>(indexes == null ? Set.of() : indexes.before());
        List<KubeObject> release = new ArrayList<>();
        int named = 0;
        for (KubeObject pod : pods.all()) {
            if (named >= MOST_UNCOUNTED || !JobPods.tracked(pod) || !releasable(pod, ended)) {
                continue;
            }
            release.add(pod);
            if (Pods.phase(pod).equals("Succeeded") && !contains("failed", pod)) {
                named += succeeded(pod, done) ? 1 : 0;
            } else if (pods.failed(pod) || failing) {
                named += failed(pod) ? 1 : 0;
            }
        }
        if (indexes != null) {
            write(indexes, done);
        }
        return release;
    }

    private void write(JobIndexes of, Set<Integer> done) {
        if (done.isEmpty()) {
            status.remove("completedIndexes");
        } else {
            status.put("completedIndexes", CompletedIndexes.text(done));
        }
        put("succeeded", done.size());
        if (pods.perIndex()) {
            status.put("failedIndexes", CompletedIndexes.text(of.failed()));
        }
    }

    private void put(String field, int value) {
        if (value == 0) {
            status.remove(field);
        } else {
            status.put(field, value);
        }
    }

    private boolean releasable(KubeObject pod, boolean ended) {
        if (ended || pods.job().deleting() || Pods.phase(pod).equals("Succeeded")) {
            return true;
        }
        return pods.failed(pod) && (indexes == null || !indexes.kept(pod));
    }

    /** Returns whether it is a new one. An index that was done before counts for nothing. */
    private boolean succeeded(KubeObject pod, Set<Integer> done) {
        if (indexes != null) {
            return pods.valid(pod) && done.add(JobPods.index(pod));
        }
        return name("succeeded", pod);
    }

    private boolean failed(KubeObject pod) {
        return pods.valid(pod)
                && FailurePolicy.match(pods.job(), pod).counts()
                && name("failed", pod);
    }

    private boolean contains(String list, KubeObject pod) {
        return Json.list(uncounted, list).contains(pod.uid());
    }

    private boolean name(String list, KubeObject pod) {
        if (contains(list, pod)) {
            return false;
        }
        uncounted.withArrayProperty(list).add(pod.uid());
        return true;
    }

    /** Named pods that have lost their finalizer turn into a number. */
    private void counted(String field, Set<String> tracked) {
        if (!(uncounted.path(field) instanceof ArrayNode list)) {
            return;
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
        put(field, Json.number(0, status, field) + counted);
    }
}
