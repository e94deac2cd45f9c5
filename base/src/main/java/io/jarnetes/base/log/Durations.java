package io.jarnetes.base.log;

import java.time.Duration;

/** Durations as Go's {@code time.Duration} prints them. */
public final class Durations {

    private Durations() {}

    /** {@code 1.5s}, {@code 250ms}, {@code 2m0s}. */
    public static String text(Duration value) {
        return LogValue.duration(value);
    }
}
