package io.jarnetes.base.log;

import java.io.OutputStream;
import java.time.Clock;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The log of etcd's tools: time, level, caller and message between tabs, then the pairs as one JSON
 * object, as go.uber.org/zap's console encoder writes them.
 */
public final class ConsoleLog implements Log {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssXXX", Locale.ROOT);

    private final OutputStream out;
    private final Clock clock;
    private final ZoneId zone;
    private final String caller;
    private final @Nullable Object[] bound;

    /**
     * @param out where lines go; every line is one write
     * @param caller what stands behind the level, such as {@code backend/backend.go:1}
     */
    public ConsoleLog(OutputStream out, String caller) {
        this(out, Clock.systemUTC(), ZoneId.systemDefault(), caller, new Object[0]);
    }

    ConsoleLog(
            OutputStream out, Clock clock, ZoneId zone, String caller, @Nullable Object[] bound) {
        this.out = out;
        this.clock = clock;
        this.zone = zone;
        this.caller = caller;
        this.bound = bound;
    }

    @Override
    public void log(Level level, String message, @Nullable Object... keysAndValues) {
        if (!enabled(level)) {
            return;
        }
        StringBuilder line = new StringBuilder(200);
        line.append(TIME.format(clock.instant().truncatedTo(ChronoUnit.SECONDS).atZone(zone)));
        line.append('\t').append(level.name().toLowerCase(Locale.ROOT));
        line.append('\t').append(caller).append('\t').append(message);
        pairs(line, LogValue.concat(bound, keysAndValues));
        LogValue.write(out, line.append('\n'));
    }

    private static void pairs(StringBuilder line, @Nullable Object[] pairs) {
        String before = "\t{";
        for (int i = 0; i + 1 < pairs.length; i += 2) {
            line.append(before);
            LogValue.json(line, String.valueOf(pairs[i]));
            line.append(": ");
            LogValue.json(line, pairs[i + 1]);
            before = ", ";
        }
        if (pairs.length > 1) {
            line.append('}');
        }
    }

    @Override
    public boolean enabled(Level level) {
        return level.compareTo(Level.INFO) >= 0;
    }

    @Override
    public Log with(@Nullable Object... keysAndValues) {
        return new ConsoleLog(out, clock, zone, caller, LogValue.concat(bound, keysAndValues));
    }
}
