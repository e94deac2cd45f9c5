package io.jarnetes.apiserver.schema.codec;

import java.math.BigDecimal;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Go writes them: {@code 1h2m3.5s}; here in nanoseconds. */
final class GoDuration {
    private static final long SECOND = 1_000_000_000L;
    private static final Map<String, Long> UNITS =
            Map.of(
                    "ns", 1L,
                    "us", 1_000L,
                    "µs", 1_000L,
                    "ms", 1_000_000L,
                    "s", SECOND,
                    "m", 60 * SECOND,
                    "h", 3600 * SECOND);
    private static final Pattern PART =
            Pattern.compile("(\\d+(?:\\.\\d*)?|\\.\\d+)(ns|us|µs|ms|s|m|h)");

    private GoDuration() {}

    /** Nanoseconds; 0 for what is no duration. */
    static long parse(String text) {
        boolean negative = text.startsWith("-");
        Matcher matcher = PART.matcher(text);
        BigDecimal sum = BigDecimal.ZERO;
        while (matcher.find()) {
            long unit = UNITS.getOrDefault(matcher.group(2), 0L);
            sum = sum.add(new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit)));
        }
        return negative ? -sum.longValue() : sum.longValue();
    }

    /** Hours, minutes and seconds, as far as they are needed; {@code 0s} for none. */
    static String format(long nanos) {
        if (nanos == 0) {
            return "0s";
        }
        long size = Math.abs(nanos);
        String sign = nanos < 0 ? "-" : "";
        if (size < SECOND) {
            String unit = size < 1_000 ? "ns" : size < 1_000_000 ? "µs" : "ms";
            return sign + decimal(size, UNITS.getOrDefault(unit, 1L)) + unit;
        }
        long minutes = size / SECOND / 60;
        String seconds = decimal(size % (60 * SECOND), SECOND) + "s";
        if (minutes == 0) {
            return sign + seconds;
        }
        String rest = minutes % 60 + "m" + seconds;
        return sign + (minutes < 60 ? rest : minutes / 60 + "h" + rest);
    }

    private static String decimal(long nanos, long unit) {
        BigDecimal value =
                BigDecimal.valueOf(nanos).divide(BigDecimal.valueOf(unit)).stripTrailingZeros();
        return value.toPlainString();
    }
}
