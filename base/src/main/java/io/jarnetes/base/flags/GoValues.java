package io.jarnetes.base.flags;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Values as Go's strconv and time packages read and write them, with their error texts. */
public final class GoValues {

    private static final Pattern PART = Pattern.compile("([0-9]*\\.?[0-9]*)(ns|us|µs|μs|ms|s|m|h)");
    private static final Pattern LOOSE_PART = Pattern.compile("([0-9]*\\.?[0-9]*)([^0-9.]*)");
    private static final Map<String, Long> UNIT_NANOS =
            Map.of(
                    "ns",
                    1L,
                    "us",
                    1_000L,
                    "µs",
                    1_000L,
                    "μs",
                    1_000L,
                    "ms",
                    1_000_000L,
                    "s",
                    1_000_000_000L,
                    "m",
                    60_000_000_000L,
                    "h",
                    3_600_000_000_000L);

    private GoValues() {}

    static boolean bool(String word) {
        return switch (word) {
            case "1", "t", "T", "TRUE", "true", "True" -> true;
            case "0", "f", "F", "FALSE", "false", "False" -> false;
            default -> throw syntax("ParseBool", word);
        };
    }

    static long integer(String word, int bits) {
        String digits = word.replace("_", "");
        boolean negative = digits.startsWith("-");
        String bare = negative || digits.startsWith("+") ? digits.substring(1) : digits;
        int radix = 10;
        if (bare.startsWith("0x") || bare.startsWith("0X")) {
            radix = 16;
            bare = bare.substring(2);
        }
        if (!bare.matches(radix == 16 ? "[0-9a-fA-F]+" : "[0-9]+")) {
            throw syntax("ParseInt", word);
        }
        java.math.BigInteger value = new java.math.BigInteger((negative ? "-" : "") + bare, radix);
        if (value.bitLength() >= bits) {
            throw new IllegalArgumentException(
                    "strconv.ParseInt: parsing \"" + word + "\": value out of range");
        }
        return value.longValueExact();
    }

    static long unsigned(String word) {
        if (!word.matches("[0-9]+")) {
            throw syntax("ParseUint", word);
        }
        try {
            return Long.parseUnsignedLong(word);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "strconv.ParseUint: parsing \"" + word + "\": value out of range", e);
        }
    }

    static double number(String word) {
        try {
            return Double.parseDouble(word);
        } catch (NumberFormatException e) {
            throw syntax("ParseFloat", word);
        }
    }

    /**
     * Go's {@code time.ParseDuration}.
     *
     * @throws IllegalArgumentException with Go's text
     */
    public static Duration duration(String word) {
        String rest = word;
        boolean negative = rest.startsWith("-");
        if (negative || rest.startsWith("+")) {
            rest = rest.substring(1);
        }
        if (rest.equals("0")) {
            return Duration.ZERO;
        }
        Matcher part = PART.matcher(rest);
        BigDecimal nanos = BigDecimal.ZERO;
        int at = 0;
        while (at < rest.length() && part.find(at) && part.start() == at) {
            String number = part.group(1);
            if (number.isEmpty() || number.equals(".")) {
                break;
            }
            Long unit = UNIT_NANOS.get(part.group(2));
            nanos =
                    nanos.add(
                            new BigDecimal(number)
                                    .multiply(BigDecimal.valueOf(unit == null ? 0 : unit)));
            at = part.end();
        }
        if (rest.isEmpty() || at < rest.length()) {
            throw new IllegalArgumentException(complaint(rest) + " \"" + word + "\"");
        }
        long value = nanos.longValue();
        return Duration.ofNanos(negative ? -value : value);
    }

    /** What Go finds first. */
    private static String complaint(String text) {
        Matcher part = LOOSE_PART.matcher(text);
        int at = 0;
        while (at < text.length() && part.find(at)) {
            if (part.group(1).matches("\\.?")) {
                break;
            }
            String unit = part.group(2);
            if (unit.isEmpty()) {
                return "time: missing unit in duration";
            }
            if (!UNIT_NANOS.containsKey(unit)) {
                return "time: unknown unit \"" + unit + "\" in duration";
            }
            at = part.end();
        }
        return "time: invalid duration";
    }

    /** Go's text of a duration: {@code 1m30s}, {@code 1.5s}, {@code 100ms}. */
    public static String text(Duration value) {
        return io.jarnetes.base.log.Durations.text(value);
    }

    static Map<String, String> pairs(String word) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String pair : word.split(",")) {
            if (pair.isEmpty()) {
                continue;
            }
            int at = pair.indexOf('=');
            if (at < 0) {
                throw new IllegalArgumentException("malformed pair, expect string=string");
            }
            pairs.put(pair.substring(0, at).strip(), pair.substring(at + 1).strip());
        }
        return pairs;
    }

    private static IllegalArgumentException syntax(String function, String word) {
        return new IllegalArgumentException(
                "strconv." + function + ": parsing \"" + word + "\": invalid syntax");
    }
}
