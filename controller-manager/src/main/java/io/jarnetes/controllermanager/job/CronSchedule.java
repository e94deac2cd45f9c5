package io.jarnetes.controllermanager.job;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A cron expression of five fields, {@code @hourly} and the like, or {@code @every 1h30m} (as
 * robfig/cron's standard parser takes them).
 */
final class CronSchedule {

    private static final List<String> MONTHS =
            List.of(
                    "", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov",
                    "dec");
    private static final List<String> DAYS =
            List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");
    private static final Map<String, String> NAMED =
            Map.of(
                    "@yearly", "0 0 1 1 *",
                    "@annually", "0 0 1 1 *",
                    "@monthly", "0 0 1 * *",
                    "@weekly", "0 0 * * 0",
                    "@daily", "0 0 * * *",
                    "@midnight", "0 0 * * *",
                    "@hourly", "0 * * * *");

    /** Further on there is no such date, as on the 30th of February. */
    private static final int YEARS = 5;

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ZoneId zone;
    private final BitSet minutes;
    private final BitSet hours;
    private final BitSet days;
    private final BitSet months;
    private final BitSet weekdays;
    private final boolean anyDay;
    private final boolean anyWeekday;
    private final Duration every;

    private CronSchedule(String[] fields, ZoneId zone, Duration every) {
        this.zone = zone;
        this.minutes = set(fields[0], 0, 59, List.of());
        this.hours = set(fields[1], 0, 23, List.of());
        this.days = set(fields[2], 1, 31, List.of());
        this.months = set(fields[3], 1, 12, MONTHS);
        this.weekdays = set(fields[4], 0, 6, DAYS);
        this.anyDay = any(fields[2]);
        this.anyWeekday = any(fields[4]);
        this.every = every;
    }

    /**
     * @param zone used unless the text begins with {@code TZ=} or {@code CRON_TZ=}
     * @throws IllegalArgumentException if it is no schedule
     */
    static CronSchedule parse(String text, ZoneId zone) {
        String rest = text.strip();
        ZoneId where = zone;
        if (rest.startsWith("TZ=") || rest.startsWith("CRON_TZ=")) {
            int space = rest.indexOf(' ');
            where = ZoneId.of(rest.substring(rest.indexOf('=') + 1, space));
            rest = rest.substring(space).strip();
        }
        if (rest.startsWith("@every ")) {
            Duration every =
                    io.jarnetes.base.flags.GoValues.duration(rest.substring("@every ".length()))
                            .truncatedTo(ChronoUnit.SECONDS);
            return new CronSchedule(
                    "* * * * *".split(" "), where, every.isPositive() ? every : SECOND);
        }
        if (rest.startsWith("@") && !NAMED.containsKey(rest)) {
            throw new IllegalArgumentException("unrecognized descriptor: " + rest);
        }
        String[] fields = NAMED.getOrDefault(rest, rest).split("\\s+");
        if (fields.length != 5) {
            throw new IllegalArgumentException(
                    rest.isEmpty()
                            ? "empty spec string"
                            : "expected exactly 5 fields, found "
                                    + fields.length
                                    + ": ["
                                    + String.join(" ", fields)
                                    + "]");
        }
        return new CronSchedule(fields, where, Duration.ZERO);
    }

    /** Whether a field leaves its day open: with a step it doesn't. */
    private static boolean any(String field) {
        for (String part : field.split(",")) {
            if (part.matches("[*?](-[^/]*)?(/0*1)?")) {
                return true;
            }
        }
        return false;
    }

    private static BitSet set(String field, int least, int most, List<String> names) {
        BitSet set = new BitSet(most + 1);
        for (String part : field.split(",")) {
            String[] stepped = part.split("/", -1);
            String[] ends = stepped[0].split("-", -1);
            if (stepped.length > 2 || ends.length > 2) {
                throw new IllegalArgumentException(
                        (ends.length > 2 ? "too many hyphens: " : "too many slashes: ") + part);
            }
            boolean any = ends[0].equals("*") || ends[0].equals("?");
            int from = any ? least : value(ends[0], names);
            int to = any ? most : ends.length > 1 ? value(ends[1], names) : from;
            if (stepped.length > 1 && ends.length == 1) {
                to = most;
            }
            int step = stepped.length > 1 ? value(stepped[1], List.of()) : 1;
            check(from, to, step, least, most, part);
            for (int i = from; i <= to; i += step) {
                set.set(i);
            }
        }
        return set;
    }

    private static void check(int from, int to, int step, int least, int most, String part) {
        String wrong = null;
        if (from < least) {
            wrong = "beginning of range (%d) below minimum (%d)".formatted(from, least);
        } else if (to > most) {
            wrong = "end of range (%d) above maximum (%d)".formatted(to, most);
        } else if (from > to) {
            wrong = "beginning of range (%d) beyond end of range (%d)".formatted(from, to);
        } else if (step == 0) {
            wrong = "step of range should be a positive number";
        }
        if (wrong != null) {
            throw new IllegalArgumentException(wrong + ": " + part);
        }
    }

    private static int value(String text, List<String> names) {
        int index = names.indexOf(text.toLowerCase(Locale.ROOT));
        if (index >= 0 && !text.isEmpty()) {
            return index;
        }
        if (!text.matches("[+-]?\\d{1,9}")) {
            throw new IllegalArgumentException(
                    "failed to parse int from %s: strconv.Atoi: parsing \"%s\": invalid syntax"
                            .formatted(text, text));
        }
        int number = Integer.parseInt(text);
        if (number < 0) {
            throw new IllegalArgumentException(
                    "negative number (%d) not allowed: %s".formatted(number, text));
        }
        return number;
    }

    /** The first time after this one; empty if there is none. */
    Optional<Instant> next(Instant after) {
        if (!every.isZero()) {
            return Optional.of(after.truncatedTo(ChronoUnit.SECONDS).plus(every));
        }
        ZonedDateTime at = after.atZone(zone).truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
        ZonedDateTime end = at.plusYears(YEARS);
        while (at.isBefore(end)) {
            if (!months.get(at.getMonthValue())) {
                at = at.plusMonths(1).withDayOfMonth(1).truncatedTo(ChronoUnit.DAYS);
            } else if (!day(at)) {
                at = at.plusDays(1).truncatedTo(ChronoUnit.DAYS);
            } else if (!hours.get(at.getHour())) {
                at = at.plusHours(1).truncatedTo(ChronoUnit.HOURS);
            } else if (!minutes.get(at.getMinute())) {
                at = at.plusMinutes(1);
            } else {
                return Optional.of(at.toInstant());
            }
        }
        return Optional.empty();
    }

    /** With both day fields set, either may match. */
    private boolean day(ZonedDateTime at) {
        boolean day = days.get(at.getDayOfMonth());
        boolean weekday = weekdays.get(at.getDayOfWeek().getValue() % 7);
        return anyDay || anyWeekday ? day && weekday : day || weekday;
    }
}
