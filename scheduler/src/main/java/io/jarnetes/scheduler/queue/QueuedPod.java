package io.jarnetes.scheduler.queue;

import io.jarnetes.scheduler.framework.PodInfo;
import java.util.Set;

/**
 * A pod that waits.
 *
 * @param addedNanos when it came into the active queue
 * @param attempts how often scheduling was tried
 * @param refusedBy the plugins that refused it last
 */
public record QueuedPod(PodInfo pod, long addedNanos, int attempts, Set<String> refusedBy) {

    QueuedPod withPod(PodInfo now) {
        return new QueuedPod(now, addedNanos, attempts, refusedBy);
    }

    QueuedPod added(long nanos) {
        return new QueuedPod(pod, nanos, attempts, refusedBy);
    }

    QueuedPod attempted() {
        return new QueuedPod(pod, addedNanos, attempts + 1, refusedBy);
    }

    /** After a failed attempt. */
    public QueuedPod refused(Set<String> plugins) {
        return new QueuedPod(pod, addedNanos, attempts, plugins);
    }

    String uid() {
        return pod.uid();
    }
}
