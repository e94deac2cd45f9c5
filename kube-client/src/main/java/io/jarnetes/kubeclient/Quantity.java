package io.jarnetes.kubeclient;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Amounts as the API writes them: {@code 100m}, {@code 1.5Gi}, {@code 1e3}. */
public final class Quantity {

    private static final Map<String, BigDecimal> SUFFIXES =
            Map.ofEntries(
                    Map.entry("n", new BigDecimal("1e-9")),
                    Map.entry("u", new BigDecimal("1e-6")),
                    Map.entry("m", new BigDecimal("1e-3")),
                    Map.entry("", BigDecimal.ONE),
                    Map.entry("k", new BigDecimal("1e3")),
                    Map.entry("M", new BigDecimal("1e6")),
                    Map.entry("G", new BigDecimal("1e9")),
                    Map.entry("T", new BigDecimal("1e12")),
                    Map.entry("P", new BigDecimal("1e15")),
                    Map.entry("E", new BigDecimal("1e18")),
                    Map.entry("Ki", binary(1)),
                    Map.entry("Mi", binary(2)),
                    Map.entry("Gi", binary(3)),
                    Map.entry("Ti", binary(4)),
                    Map.entry("Pi", binary(5)),
                    Map.entry("Ei", binary(6)));

    private static final String[] DECIMAL = {"", "k", "M", "G", "T", "P", "E"};
    private static final String[] BINARY = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};

    private Quantity() {}

    private static BigDecimal binary(int power) {
        return new BigDecimal(BigInteger.TWO.pow(10 * power));
    }

    /**
     * @throws NumberFormatException if it is no quantity
     */
    public static BigDecimal parse(String text) {
        int end = text.length();
        while (end > 0 && Character.isLetter(text.charAt(end - 1))) {
            end--;
        }
        BigDecimal unit = SUFFIXES.get(text.substring(end));
        if (unit == null) {
            // 1e3 and 1E3 end in a digit; a letter that is no suffix is an error here.
            throw new NumberFormatException("unknown suffix: " + text);
        }
        return new BigDecimal(text.substring(0, end)).multiply(unit);
    }

    /** 0 where it is missing or no quantity. */
    public static BigDecimal of(JsonNode node) {
        String text = Json.text(node);
        try {
            return text.isEmpty() ? BigDecimal.ZERO : parse(text);
        } catch (NumberFormatException e) {
            return BigDecimal.ZERO;
        }
    }

    /** Whole units, rounded up. */
    public static long value(JsonNode node) {
        return of(node).setScale(0, RoundingMode.CEILING).longValue();
    }

    /** Thousandths, rounded up. */
    public static long milli(JsonNode node) {
        return of(node).movePointRight(3).setScale(0, RoundingMode.CEILING).longValue();
    }

    /**
     * The canonical text: the largest suffix that leaves a whole number.
     *
     * @param binary whether suffixes are powers of 1024
     */
    public static String text(BigDecimal amount, boolean binary) {
        if (amount.signum() == 0) {
            return "0";
        }
        BigDecimal plain = amount.setScale(9, RoundingMode.CEILING).stripTrailingZeros();
        if (plain.scale() > 0) {
            for (int i = 1; i <= 3; i++) {
                if (plain.scale() <= 3 * i) {
                    return plain.movePointRight(3 * i).toBigInteger()
                            + new String[] {"m", "u", "n"}[i - 1];
                }
            }
        }
        return whole(plain.toBigInteger(), BigInteger.valueOf(binary ? 1024 : 1000), binary);
    }

    private static String whole(BigInteger number, BigInteger base, boolean binary) {
        BigInteger rest = number;
        int power = 0;
        while (power < 6 && rest.mod(base).signum() == 0) {
            rest = rest.divide(base);
            power++;
        }
        return rest + (binary ? BINARY : DECIMAL)[power];
    }

    /** Whether a text's suffix is a power of 1024. */
    public static boolean isBinary(String text) {
        return text.endsWith("i");
    }
}
