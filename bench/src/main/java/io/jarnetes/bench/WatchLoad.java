package io.jarnetes.bench;

import com.google.protobuf.ByteString;
import io.grpc.stub.StreamObserver;
import io.jarnetes.etcd.proto.etcdserverpb.WatchCreateRequest;
import io.jarnetes.etcd.proto.etcdserverpb.WatchGrpc;
import io.jarnetes.etcd.proto.etcdserverpb.WatchRequest;
import io.jarnetes.etcd.proto.etcdserverpb.WatchResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Watchers of all keys, each on a stream of its own, and puts for them: each put that all have seen
 * is followed by the next, so the events that are on their way stay bounded. Counts events.
 */
final class WatchLoad implements AutoCloseable {
    private static final int PUTS_UNDER_WAY = 64;
    private static final long WAIT_SECONDS = 30;

    private final Connections connections;
    private final int watchers;
    private final AtomicLong delivered = new AtomicLong();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final List<StreamObserver<WatchRequest>> streams = new ArrayList<>();
    private final Workload put = Workload.put();
    private final SplittableRandom random = new SplittableRandom(7);
    private volatile boolean stopping;

    private WatchLoad(Connections connections, int watchers) {
        this.connections = connections;
        this.watchers = watchers;
    }

    static WatchLoad start(Connections connections, int watchers) throws InterruptedException {
        WatchLoad load = new WatchLoad(connections, watchers);
        CountDownLatch created = new CountDownLatch(watchers);
        for (int i = 0; i < watchers; i++) {
            load.watch(i, created);
        }
        if (!created.await(WAIT_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("watchers were not made");
        }
        for (int i = 0; i < PUTS_UNDER_WAY; i++) {
            load.put();
        }
        return load;
    }

    private void watch(int number, CountDownLatch created) {
        StreamObserver<WatchRequest> requests =
                WatchGrpc.newStub(connections.get(number)).watch(new Watcher(created));
        ByteString all = ByteString.copyFrom(new byte[1]);
        requests.onNext(
                WatchRequest.newBuilder()
                        .setCreateRequest(
                                WatchCreateRequest.newBuilder().setKey(all).setRangeEnd(all))
                        .build());
        streams.add(requests);
    }

    private void put() {
        if (stopping) {
            return;
        }
        SplittableRandom mine;
        synchronized (random) {
            mine = random.split();
        }
        put.start(
                connections.get(mine.nextInt(connections.size())),
                mine,
                (response, failed) -> {
                    if (failed != null && !stopping) {
                        failure.compareAndSet(null, failed.asRuntimeException());
                    }
                });
    }

    /** As {@link Load#measure}, of events; there are no latencies. */
    Sample measure(long millis, DoubleSupplier cpuMicros) throws InterruptedException {
        double cpu = cpuMicros.getAsDouble();
        long before = delivered.get();
        long start = System.nanoTime();
        TimeUnit.MILLISECONDS.sleep(millis);
        long events = delivered.get() - before;
        long nanos = System.nanoTime() - start;
        double cpuUsed = cpuMicros.getAsDouble() - cpu;
        close();
        Throwable failed = failure.get();
        if (failed != null || events == 0) {
            throw new IllegalStateException("a watch failed, or no event came", failed);
        }
        return new Sample(events * 1e9 / nanos, 0, 0, 0, cpuUsed / events);
    }

    @Override
    public void close() {
        if (stopping) {
            return;
        }
        stopping = true;
        streams.forEach(StreamObserver::onCompleted);
    }

    private final class Watcher implements StreamObserver<WatchResponse> {
        private final CountDownLatch created;

        Watcher(CountDownLatch created) {
            this.created = created;
        }

        @Override
        public void onNext(WatchResponse response) {
            if (response.getCreated()) {
                created.countDown();
            }
            int events = response.getEventsCount();
            if (events > 0) {
                long now = delivered.addAndGet(events);
                for (long n = (now - events) / watchers; n < now / watchers; n++) {
                    put();
                }
            }
        }

        @Override
        public void onError(Throwable failed) {
            if (!stopping) {
                failure.compareAndSet(null, failed);
            }
        }

        @Override
        public void onCompleted() {}
    }
}
