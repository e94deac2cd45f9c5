package io.jarnetes.controllermanager.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
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
                "0 0 * * sun | 2026-01-04T00:00:00Z",
                "0 0 */2 * 5 | 2026-01-02T00:00:00Z",
                "0 0 */1 * 5 | 2026-01-02T00:00:00Z",
                "0 0 * * 1,3-5/2 | 2026-01-02T00:00:00Z",
                "? 3 ? ? ? | 2026-01-01T03:00:00Z",
                "50/4 * * * * | 2026-01-01T00:50:00Z",
                "@every 100ms | 2026-01-01T00:00:31Z",
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
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "~~ | empty spec string",
                "* * * * | expected exactly 5 fields, found 4: [* * * *]",
                "60 * * * * | end of range (60) above maximum (59): 60",
                "0 0 * * 7 | end of range (7) above maximum (6): 7",
                "0 0 0 * * | beginning of range (0) below minimum (1): 0",
                "5-1 * * * * | beginning of range (5) beyond end of range (1): 5-1",
                "*/0 * * * * | step of range should be a positive number: */0",
                "1-2-3 * * * * | too many hyphens: 1-2-3",
                "1/2/3 * * * * | too many slashes: 1/2/3",
                "@never | unrecognized descriptor: @never"
            })
    void refusesWithUpstreamsWords(String schedule, String words) {
        assertThatThrownBy(() -> CronSchedule.parse(schedule, ZoneOffset.UTC))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(words);
    }

    /** Minute by minute, with what each field says: slow and plain. */
    private static Instant scanned(String schedule, ZoneId zone, Instant after) {
        String[] fields = schedule.split(" ");
        Instant at = after.truncatedTo(ChronoUnit.MINUTES).plusSeconds(60);
        for (int i = 0; i < 3 * 366 * 24 * 60; i++, at = at.plusSeconds(60)) {
            ZonedDateTime local = at.atZone(zone);
            boolean day = matches(fields[2], local.getDayOfMonth());
            boolean weekday = matches(fields[4], local.getDayOfWeek().getValue() % 7);
            boolean either = !fields[2].equals("*") && !fields[4].equals("*");
            if (matches(fields[0], local.getMinute())
                    && matches(fields[1], local.getHour())
                    && matches(fields[3], local.getMonthValue())
                    && (either ? day || weekday : day && weekday)) {
                return at;
            }
        }
        return Instant.MAX;
    }

    private static boolean matches(String field, int value) {
        for (String part : field.split(",")) {
            String[] ends = part.split("-");
            if (part.equals("*")
                    || value >= Integer.parseInt(ends[0])
                            && value <= Integer.parseInt(ends[ends.length - 1])) {
                return true;
            }
        }
        return false;
    }

    private static String field(SplittableRandom random, int least, int most, int open) {
        if (random.nextInt(10) < open) {
            return "*";
        }
        int one = random.nextInt(least, most + 1);
        int other = random.nextInt(least, most + 1);
        String range = Math.min(one, other) + "-" + Math.max(one, other);
        return random.nextBoolean() ? Integer.toString(one) : one + "," + range;
    }

    @ParameterizedTest
    @CsvSource({"UTC", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe"})
    void isWhatAScanOfAllMinutesFinds(ZoneId zone) {
        for (long seed = 0; seed < 60; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            String schedule =
                    String.join(
                            " ",
                            field(random, 0, 59, 2),
                            field(random, 0, 23, 4),
                            field(random, 1, 28, 6),
                            field(random, 1, 12, 7),
                            field(random, 0, 6, 6));
            Instant after =
                    Instant.parse("2026-01-01T00:00:00Z")
                            .plusSeconds(random.nextLong(365L * 24 * 3600));
            assertThat(CronSchedule.parse(schedule, zone).next(after))
                    .as("seed %d: %s after %s in %s", seed, schedule, after, zone)
                    .hasValue(scanned(schedule, zone, after));
        }
    }

    @Test
    void anHourThatIsSkippedHasNoRunAndOneThatComesTwiceHasTwo() {
        ZoneId zone = ZoneId.of("America/New_York");
        CronSchedule half = CronSchedule.parse("30 2 * * *", zone);
        assertThat(half.next(Instant.parse("2026-03-07T12:00:00Z")))
                .hasValue(Instant.parse("2026-03-09T06:30:00Z"));
        CronSchedule twice = CronSchedule.parse("30 1 * * *", zone);
        assertThat(twice.next(Instant.parse("2026-11-01T05:30:00Z")))
                .hasValue(Instant.parse("2026-11-01T06:30:00Z"));
    }

    @ParameterizedTest
    @ValueSource(strings = "0 0 30 2 *")
    void thereMayBeNone(String schedule) {
        assertThat(CronSchedule.parse(schedule, ZoneOffset.UTC).next(Instant.EPOCH)).isEmpty();
    }
}
