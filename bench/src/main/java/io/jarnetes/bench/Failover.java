package io.jarnetes.bench;

import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** From the leader's death by {@code kill -9} to the next put that a survivor acknowledges. */
final class Failover {
    private static final int ROUNDS = 7;
    private static final long LONGEST_SECONDS = 60;
    private static final long EVERY_MILLIS = 5;

    private final Figures figures;
    private final EventLoopGroup loops;

    Failover(Figures figures, EventLoopGroup loops) {
        this.figures = figures;
        this.loops = loops;
    }

    void run(String prefix, Fleet a, Fleet b) throws IOException, InterruptedException {
        for (int round = 0; round < ROUNDS; round++) {
            figures.add(prefix + ".failover", "ms", true, once(a));
            figures.add(prefix + ".failover", "ms", false, once(b));
        }
    }

    private double once(Fleet fleet) throws IOException, InterruptedException {
        int leader = fleet.leader();
        List<Integer> others = new ArrayList<>(fleet.ports());
        others.remove(leader);
        double millis;
        try (Connections survivors = new Connections(loops, others, others.size())) {
            // The connections stand before the leader falls.
            Load.run(Workload.put(), survivors, 20, 1000);
            fleet.kill(leader);
            millis = untilAcknowledged(survivors);
        }
        fleet.launch(leader);
        fleet.awaitPut();
        return millis;
    }

    private static double untilAcknowledged(Connections survivors) throws InterruptedException {
        long start = System.nanoTime();
        CompletableFuture<Long> acknowledged = new CompletableFuture<>();
        SplittableRandom random = new SplittableRandom();
        long deadline = start + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
        while (System.nanoTime() < deadline) {
            for (int i = 0; i < survivors.size(); i++) {
                Workload.put()
                        .start(
                                survivors.get(i),
                                random,
                                (response, failed) -> {
                                    if (failed == null) {
                                        acknowledged.complete(System.nanoTime());
                                    }
                                });
            }
            try {
                return (acknowledged.get(EVERY_MILLIS, TimeUnit.MILLISECONDS) - start) / 1e6;
            } catch (TimeoutException e) {
                // Not yet: ask again.
            } catch (ExecutionException e) {
                throw new CompletionException(e);
            }
        }
        throw new IllegalStateException("no put was acknowledged within a minute");
    }
}
