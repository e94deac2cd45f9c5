package io.jarnetes.apiserver.server.printers;

import java.time.Duration;
import java.time.Instant;

/** Durations in two or three digits, as k8s.io/apimachinery/pkg/util/duration writes them. */
public final class HumanDuration {
    private static final int DAY = 24;
    private static final int YEAR = 365 * DAY;

    private HumanDuration() {}

    /** {@code 26s}, {@code 4m12s}, {@code 5d3h}, {@code 2y30d}; {@code <invalid>} before now. */
    public static String of(Duration duration) {
        // Go truncates towards zero: the last second before now is "0s".
        long seconds = duration.toMillis() / 1000;
        if (seconds < -1) {
            return "<invalid>";
        }
        if (seconds < 0) {
            return "0s";
        }
        if (seconds < 120) {
            return seconds + "s";
        }
        long minutes = seconds / 60;
        if (minutes < 10) {
            return minutes + "m" + rest(seconds % 60, "s");
        }
        if (minutes < 180) {
            return minutes + "m";
        }
        long hours = minutes / 60;
        return hours < 8 ? hours + "h" + rest(minutes % 60, "m") : ofHours(hours);
    }

    private static String ofHours(long hours) {
        if (hours < 2 * DAY) {
            return hours + "h";
        }
        if (hours < 8 * DAY) {
            return hours / DAY + "d" + rest(hours % DAY, "h");
        }
        if (hours < 2 * YEAR) {
            return hours / DAY + "d";
        }
        if (hours < 8 * YEAR) {
            return hours / YEAR + "y" + rest(hours / DAY % 365, "d");
        }
        return hours / YEAR + "y";
    }

    private static String rest(long value, String unit) {
        return value == 0 ? "" : value + unit;
    }

    /** The time since an RFC 3339 timestamp; {@code <unknown>} without one. */
    static String since(String timestamp, Instant now) {
        return timestamp.isEmpty()
                ? "<unknown>"
                : of(Duration.between(Instant.parse(timestamp), now));
    }
}
