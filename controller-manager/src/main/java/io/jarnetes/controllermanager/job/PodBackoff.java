package io.jarnetes.controllermanager.job;

import io.jarnetes.kubeclient.KubeObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When a Job whose pods failed may have new ones: 10 s after the last failure, doubled with each
 * failure since the last success, up to 10 minutes. Remembered by the controller alone; a restart
 * forgets it.
 *
 * @param failures since the last success
 * @param last when the last of them ended; null for none
 */
record PodBackoff(int failures, @Nullable Instant last) {

    static final PodBackoff NONE = new PodBackoff(0, null);

    private static final Duration FIRST = Duration.ofSeconds(10);
    private static final Duration LAST = Duration.ofMinutes(10);

    /** With the pods that ended since. */
    PodBackoff after(List<KubeObject> succeeded, List<KubeObject> failed) {
        Instant lastFailure = latest(failed);
        if (succeeded.isEmpty()) {
            return lastFailure == null
                    ? this
                    : new PodBackoff(failures + failed.size(), lastFailure);
        }
        Instant lastSuccess = latest(succeeded);
        int since =
                (int)
                        failed.stream()
                                .map(JobPods::finishedAt)
                                .filter(at -> lastSuccess == null || at.isAfter(lastSuccess))
                                .count();
        return since == 0 ? NONE : new PodBackoff(since, lastFailure);
    }

    private static @Nullable Instant latest(List<KubeObject> pods) {
        return pods.stream().map(JobPods::finishedAt).max(Comparator.naturalOrder()).orElse(null);
    }

    Duration left(Instant now) {
        return last == null ? Duration.ZERO : left(failures, last, now);
    }

    /** Zero when it is over. */
    static Duration left(int failures, Instant last, Instant now) {
        if (failures == 0) {
            return Duration.ZERO;
        }
        Duration wait = FIRST.multipliedBy(1L << Math.min(failures - 1, 10));
        wait = wait.compareTo(LAST) > 0 ? LAST : wait;
        Duration left = Duration.between(now, last.plus(wait));
        return left.isNegative() ? Duration.ZERO : left;
    }
}
