package io.jarnetes.etcd.raft;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A leader's reads that wait for a quorum to confirm that it is still the leader (thesis §6.4).
 * Reads are numbered in order of arrival; a heartbeat carries the number of the last one, and a
 * response confirms all up to it, so that one round serves everything that waits.
 */
final class ReadOnly {
    /** A confirmed or waiting read and the commit index when it arrived. */
    record Read(Message request, long index) {}

    private final ArrayDeque<Read> unconfirmed = new ArrayDeque<>();
    private final Map<Long, Long> acks = new HashMap<>();
    private long confirmed;

    void add(Message request, long commit) {
        unconfirmed.addLast(new Read(request, commit));
    }

    /** What the next heartbeat carries: empty if nothing waits. */
    byte[] heartbeatContext() {
        return unconfirmed.isEmpty() ? Entry.NO_DATA : encode(confirmed + unconfirmed.size());
    }

    /** Notes that a member answered a heartbeat with this context. */
    void ack(long from, byte[] context) {
        if (context.length == Long.BYTES) {
            acks.merge(from, decode(context), Math::max);
        }
    }

    /** Removes and returns the reads that a quorum has confirmed. */
    List<Read> takeConfirmed(Quorum voters) {
        long upTo = voters.committedIndex(id -> acks.getOrDefault(id, 0L));
        List<Read> done = new ArrayList<>();
        while (confirmed < upTo && !unconfirmed.isEmpty()) {
            done.add(unconfirmed.removeFirst());
            confirmed++;
        }
        return done;
    }

    private static byte[] encode(long number) {
        byte[] bytes = new byte[Long.BYTES];
        for (int i = 0; i < Long.BYTES; i++) {
            bytes[i] = (byte) (number >>> (Byte.SIZE * i));
        }
        return bytes;
    }

    private static long decode(byte[] bytes) {
        long number = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            number |= (bytes[i] & 0xFFL) << (Byte.SIZE * i);
        }
        return number;
    }
}
