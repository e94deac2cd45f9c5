package io.jarnetes.bench;

import io.grpc.ManagedChannel;
import io.grpc.Status;
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
 * Clients that each begin an operation when their last one has ended, on connections that they
 * share. A failed operation fails the measurement.
 */
final class Load implements AutoCloseable {
    private static final long END_SECONDS = 30;

    private final Workload workload;
    private final List<Client> clients = new ArrayList<>();
    private final List<Histogram> histograms = new ArrayList<>();
    private final AtomicReference<@Nullable Status> failure = new AtomicReference<>();
    private final CountDownLatch ended;
    private final AtomicLong left;
    private volatile boolean measuring;
    private volatile boolean stopping;

    private Load(Workload workload, Connections connections, int clientCount, long operations) {
        this.workload = workload;
        this.ended = new CountDownLatch(clientCount);
        this.left = new AtomicLong(operations);
        // A connection belongs to one event loop, so its clients may share a histogram.
        for (int i = 0; i < connections.size(); i++) {
            histograms.add(new Histogram());
        }
        for (int i = 0; i < clientCount; i++) {
            int connection = i % connections.size();
            clients.add(
                    new Client(
                            connections.get(connection),
                            new SplittableRandom(i),
                            histograms.get(connection)));
        }
    }

    static Load start(Workload workload, Connections connections, int clients) {
        Load load = new Load(workload, connections, clients, Long.MAX_VALUE);
        load.clients.forEach(Client::begin);
        return load;
    }

    /** Does so many operations and waits for their end. */
    static void run(Workload workload, Connections connections, int clients, long operations)
            throws InterruptedException {
        Load load = new Load(workload, connections, clients, operations);
        load.clients.forEach(Client::begin);
        load.ended.await();
        load.requireNoFailure();
    }

    /** What goes on while is measured. */
    interface Stretch {
        void run() throws InterruptedException;
    }

    /** Measures a stretch of time and ends the load. */
    Sample measure(long millis, DoubleSupplier cpuMicros) throws InterruptedException {
        return measure(() -> TimeUnit.MILLISECONDS.sleep(millis), cpuMicros);
    }

    /**
     * Measures as long as something else goes on, and ends the load.
     *
     * @param cpuMicros the servers' CPU since their start
     */
    Sample measure(Stretch stretch, DoubleSupplier cpuMicros) throws InterruptedException {
        double cpu = cpuMicros.getAsDouble();
        long start = System.nanoTime();
        measuring = true;
        stretch.run();
        measuring = false;
        long nanos = System.nanoTime() - start;
        double cpuUsed = cpuMicros.getAsDouble() - cpu;
        close();
        Histogram all = Histogram.sum(histograms);
        if (all.total() == 0) {
            throw new IllegalStateException(
                    "no operation ended within " + nanos / 1_000_000 + " ms");
        }
        return new Sample(
                all.total() * 1e9 / nanos,
                all.percentile(50),
                all.percentile(99),
                all.percentile(100),
                cpuUsed / all.total());
    }

    /** Lets what has begun end. */
    @Override
    public void close() throws InterruptedException {
        stopping = true;
        if (!ended.await(END_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("operations do not end");
        }
        requireNoFailure();
    }

    private void requireNoFailure() {
        Status status = failure.get();
        if (status != null) {
            throw new IllegalStateException("an operation failed: " + status);
        }
    }

    private final class Client {
        private final ManagedChannel channel;
        private final SplittableRandom random;
        private final Histogram histogram;
        private long began;

        Client(ManagedChannel channel, SplittableRandom random, Histogram histogram) {
            this.channel = channel;
            this.random = random;
            this.histogram = histogram;
        }

        void begin() {
            if (stopping || failure.get() != null || left.getAndDecrement() <= 0) {
                ended.countDown();
                return;
            }
            began = System.nanoTime();
            workload.start(channel, random, this::done);
        }

        private void done(byte[] response, @Nullable Status failed) {
            if (failed != null) {
                failure.compareAndSet(null, failed);
            } else if (measuring) {
                histogram.add(System.nanoTime() - began);
            }
            begin();
        }
    }
}
