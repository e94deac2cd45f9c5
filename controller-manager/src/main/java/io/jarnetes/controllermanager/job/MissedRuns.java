package io.jarnetes.controllermanager.job;

import io.jarnetes.kubeclient.KubeObject;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The runs of a CronJob since its last one, or since it was made.
 *
 * @param due the last of them; null if there was none
 * @param many whether there are so many that something must be wrong with a clock
 * @param senseless whether the schedule names no time at all, such as the 31st of February
 */
record MissedRuns(@Nullable Instant due, boolean many, boolean senseless) {

    private static final int MANY = 100;
    private static final MissedRuns NONE = new MissedRuns(null, false, false);

    /** startingDeadlineSeconds bounds how far back to look. */
    static MissedRuns of(KubeObject cronJob, CronSchedule schedule, Instant now) {
        Instant since =
                KubeObject.time(cronJob.at("status", "lastScheduleTime"))
                        .orElse(cronJob.creationTimestamp());
        JsonNode deadline = cronJob.at("spec", "startingDeadlineSeconds");
        if (deadline.isNumber()) {
            Instant earliest = now.minusSeconds(deadline.asLong(0));
            since = since.isBefore(earliest) ? earliest : since;
        }
        Instant first = schedule.next(since).orElse(null);
        if (first == null) {
            return new MissedRuns(null, false, true);
        }
        if (now.isBefore(first)) {
            return NONE;
        }
        Instant second = schedule.next(first).orElse(null);
        if (second == null || now.isBefore(second)) {
            return new MissedRuns(first, false, false);
        }
        return many(schedule, first, second, now);
    }

    /**
     * Counts by the distance of the first two, so that it takes no longer however many there are.
     */
    private static MissedRuns many(
            CronSchedule schedule, Instant first, Instant second, Instant now) {
        long between = Duration.between(first, second).toSeconds();
        long count = Duration.between(first, now).toSeconds() / between + 1;
        Instant due = null;
        Instant next = schedule.next(first.plusSeconds((count - 2) * between)).orElse(null);
        while (next != null && !next.isAfter(now)) {
            due = next;
            next = schedule.next(next).orElse(null);
        }
        return new MissedRuns(due, count > MANY, false);
    }
}
