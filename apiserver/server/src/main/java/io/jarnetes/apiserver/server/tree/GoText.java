package io.jarnetes.apiserver.server.tree;

import java.math.BigDecimal;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Trees as Go's {@code %v} prints what JSON is decoded to: {@code map[a:1 b:[x y]]}. */
public final class GoText {

    /** From this power of ten on, and below {@link #LEAST_PLAIN}, Go writes an exponent. */
    private static final int FIRST_WITH_EXPONENT = 6;

    private static final int LEAST_PLAIN = -4;

    private GoText() {}

    public static String of(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT ->
                    node.propertyStream()
                            .sorted(Map.Entry.comparingByKey())
                            .map(each -> each.getKey() + ":" + of(each.getValue()))
                            .collect(Collectors.joining(" ", "map[", "]"));
            case ARRAY ->
                    node.valueStream().map(GoText::of).collect(Collectors.joining(" ", "[", "]"));
            case STRING -> node.stringValue();
            case NULL -> "<nil>";
            case NUMBER -> node.isIntegralNumber() ? node.asString() : real(node.asDouble());
            case BOOLEAN, BINARY, MISSING, POJO -> node.asString();
        };
    }

    /** {@code %g}: the fewest digits that mean this number. */
    private static String real(double value) {
        String sign = Double.doubleToRawLongBits(value) < 0 ? "-" : "";
        if (value == 0) {
            return sign + "0";
        }
        BigDecimal exact = new BigDecimal(Double.toString(Math.abs(value))).stripTrailingZeros();
        int exponent = exact.precision() - exact.scale() - 1;
        if (exponent >= LEAST_PLAIN && exponent < FIRST_WITH_EXPONENT) {
            return sign + exact.toPlainString();
        }
        String digits = exact.unscaledValue().toString();
        String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
        return sign
                + digits.charAt(0)
                + fraction
                + (exponent < 0 ? "e-" : "e+")
                + (Math.abs(exponent) < 10 ? "0" : "")
                + Math.abs(exponent);
    }
}
