package io.jarnetes.etcd.ctl.exchange;

import static io.jarnetes.etcd.ctl.exchange.Hand.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.StatusRuntimeException;
import io.jarnetes.etcd.proto.etcdserverpb.RangeRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Writers that go on until their server is gone, and know which writes were acknowledged. */
final class Burst {
    private static final int WRITERS = 4;

    private final Map<String, Long> acknowledged = new ConcurrentHashMap<>();
    private final AtomicInteger last = new AtomicInteger();
    private final List<Thread> writers = new ArrayList<>();

    /** Writes until {@code server} is killed, after {@code enough} writes. */
    static Burst until(Server server, Hand hand, int enough) {
        Burst burst = new Burst();
        for (int i = 0; i < WRITERS; i++) {
            burst.writers.add(Thread.ofVirtual().start(() -> burst.write(hand)));
        }
        server.until("writes of a burst", () -> burst.acknowledged.size() >= enough);
        server.end(true);
        burst.writers.forEach(Burst::join);
        return burst;
    }

    private void write(Hand hand) {
        try {
            while (true) {
                String key = Contents.BURST + last.incrementAndGet();
                acknowledged.put(key, hand.put(key, utf8(key), 0));
            }
        } catch (StatusRuntimeException _) {
            // The server is gone.
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Every acknowledged write is there, at its revision. */
    void assertKept(Hand hand) {
        var found =
                hand.kv()
                        .range(
                                RangeRequest.newBuilder()
                                        .setKey(utf8(Contents.BURST))
                                        .setRangeEnd(utf8("burst0"))
                                        .build());
        Map<String, Long> revisions = new ConcurrentHashMap<>();
        found.getKvsList()
                .forEach(kv -> revisions.put(kv.getKey().toStringUtf8(), kv.getModRevision()));
        assertThat(revisions).containsAllEntriesOf(acknowledged);
    }
}
