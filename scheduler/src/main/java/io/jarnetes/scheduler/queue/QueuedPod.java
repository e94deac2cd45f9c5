package io.jarnetes.scheduler.queue;

import io.jarnetes.scheduler.framework.PodInfo;
import java.util.Set;

/**
 * A pod that waits.
 *
 * @param addedNanos when it came, or failed last
 * @param attempts how often scheduling was tried
 * @param refusals how often no node fitted
 * @param errors how often in a row, up to now, trying itself failed
 * @param refusedBy the plugins that refused it last
 */
public record QueuedPod(
        PodInfo pod,
        long addedNanos,
        int attempts,
        int refusals,
        int errors,
        Set<String> refusedBy) {

    static QueuedPod fresh(PodInfo pod, long nanos) {
        return new QueuedPod(pod, nanos, 0, 0, 0, Set.of());
    }

    /** The same attempt at the pod as it is now. */
    public QueuedPod withPod(PodInfo now) {
        return new QueuedPod(now, addedNanos, attempts, refusals, errors, refusedBy);
    }

    QueuedPod attempted() {
        return new QueuedPod(pod, addedNanos, attempts + 1, refusals, errors, refusedBy);
    }

    QueuedPod failed(boolean error, long nanos) {
        return new QueuedPod(
                pod,
                nanos,
                attempts,
                error ? refusals : refusals + 1,
                error ? errors + 1 : 0,
                refusedBy);
    }

    /** After a failed attempt. */
    public QueuedPod refused(Set<String> plugins) {
        return new QueuedPod(pod, addedNanos, attempts, refusals, errors, plugins);
    }

    String uid() {
        return pod.uid();
    }
}
