package io.jarnetes.base.log;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How values are written in lines. */
final class LogValue {

    private LogValue() {}

    static @Nullable Object[] concat(@Nullable Object[] first, @Nullable Object[] second) {
        @Nullable Object[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    /**
     * {@code ,"key":value} for each pair; a key without a value is written as {@code "!MISSING"}.
     */
    static void jsonPairs(StringBuilder line, @Nullable Object[] pairs) {
        for (int i = 0; i < pairs.length; i += 2) {
            line.append(',');
            json(line, String.valueOf(pairs[i]));
            line.append(':');
            json(line, i + 1 < pairs.length ? pairs[i + 1] : "!MISSING");
        }
    }

    static void json(StringBuilder line, @Nullable Object value) {
        switch (value) {
            case null -> line.append("null");
            case Number number -> line.append(number);
            case Boolean flag -> line.append(flag);
            case Duration duration -> quoted(line, duration(duration));
            case Throwable failure -> quoted(line, message(failure));
            case Collection<?> items -> {
                line.append('[');
                String comma = "";
                for (Object item : items) {
                    line.append(comma);
                    json(line, item);
                    comma = ",";
                }
                line.append(']');
            }
            case Map<?, ?> map -> {
                line.append('{');
                String comma = "";
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    line.append(comma);
                    quoted(line, String.valueOf(entry.getKey()));
                    line.append(':');
                    json(line, entry.getValue());
                    comma = ",";
                }
                line.append('}');
            }
            default -> quoted(line, value.toString());
        }
    }

    static void quoted(StringBuilder line, String text) {
        line.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> line.append("\\\"");
                case '\\' -> line.append("\\\\");
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                default -> {
                    if (c < 0x20) {
                        line.append(String.format("\\u%04x", (int) c));
                    } else {
                        line.append(c);
                    }
                }
            }
        }
        line.append('"');
    }

    /** The message of a failure, or its class where it has none; the cause's after a colon. */
    static String message(Throwable failure) {
        String text = failure.getMessage();
        return text == null || text.isEmpty() ? failure.getClass().getSimpleName() : text;
    }

    static String stack(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    /** As Go's time.Duration prints: {@code 1.5s}, {@code 250ms}, {@code 2m0s}. */
    static String duration(Duration value) {
        long nanos = value.toNanos();
        if (nanos == 0) {
            return "0s";
        }
        String sign = nanos < 0 ? "-" : "";
        long abs = Math.abs(nanos);
        if (abs < 1_000) {
            return sign + abs + "ns";
        }
        if (abs < 1_000_000) {
            return sign + fraction(abs, 1_000) + "µs";
        }
        if (abs < 1_000_000_000) {
            return sign + fraction(abs, 1_000_000) + "ms";
        }
        long minutes = abs / 60_000_000_000L;
        String seconds = fraction(abs % 60_000_000_000L, 1_000_000_000) + "s";
        if (minutes == 0) {
            return sign + seconds;
        }
        if (minutes < 60) {
            return sign + minutes + "m" + seconds;
        }
        return sign + minutes / 60 + "h" + minutes % 60 + "m" + seconds;
    }

    private static String fraction(long nanos, long unit) {
        java.math.BigDecimal value =
                java.math.BigDecimal.valueOf(nanos)
                        .divide(java.math.BigDecimal.valueOf(unit))
                        .stripTrailingZeros();
        return value.toPlainString();
    }

    /** One write for the whole line; a log that can't be written is no reason to stop. */
    static void write(OutputStream out, StringBuilder line) {
        byte[] bytes = line.toString().getBytes(StandardCharsets.UTF_8);
        try {
            synchronized (out) {
                out.write(bytes);
                out.flush();
            }
        } catch (IOException e) {
            // Nowhere is left to say it.
        }
    }
}
