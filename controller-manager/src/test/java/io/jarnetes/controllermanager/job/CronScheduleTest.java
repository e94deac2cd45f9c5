package io.jarnetes.controllermanager.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronScheduleTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "* * * * * | 2026-01-01T00:01:00Z",
                "*/15 * * * * | 2026-01-01T00:15:00Z",
                "30 4 * * * | 2026-01-01T04:30:00Z",
                "0 0 1 */2 * | 2026-03-01T00:00:00Z",
                "0 0 29 feb * | 2028-02-29T00:00:00Z",
                "0 12 * * mon-wed | 2026-01-05T12:00:00Z",
                "0 0 13 * 5 | 2026-01-02T00:00:00Z",
                "0 0 * * 7 | 2026-01-04T00:00:00Z",
                "@hourly | 2026-01-01T01:00:00Z",
                "@every 1h30m | 2026-01-01T01:30:30Z",
                "CRON_TZ=Asia/Tokyo 0 6 * * * | 2026-01-01T21:00:00Z",
                "5,35 1 * * * | 2026-01-01T01:05:00Z"
            })
    void next(String schedule, Instant next) {
        assertThat(
                        CronSchedule.parse(schedule, ZoneOffset.UTC)
                                .next(Instant.parse("2026-01-01T00:00:30Z")))
                .contains(next);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "* * * *", "60 * * * *", "a * * * *", "5-1 * * * *"})
    void refuses(String schedule) {
        assertThatThrownBy(() -> CronSchedule.parse(schedule, ZoneOffset.UTC))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = "0 0 30 2 *")
    void thereMayBeNone(String schedule) {
        assertThat(CronSchedule.parse(schedule, ZoneOffset.UTC).next(Instant.EPOCH)).isEmpty();
    }
}
