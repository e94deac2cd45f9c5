package io.jarnetes.etcd.server.peer;

import io.jarnetes.etcd.raft.Message;
import io.jarnetes.etcd.raft.MessageType;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many messages of each peer may wait for the raft thread: as upstream, so many proposals and
 * so many others. One more is dropped, as the network may do; raft sends again what matters. Any
 * thread.
 */
public final class ReceiveBuffers {
    /** Of each peer and of each sort. */
    public static final int SIZE = 4096;

    private final Map<Buffer, AtomicInteger> waiting = new ConcurrentHashMap<>();

    private record Buffer(long peer, boolean proposals) {}

    private AtomicInteger of(Message message) {
        return waiting.computeIfAbsent(
                new Buffer(message.from(), message.type() == MessageType.MSG_PROP),
                buffer -> new AtomicInteger());
    }

    /**
     * Takes a place for a message.
     *
     * @throws ReceiveBufferFullException if there is none
     */
    public void enter(Message message) {
        AtomicInteger count = of(message);
        if (count.incrementAndGet() > SIZE) {
            count.decrementAndGet();
            throw new ReceiveBufferFullException(message.from());
        }
    }

    /** Gives the place of a message back that the raft thread takes. */
    public void leave(Message message) {
        of(message).decrementAndGet();
    }
}
