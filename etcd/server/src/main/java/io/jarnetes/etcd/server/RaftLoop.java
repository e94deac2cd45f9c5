package io.jarnetes.etcd.server;

import io.jarnetes.base.log.Log;
import io.jarnetes.etcd.server.driver.RaftDriver;
import io.jarnetes.etcd.server.driver.ReadIndexer;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The raft thread: takes what comes in, lets time pass, drives. Whatever came in while the disk was
 * busy shares the next write. What may come in without end is bounded by those who hand it over:
 * {@link Proposals}, {@link io.jarnetes.etcd.server.peer.ReceiveBuffers} and the questions of
 * {@link RaftSide}.
 */
final class RaftLoop {
    private static final int MAX_TASKS_A_ROUND = 4096;

    private final RaftDriver driver;
    private final ReadIndexer reads;
    private final long tickNanos;
    private final long warnNanos;
    private final Runnable onTick;
    private final Consumer<Throwable> onFailure;
    private final Log log;
    private final ConcurrentLinkedQueue<Runnable> inbox = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private volatile boolean woken;
    private volatile boolean sleeping;
    private volatile boolean stopped;
    private volatile long applied;

    /**
     * @param warnNanos a loop that is late by more says so: a pause of the JVM or a slow disk
     * @param onTick runs on the raft thread after each tick
     * @param onFailure hears why the loop ended by itself
     */
    RaftLoop(
            String name,
            RaftDriver driver,
            ReadIndexer reads,
            long tickNanos,
            long warnNanos,
            Runnable onTick,
            Consumer<Throwable> onFailure,
            Log log) {
        this.driver = driver;
        this.reads = reads;
        this.tickNanos = tickNanos;
        this.warnNanos = warnNanos;
        this.onTick = onTick;
        this.onFailure = onFailure;
        this.log = log;
        this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Runs a task on the raft thread; dropped after {@link #stop}. */
    void execute(Runnable task) {
        inbox.add(task);
        wake();
    }

    /** Has the loop look again at all that others give it, be it just about to rest. */
    void wake() {
        if (!woken) {
            woken = true;
            if (sleeping) {
                LockSupport.unpark(thread);
            }
        }
    }

    /** What the applier has applied; noticed at the next round. */
    void applied(long index) {
        applied = index;
    }

    /** Ends the loop after the round that runs, and waits for it. */
    void stop() {
        stopped = true;
        LockSupport.unpark(thread);
        if (Thread.currentThread() != thread && thread.isAlive()) {
            joinUninterruptibly();
        }
    }

    private void joinUninterruptibly() {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        Throwable failure = null;
        try {
            long nextTick = System.nanoTime() + tickNanos;
            while (!stopped) {
                nextTick = round(nextTick);
                rest(nextTick);
            }
        } catch (RuntimeException | Error e) {
            failure = e;
        }
        ended(failure);
    }

    private void ended(@Nullable Throwable failure) {
        if (failure != null && !stopped) {
            onFailure.accept(failure);
        }
    }

    private long round(long nextTick) {
        // First: who comes from here on is either seen below, or wakes for another round.
        woken = false;
        Runnable task = inbox.poll();
        for (int i = 1; task != null; i++) {
            task.run();
            task = i < MAX_TASKS_A_ROUND ? inbox.poll() : null;
        }
        long next = nextTick;
        long late = System.nanoTime() - nextTick;
        if (late >= 0) {
            // As a Go ticker: ticks that were missed are not made up for.
            driver.tick();
            reads.tick();
            onTick.run();
            next = late < tickNanos ? nextTick + tickNanos : System.nanoTime() + tickNanos;
            if (late > warnNanos) {
                log.warn(
                        "raft loop was late; the process was paused, or the disk is slow",
                        "late",
                        java.time.Duration.ofNanos(late));
            }
        }
        driver.node().appliedTo(Math.max(applied, driver.node().applied()));
        reads.poll();
        driver.process();
        return next;
    }

    private void rest(long nextTick) {
        sleeping = true;
        if (!woken && inbox.isEmpty() && !stopped) {
            long nanos = nextTick - System.nanoTime();
            if (nanos > 0) {
                LockSupport.parkNanos(this, nanos);
            }
        }
        sleeping = false;
    }
}
