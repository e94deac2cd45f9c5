package io.jarnetes.etcd.server.peer;

import io.jarnetes.base.log.Log;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** Keeps its lines, each with its pairs behind the message. */
final class RecordingLog implements Log {
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();

    @Override
    public void log(Level level, String message, @Nullable Object... keysAndValues) {
        lines.add(level + " " + message + " " + Arrays.toString(keysAndValues));
    }

    @Override
    public boolean enabled(Level level) {
        return true;
    }

    @Override
    public Log with(@Nullable Object... keysAndValues) {
        return this;
    }

    @Override
    public String toString() {
        return String.join("\n", lines);
    }

    boolean has(String part) {
        return lines.stream().anyMatch(line -> line.contains(part));
    }
}
