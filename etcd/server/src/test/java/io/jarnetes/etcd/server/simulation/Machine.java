package io.jarnetes.etcd.server.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A state machine that can be looked through: the last command on each key, and at what index. */
final class Machine {
    private final TreeMap<String, String> values = new TreeMap<>();
    private long index;

    long index() {
        return index;
    }

    /** Applies {@code key=value}; empty commands change nothing but the index. */
    void apply(long at, String command) {
        if (at != index + 1) {
            throw new AssertionError("applies " + at + " after " + index);
        }
        index = at;
        int equals = command.indexOf('=');
        if (equals > 0) {
            values.put(command.substring(0, equals), command.substring(equals + 1));
        }
    }

    /** An index whose entry concerns the configuration only. */
    void skip(long at) {
        apply(at, "");
    }

    @Nullable String value(String key) {
        return values.get(key);
    }

    Machine copy() {
        Machine m = new Machine();
        m.index = index;
        m.values.putAll(values);
        return m;
    }

    byte[] encode() {
        StringBuilder s = new StringBuilder().append(index).append('\n');
        for (Map.Entry<String, String> e : values.entrySet()) {
            s.append(e.getKey()).append('=').append(e.getValue()).append('\n');
        }
        return s.toString().getBytes(UTF_8);
    }

    static Machine decode(byte[] bytes) {
        Machine m = new Machine();
        String[] lines = new String(bytes, UTF_8).split("\n");
        m.index = Long.parseLong(lines[0]);
        for (int i = 1; i < lines.length; i++) {
            int equals = lines[i].indexOf('=');
            m.values.put(lines[i].substring(0, equals), lines[i].substring(equals + 1));
        }
        return m;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Machine m && index == m.index && values.equals(m.values);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(index) * 31 + values.hashCode();
    }
}
