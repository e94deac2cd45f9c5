package io.jarnetes.base.log;

import java.io.OutputStream;
import java.time.Clock;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The kube programs' log: klog's text lines, {@code I0102 15:04:05.000000 1 file.go:1] "message"
 * key="value"}, or one JSON object a line ({@code --logging-format=json}).
 *
 * <p>klog's verbosity stands in {@link Level#DEBUG}: written when {@code -v} is 2 or more.
 */
public final class KlogLog implements Log {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("MMdd HH:mm:ss.SSSSSS", Locale.ROOT);

    private final OutputStream out;
    private final boolean json;
    private final int verbosity;
    private final Clock clock;
    private final String caller;
    private final @Nullable Object[] bound;

    /**
     * @param out where lines go; every line is one write
     * @param json JSON instead of text
     * @param verbosity the value of {@code -v}
     * @param caller what stands before the {@code ]}, such as {@code controller.go:1}
     */
    public KlogLog(OutputStream out, boolean json, int verbosity, String caller) {
        this(out, json, verbosity, Clock.systemUTC(), caller, new Object[0]);
    }

    KlogLog(
            OutputStream out,
            boolean json,
            int verbosity,
            Clock clock,
            String caller,
            @Nullable Object[] bound) {
        this.out = out;
        this.json = json;
        this.verbosity = verbosity;
        this.clock = clock;
        this.caller = caller;
        this.bound = bound;
    }

    /** The same log with another caller. */
    public KlogLog named(String name) {
        return new KlogLog(out, json, verbosity, clock, name, bound);
    }

    @Override
    public void log(Level level, String message, @Nullable Object... keysAndValues) {
        if (!enabled(level)) {
            return;
        }
        StringBuilder line = new StringBuilder(160);
        if (json) {
            json(line, level, message, keysAndValues);
        } else {
            text(line, level, message, keysAndValues);
        }
        LogValue.write(out, line);
    }

    private void text(StringBuilder line, Level level, String message, @Nullable Object[] pairs) {
        line.append(level == Level.DEBUG ? 'I' : level.name().charAt(0));
        line.append(TIME.format(clock.instant().atZone(ZoneId.systemDefault())));
        line.append(String.format(" %7d ", ProcessHandle.current().pid()));
        line.append(caller).append("] ");
        LogValue.quoted(line, message);
        textPairs(line, bound);
        textPairs(line, pairs);
        line.append('\n');
    }

    private static void textPairs(StringBuilder line, @Nullable Object[] pairs) {
        for (int i = 0; i < pairs.length; i += 2) {
            Object value = i + 1 < pairs.length ? pairs[i + 1] : "(MISSING)";
            line.append(' ').append(pairs[i]).append('=');
            LogValue.json(line, value);
        }
    }

    private void json(StringBuilder line, Level level, String message, @Nullable Object[] pairs) {
        boolean problem = level.compareTo(Level.ERROR) >= 0;
        line.append("{\"ts\":").append(clock.instant().toEpochMilli()).append(".0");
        line.append(",\"caller\":");
        LogValue.json(line, caller);
        line.append(",\"msg\":");
        LogValue.json(line, message);
        if (!problem) {
            line.append(",\"v\":").append(level == Level.DEBUG ? 2 : 0);
        }
        LogValue.jsonPairs(line, bound);
        LogValue.jsonPairs(line, pairs);
        line.append("}\n");
    }

    @Override
    public boolean enabled(Level level) {
        return level != Level.DEBUG || verbosity >= 2;
    }

    @Override
    public Log with(@Nullable Object... keysAndValues) {
        return new KlogLog(
                out, json, verbosity, clock, caller, LogValue.concat(bound, keysAndValues));
    }
}
