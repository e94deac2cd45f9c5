package io.jarnetes.base.log;

import org.jspecify.annotations.Nullable;

/** Drops everything. */
enum NoLog implements Log {
    INSTANCE;

    @Override
    public void log(Level level, String message, @Nullable Object... keysAndValues) {}

    @Override
    public boolean enabled(Level level) {
        return false;
    }

    @Override
    public Log with(@Nullable Object... keysAndValues) {
        return this;
    }
}
