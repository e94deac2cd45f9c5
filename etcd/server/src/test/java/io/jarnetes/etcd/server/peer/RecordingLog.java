package io.jarnetes.etcd.server.peer;

import io.jarnetes.base.log.Log;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Keeps its lines, each with its pairs behind the message. */
final class RecordingLog implements Log {
    private final Queue<String> lines;
    private final @Nullable Object[] bound;

    RecordingLog() {
        this(new ConcurrentLinkedQueue<>(), new Object[0]);
    }

    private RecordingLog(Queue<String> lines, @Nullable Object[] bound) {
        this.lines = lines;
        this.bound = bound;
    }

    @Override
    public void log(Level level, String message, @Nullable Object... keysAndValues) {
        lines.add(level + " " + message + " " + Arrays.toString(joined(keysAndValues)));
    }

    private @Nullable Object[] joined(@Nullable Object[] more) {
        return Stream.concat(Arrays.stream(bound), Arrays.stream(more)).toArray();
    }

    @Override
    public boolean enabled(Level level) {
        return true;
    }

    @Override
    public Log with(@Nullable Object... keysAndValues) {
        return new RecordingLog(lines, joined(keysAndValues));
    }

    @Override
    public String toString() {
        return String.join("\n", lines);
    }

    boolean has(String part) {
        return lines.stream().anyMatch(line -> line.contains(part));
    }
}
