package io.jarnetes.etcd.raft;

import java.util.ArrayDeque;

/**
 * Appends to one follower that it has not answered, oldest first: the sliding window of flow
 * control.
 */
final class Inflights {
    private record Sent(long lastIndex, long bytes) {}

    private final int maxMessages;
    private final long maxBytes;
    private final ArrayDeque<Sent> window = new ArrayDeque<>();
    private long bytes;

    Inflights(int maxMessages, long maxBytes) {
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
    }

    /** Adds an append whose last entry is {@code lastIndex}; never when {@link #isFull}. */
    void add(long lastIndex, long size) {
        if (isFull()) {
            throw new IllegalStateException("cannot add into a full inflights");
        }
        window.addLast(new Sent(lastIndex, size));
        bytes += size;
    }

    /** Forgets appends that are answered by an acknowledgement of {@code index}. */
    void freeUpTo(long index) {
        for (Sent s = window.peekFirst(); s != null && s.lastIndex <= index; ) {
            window.removeFirst();
            bytes -= s.bytes;
            s = window.peekFirst();
        }
    }

    void reset() {
        window.clear();
        bytes = 0;
    }

    /** The last message may exceed the limit of bytes, else one larger than it could never go. */
    boolean isFull() {
        return window.size() >= maxMessages || bytes >= maxBytes;
    }

    int count() {
        return window.size();
    }
}
