package io.jarnetes.base.log;

import org.jspecify.annotations.Nullable;

/**
 * A structured log: a message and pairs of key and value. Handed over by constructor, never looked
 * up, so that two instances of a program in one JVM write to their own files.
 *
 * <p>{@link ZapLog} writes etcd's JSON lines, {@link KlogLog} the kube programs' text or JSON.
 * Values may be any object; strings, numbers, booleans, durations, collections of them and
 * throwables are written as upstream writes them. Secrets and keys are never handed to a log.
 */
public interface Log {

    /** Severity, in rising order. */
    enum Level {
        DEBUG,
        INFO,
        WARN,
        ERROR,
        FATAL
    }

    /**
     * Writes one line.
     *
     * @param keysAndValues key, value, key, value ...
     */
    void log(Level level, String message, @Nullable Object... keysAndValues);

    /** Whether a line of this level would be written. */
    boolean enabled(Level level);

    /** A log that adds these pairs to every line. */
    Log with(@Nullable Object... keysAndValues);

    default void debug(String message, @Nullable Object... keysAndValues) {
        log(Level.DEBUG, message, keysAndValues);
    }

    default void info(String message, @Nullable Object... keysAndValues) {
        log(Level.INFO, message, keysAndValues);
    }

    default void warn(String message, @Nullable Object... keysAndValues) {
        log(Level.WARN, message, keysAndValues);
    }

    default void error(String message, @Nullable Object... keysAndValues) {
        log(Level.ERROR, message, keysAndValues);
    }

    /** A log that drops everything. */
    static Log none() {
        return NoLog.INSTANCE;
    }
}
