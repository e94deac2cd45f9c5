package io.jarnetes.base.log;

import java.io.OutputStream;
import java.time.Clock;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * etcd's log: one JSON object a line with {@code level}, {@code ts}, {@code caller}, {@code msg}
 * and then the pairs, as go.uber.org/zap's production encoder writes them.
 */
public final class ZapLog implements Log {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSXX", Locale.ROOT);

    private final OutputStream out;
    private final Level least;
    private final Clock clock;
    private final ZoneId zone;
    private final String caller;
    private final @Nullable Object[] bound;

    /**
     * @param out where lines go; every line is one write
     * @param least lines below it are dropped
     * @param caller what stands in {@code caller}, such as {@code etcdserver}
     */
    public ZapLog(OutputStream out, Level least, String caller) {
        this(out, least, Clock.systemUTC(), ZoneId.systemDefault(), caller, new Object[0]);
    }

    ZapLog(
            OutputStream out,
            Level least,
            Clock clock,
            ZoneId zone,
            String caller,
            @Nullable Object[] bound) {
        this.out = out;
        this.least = least;
        this.clock = clock;
        this.zone = zone;
        this.caller = caller;
        this.bound = bound;
    }

    /** The same log with another {@code caller}, as upstream names a package and file. */
    public ZapLog named(String name) {
        return new ZapLog(out, least, clock, zone, name, bound);
    }

    @Override
    public void log(Level level, String message, @Nullable Object... keysAndValues) {
        if (!enabled(level)) {
            return;
        }
        StringBuilder line = new StringBuilder(200);
        line.append("{\"level\":\"").append(level.name().toLowerCase(Locale.ROOT));
        line.append("\",\"ts\":\"").append(TIME.format(clock.instant().atZone(zone)));
        line.append("\",\"caller\":");
        LogValue.json(line, caller);
        line.append(",\"msg\":");
        LogValue.json(line, message);
        LogValue.jsonPairs(line, bound);
        LogValue.jsonPairs(line, keysAndValues);
        line.append("}\n");
        LogValue.write(out, line);
    }

    @Override
    public boolean enabled(Level level) {
        return level.compareTo(least) >= 0;
    }

    @Override
    public Log with(@Nullable Object... keysAndValues) {
        return new ZapLog(out, least, clock, zone, caller, LogValue.concat(bound, keysAndValues));
    }
}
