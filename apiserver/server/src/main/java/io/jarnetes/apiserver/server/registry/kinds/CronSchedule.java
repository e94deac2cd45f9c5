package io.jarnetes.apiserver.server.registry.kinds;

import io.jarnetes.apiserver.server.registry.Quote;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Schedules of cron, as upstream's parser takes them, with its complaints. */
final class CronSchedule {

    private static final Set<String> DESCRIPTORS =
            Set.of("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly");
    private static final String EVERY = "@every ";
    private static final Pattern DURATION =
            Pattern.compile("[-+]?((\\d+(\\.\\d*)?|\\.\\d+)(ns|us|µs|ms|s|m|h))+|[-+]?0");
    private static final Map<String, Integer> NO_NAMES = Map.of();

    /** What a field may hold. */
    private record Bounds(int min, int max, Map<String, Integer> names) {}

    private static final List<Bounds> FIELDS =
            List.of(
                    new Bounds(0, 59, NO_NAMES),
                    new Bounds(0, 23, NO_NAMES),
                    new Bounds(1, 31, NO_NAMES),
                    new Bounds(
                            1,
                            12,
                            Map.ofEntries(
                                    Map.entry("jan", 1),
                                    Map.entry("feb", 2),
                                    Map.entry("mar", 3),
                                    Map.entry("apr", 4),
                                    Map.entry("may", 5),
                                    Map.entry("jun", 6),
                                    Map.entry("jul", 7),
                                    Map.entry("aug", 8),
                                    Map.entry("sep", 9),
                                    Map.entry("oct", 10),
                                    Map.entry("nov", 11),
                                    Map.entry("dec", 12))),
                    new Bounds(
                            0,
                            6,
                            Map.of(
                                    "sun", 0, "mon", 1, "tue", 2, "wed", 3, "thu", 4, "fri", 5,
                                    "sat", 6)));

    /** Says what is wrong with a schedule. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        Refused(String message) {
            super(message);
        }
    }

    private CronSchedule() {}

    /** The complaint about a schedule; empty if there is none. */
    static String complaint(String schedule) {
        try {
            parse(schedule);
            return "";
        } catch (Refused e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static void parse(String given) throws Refused {
        String schedule = given;
        if (schedule.startsWith("TZ=") || schedule.startsWith("CRON_TZ=")) {
            int blank = schedule.indexOf(' ');
            schedule = blank < 0 ? "" : schedule.substring(blank).strip();
        }
        if (schedule.startsWith("@")) {
            descriptor(schedule);
            return;
        }
        String stripped = schedule.strip();
        String[] fields = stripped.isEmpty() ? new String[0] : stripped.split("\\s+");
        if (fields.length != FIELDS.size()) {
            throw new Refused(
                    "expected exactly 5 fields, found "
                            + fields.length
                            + ": ["
                            + String.join(" ", Arrays.asList(fields))
                            + "]");
        }
        for (int i = 0; i < fields.length; i++) {
            for (String range : fields[i].split(",")) {
                if (!range.isEmpty()) {
                    range(range, FIELDS.get(i));
                }
            }
        }
    }

    private static void descriptor(String schedule) throws Refused {
        if (DESCRIPTORS.contains(schedule)) {
            return;
        }
        if (!schedule.startsWith(EVERY)) {
            throw new Refused("unrecognized descriptor: " + schedule);
        }
        String duration = schedule.substring(EVERY.length());
        if (!DURATION.matcher(duration).matches()) {
            throw new Refused(
                    "failed to parse duration "
                            + schedule
                            + ": time: invalid duration "
                            + Quote.go(duration));
        }
    }

    private static void range(String expression, Bounds bounds) throws Refused {
        String[] rangeAndStep = expression.split("/", -1);
        String[] ends = rangeAndStep[0].split("-", -1);
        int start = bounds.min;
        int end = bounds.max;
        if (!ends[0].equals("*") && !ends[0].equals("?")) {
            start = number(ends[0], bounds.names);
            if (ends.length > 2) {
                throw new Refused("too many hyphens: " + expression);
            }
            end = ends.length == 1 ? start : number(ends[1], bounds.names);
        }
        int step = 1;
        if (rangeAndStep.length > 2) {
            throw new Refused("too many slashes: " + expression);
        } else if (rangeAndStep.length == 2) {
            step = number(rangeAndStep[1], NO_NAMES);
            end = ends.length == 1 ? bounds.max : end;
        }
        within(expression, bounds, start, end);
        if (step == 0) {
            throw new Refused("step of range should be a positive number: " + expression);
        }
    }

    private static void within(String expression, Bounds bounds, int start, int end)
            throws Refused {
        if (start < bounds.min) {
            throw new Refused(
                    "beginning of range (%d) below minimum (%d): %s"
                            .formatted(start, bounds.min, expression));
        }
        if (end > bounds.max) {
            throw new Refused(
                    "end of range (%d) above maximum (%d): %s"
                            .formatted(end, bounds.max, expression));
        }
        if (start > end) {
            throw new Refused(
                    "beginning of range (%d) beyond end of range (%d): %s"
                            .formatted(start, end, expression));
        }
    }

    private static int number(String text, Map<String, Integer> names) throws Refused {
        Integer named = names.get(text.toLowerCase(Locale.ROOT));
        if (named != null) {
            return named;
        }
        if (!text.matches("[+-]?[0-9]{1,9}")) {
            throw new Refused(
                    "failed to parse int from "
                            + text
                            + ": strconv.Atoi: parsing "
                            + Quote.go(text)
                            + ": invalid syntax");
        }
        int number = Integer.parseInt(text);
        if (number < 0) {
            throw new Refused("negative number (" + number + ") not allowed: " + text);
        }
        return number;
    }
}
