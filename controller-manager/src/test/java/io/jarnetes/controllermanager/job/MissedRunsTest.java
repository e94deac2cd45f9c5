package io.jarnetes.controllermanager.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.TestObjects;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MissedRunsTest {

    private static KubeObject cronJob(String made, String more) {
        return TestObjects.with(
                TestObjects.object("{'metadata': {'creationTimestamp': '%s'}}".formatted(made)),
                more);
    }

    private static MissedRuns at(KubeObject cronJob, String schedule, String now) {
        return MissedRuns.of(
                cronJob, CronSchedule.parse(schedule, ZoneOffset.UTC), Instant.parse(now));
    }

    private static final KubeObject NEW = cronJob("2026-01-01T00:00:30Z", "{}");

    @Test
    void theLastOfThoseSinceTheLastRunIsDue() {
        assertThat(at(NEW, "* * * * *", "2026-01-01T00:00:59Z").due()).isNull();
        assertThat(at(NEW, "* * * * *", "2026-01-01T00:01:00Z").due())
                .isEqualTo("2026-01-01T00:01:00Z");
        assertThat(at(NEW, "*/5 * * * *", "2026-01-01T00:17:00Z").due())
                .isEqualTo("2026-01-01T00:15:00Z");
        KubeObject ran =
                cronJob(
                        "2026-01-01T00:00:30Z",
                        "{'status': {'lastScheduleTime': '2026-01-01T00:15:00Z'}}");
        assertThat(at(ran, "*/5 * * * *", "2026-01-01T00:17:00Z").due()).isNull();
    }

    @Test
    void whatIsPastTheDeadlineIsOver() {
        KubeObject hurried =
                cronJob("2026-01-01T00:00:30Z", "{'spec': {'startingDeadlineSeconds': 60}}");
        assertThat(at(hurried, "0 * * * *", "2026-01-01T01:00:59Z").due())
                .isEqualTo("2026-01-01T01:00:00Z");
        assertThat(at(hurried, "0 * * * *", "2026-01-01T01:01:00Z").due()).isNull();
    }

    @Test
    void moreThanAHundredAreMany() {
        assertThat(at(NEW, "* * * * *", "2026-01-01T01:40:59Z").many()).isFalse();
        MissedRuns many = at(NEW, "* * * * *", "2026-01-01T01:41:00Z");
        assertThat(many.many()).isTrue();
        assertThat(many.due()).isEqualTo("2026-01-01T01:41:00Z");
    }

    @Test
    void aScheduleMayNameNoTimeAtAll() {
        assertThat(at(NEW, "59 23 31 2 *", "2026-02-01T00:00:00Z").senseless()).isTrue();
    }

    /** Upstream guesses by the distance of the first two, and so do we. */
    @Test
    void betweenIrregularTimesARunMayBeLost() {
        MissedRuns night = at(NEW, "30 6-16/4 * * 1-5", "2026-01-02T00:32:00Z");
        assertThat(night.due()).isNull();
        assertThat(at(NEW, "30 6-16/4 * * 1-5", "2026-01-01T15:00:00Z").due())
                .isEqualTo("2026-01-01T14:30:00Z");
    }

    /** However many were missed the last one is found, as by walking over all of them. */
    @Test
    void isTheLastOfAllRegularOnes() {
        String[] schedules = {
            "* * * * *", "*/15 * * * *", "30 */4 * * *", "0 0 * * *", "@every 90s", "@hourly"
        };
        for (long seed = 0; seed < 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            String schedule = schedules[random.nextInt(schedules.length)];
            Instant now =
                    Instant.parse("2026-01-01T00:00:30Z").plusSeconds(random.nextInt(500_000));
            CronSchedule parsed = CronSchedule.parse(schedule, ZoneOffset.UTC);
            Instant last = null;
            Instant next = parsed.next(NEW.creationTimestamp()).orElseThrow();
            while (!next.isAfter(now)) {
                last = next;
                next = parsed.next(next).orElseThrow();
            }
            @Nullable Instant found = MissedRuns.of(NEW, parsed, now).due();
            assertThat(found).as("seed %d: %s at %s", seed, schedule, now).isEqualTo(last);
        }
    }
}
