package io.jarnetes.etcd.ctl.exchange;

import static io.jarnetes.etcd.ctl.exchange.Hand.utf8;

import io.jarnetes.etcd.proto.etcdserverpb.RangeRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Writers that go on until they are stopped. */
final class Load {
    private static final int WRITERS = 8;
    private static final String PREFIX = "load/";

    private final Map<String, Long> acknowledged = new ConcurrentHashMap<>();
    private final AtomicInteger last = new AtomicInteger();
    private final List<Thread> writers = new ArrayList<>();
    private volatile boolean stopped;

    static Load start(Hand hand) {
        Load load = new Load();
        for (int i = 0; i < WRITERS; i++) {
            load.writers.add(Thread.ofVirtual().start(() -> load.write(hand)));
        }
        return load;
    }

    private void write(Hand hand) {
        while (!stopped) {
            String key = PREFIX + last.incrementAndGet();
            acknowledged.put(key, hand.put(key, utf8(key.repeat(20)), 0));
        }
    }

    /** Keys and revisions. */
    Map<String, Long> acknowledged() {
        return acknowledged;
    }

    void stop() {
        stopped = true;
        for (Thread writer : writers) {
            try {
                writer.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    /** The keys that a member has. */
    List<String> found(Hand hand) {
        return hand
                .kv()
                .range(
                        RangeRequest.newBuilder()
                                .setKey(utf8(PREFIX))
                                .setRangeEnd(utf8("load0"))
                                .setKeysOnly(true)
                                .build())
                .getKvsList()
                .stream()
                .map(kv -> kv.getKey().toStringUtf8())
                .toList();
    }
}
