package io.jarnetes.apiserver.schema.codec;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Map;

/**
 * An amount of a resource, by the rules of k8s.io/apimachinery/pkg/api/resource.
 *
 * @param value exact, rounded up to a billionth
 * @param format how it was written, which decides how it is written back
 * @param text the canonical form, or what was given where that is accepted as canonical
 */
public record Quantity(BigDecimal value, Format format, String text)
        implements Comparable<Quantity> {
    private static final String WRONG_FORM =
            "quantities must match the regular expression"
                    + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
    private static final String WRONG_SUFFIX = "unable to parse quantity's suffix";
    private static final String SUFFIX_LETTERS = "eEinumkKMGTP";
    private static final Map<String, Integer> DECIMAL =
            Map.of(
                    "n", -9, "u", -6, "m", -3, "", 0, "k", 3, "M", 6, "G", 9, "T", 12, "P", 15, "E",
                    18);
    private static final Map<String, Integer> BINARY =
            Map.of("Ki", 10, "Mi", 20, "Gi", 30, "Ti", 40, "Pi", 50, "Ei", 60);
    private static final BigInteger KIBI = BigInteger.valueOf(1024);
    private static final BigDecimal MAX_BINARY = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final int NANO_DIGITS = 9;
    private static final int MAX_INT64_DIGITS = 18;

    /** The family of suffixes. */
    public enum Format {
        DECIMAL_SI,
        BINARY_SI,
        DECIMAL_EXPONENT
    }

    /** Zero. */
    public static final Quantity ZERO = new Quantity(BigDecimal.ZERO, Format.DECIMAL_SI, "0");

    /** A whole number in decimal form. */
    public static Quantity of(long value) {
        return of(BigDecimal.valueOf(value), Format.DECIMAL_SI);
    }

    /** That value in its canonical form. */
    public static Quantity of(BigDecimal value, Format format) {
        return new Quantity(value, format, canonical(value, format));
    }

    /**
     * Reads {@code 100m}, {@code 1.5Gi}, {@code 1e3}.
     *
     * @throws DecodeException with upstream's text
     */
    public static Quantity parse(String given) throws DecodeException {
        Scan scan = new Scan(given);
        Integer exponent = DECIMAL.get(scan.suffix);
        Format format = Format.DECIMAL_SI;
        if (exponent == null && BINARY.containsKey(scan.suffix)) {
            format = Format.BINARY_SI;
            exponent = BINARY.get(scan.suffix);
        } else if (exponent == null) {
            format = Format.DECIMAL_EXPONENT;
            exponent = exponent(scan.suffix);
        }
        if (exponent == null) {
            throw new DecodeException(WRONG_SUFFIX);
        }
        BigDecimal value = scan.number();
        value =
                format == Format.BINARY_SI
                        ? value.multiply(new BigDecimal(BigInteger.TWO.pow(exponent)))
                        : value.scaleByPowerOfTen(exponent);
        if (scan.keeps(format, exponent)) {
            return new Quantity(value, format, given);
        }
        if (value.scale() > NANO_DIGITS) {
            value = value.setScale(NANO_DIGITS, RoundingMode.UP);
        }
        if (format == Format.BINARY_SI && value.compareTo(MAX_BINARY) > 0) {
            value = MAX_BINARY;
        }
        return of(value, format);
    }

    private static Integer exponent(String suffix) throws DecodeException {
        try {
            if (suffix.length() > 1 && (suffix.charAt(0) == 'e' || suffix.charAt(0) == 'E')) {
                return Integer.valueOf(suffix.substring(1));
            }
        } catch (NumberFormatException e) {
            throw new DecodeException(WRONG_SUFFIX);
        }
        throw new DecodeException(WRONG_SUFFIX);
    }

    private static String canonical(BigDecimal value, Format given) {
        if (value.signum() == 0) {
            return "0";
        }
        boolean binary =
                given == Format.BINARY_SI
                        && value.abs().compareTo(new BigDecimal(KIBI)) >= 0
                        && value.stripTrailingZeros().scale() <= 0;
        return binary
                ? binary(value.toBigIntegerExact())
                : decimal(value, given == Format.BINARY_SI ? Format.DECIMAL_SI : given);
    }

    private static String binary(BigInteger value) {
        BigInteger rest = value;
        int exponent = 0;
        while (rest.mod(KIBI).signum() == 0) {
            rest = rest.divide(KIBI);
            exponent += 10;
        }
        return rest + suffix(BINARY, exponent);
    }

    private static String decimal(BigDecimal value, Format format) {
        BigDecimal stripped = value.stripTrailingZeros();
        int exponent = Math.floorDiv(-stripped.scale(), 3) * 3;
        BigInteger digits = stripped.scaleByPowerOfTen(-exponent).toBigIntegerExact();
        if (format == Format.DECIMAL_EXPONENT) {
            return exponent == 0 ? digits.toString() : digits + "e" + exponent;
        }
        return digits + suffix(DECIMAL, exponent);
    }

    private static String suffix(Map<String, Integer> suffixes, int exponent) {
        return suffixes.entrySet().stream()
                .filter(e -> e.getValue() == exponent)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("");
    }

    /** The sum, in this one's format. */
    public Quantity plus(Quantity other) {
        return of(value.add(other.value), value.signum() == 0 ? other.format : format);
    }

    /** The difference, in this one's format. */
    public Quantity minus(Quantity other) {
        return of(value.subtract(other.value), value.signum() == 0 ? other.format : format);
    }

    /** Rounded up to whole units. */
    public long longValue() {
        return value.setScale(0, RoundingMode.UP).longValue();
    }

    /** Rounded up to thousandths. */
    public long milliValue() {
        return value.scaleByPowerOfTen(3).setScale(0, RoundingMode.UP).longValue();
    }

    @Override
    public int compareTo(Quantity other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return text;
    }

    /** The parts of a quantity's text. */
    private static final class Scan {
        private final String text;
        private final boolean negative;
        private final String num;
        private final String denom;
        private final String suffix;
        private int at;

        Scan(String text) throws DecodeException {
            this.text = text;
            if (text.isEmpty()) {
                throw new DecodeException(WRONG_FORM);
            }
            negative = text.charAt(0) == '-';
            if (negative || text.charAt(0) == '+') {
                at++;
            }
            while (at < text.length() && text.charAt(at) == '0') {
                at++;
            }
            String digits = digits();
            num = digits.isEmpty() ? "0" : digits;
            if (at < text.length() && text.charAt(at) == '.') {
                at++;
                denom = digits();
            } else {
                denom = "";
            }
            int start = at;
            while (at < text.length() && SUFFIX_LETTERS.indexOf(text.charAt(at)) >= 0) {
                at++;
            }
            if (at > start && at < text.length() && "+-".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
            digits();
            if (at < text.length()) {
                throw new DecodeException(WRONG_FORM);
            }
            suffix = text.substring(start);
        }

        private String digits() {
            int start = at;
            while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
                at++;
            }
            return text.substring(start, at);
        }

        BigDecimal number() {
            BigDecimal number = new BigDecimal(new BigInteger(num + denom), denom.length());
            return negative ? number.negate() : number;
        }

        /** Whether Go takes the text as canonical without looking closer. */
        boolean keeps(Format format, int exponent) {
            String shifted = num + denom;
            if (format == Format.BINARY_SI) {
                int precision = 15 - num.length() - exponent * 3 / 10 - 1;
                return denom.isEmpty() && precision >= 0 && (Long.parseLong(shifted) & 7) != 0;
            }
            int scale = exponent - denom.length();
            return shifted.length() <= MAX_INT64_DIGITS
                    && scale >= -NANO_DIGITS
                    && scale % 3 == 0
                    && !shifted.endsWith("000")
                    && shifted.charAt(0) != '0';
        }
    }
}
