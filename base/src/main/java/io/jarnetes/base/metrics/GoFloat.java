package io.jarnetes.base.metrics;

import java.math.BigDecimal;

/** Numbers as Go's {@code strconv.FormatFloat(v, 'g', -1, 64)} writes them. */
final class GoFloat {

    private GoFloat() {}

    static String text(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        if (value == 0) {
            return "0";
        }
        BigDecimal exact = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        String digits = exact.unscaledValue().abs().toString();
        int exponent = digits.length() - 1 - exact.scale();
        if (exponent >= -4 && exponent < 21) {
            return exact.toPlainString();
        }
        String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
        String sign = exponent < 0 ? "-" : "+";
        int size = Math.abs(exponent);
        return (value < 0 ? "-" : "")
                + digits.charAt(0)
                + fraction
                + "e"
                + sign
                + (size < 10 ? "0" : "")
                + size;
    }
}
