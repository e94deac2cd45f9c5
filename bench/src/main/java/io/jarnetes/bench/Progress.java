package io.jarnetes.bench;

import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/** Says on standard error what goes on, since a whole area takes minutes. */
final class Progress {
    private Progress() {}

    static void say(String what) {
        long millis = ManagementFactory.getRuntimeMXBean().getUptime();
        System.err.println(TimeUnit.MILLISECONDS.toSeconds(millis) + " s: " + what);
    }
}
