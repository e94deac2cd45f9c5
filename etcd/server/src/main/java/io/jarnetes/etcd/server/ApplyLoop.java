package io.jarnetes.etcd.server;

import io.jarnetes.etcd.raft.Entry;
import io.jarnetes.etcd.raft.Snapshot;
import io.jarnetes.etcd.storage.backend.Backend;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The apply thread: entries, snapshots and tasks in the order in which they came. */
final class ApplyLoop {
    private static final long IDLE_MILLIS = 1_000;

    /** What comes in. */
    private sealed interface Work {
        record Entries(List<Entry> entries) implements Work {}

        record Saved(Snapshot snapshot) implements Work {}

        record Task(Runnable task) implements Work {}

        record Stop() implements Work {}
    }

    /** What the loop does its work with; called on the apply thread. */
    interface Handler {
        void entries(List<Entry> entries);

        void snapshot(Snapshot snapshot);

        /** After each piece of work, and when there was none for a while. */
        void settle();

        Backend backend();
    }

    private final Handler handler;
    private final Consumer<Throwable> onFailure;
    private final LinkedBlockingQueue<Work> queue = new LinkedBlockingQueue<>();
    private final Thread thread;
    private final long commitMillis;
    private volatile boolean failed;

    /**
     * @param commitMillis how long a change may wait for its commit
     */
    ApplyLoop(String name, Handler handler, long commitMillis, Consumer<Throwable> onFailure) {
        this.handler = handler;
        this.commitMillis = Math.max(1, commitMillis);
        this.onFailure = onFailure;
        this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    void entries(List<Entry> entries) {
        queue.add(new Work.Entries(entries));
    }

    void snapshot(Snapshot snapshot) {
        queue.add(new Work.Saved(snapshot));
    }

    void execute(Runnable task) {
        queue.add(new Work.Task(task));
    }

    boolean isApplyThread() {
        return Thread.currentThread() == thread;
    }

    /** Finishes what came before, and waits for the end. */
    void stop() {
        queue.add(new Work.Stop());
        boolean interrupted = false;
        while (thread.isAlive() && Thread.currentThread() != thread) {
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
        try {
            while (!failed) {
                Work work = next();
                if (work instanceof Work.Stop) {
                    return;
                }
                if (work != null) {
                    perform(work);
                }
                handler.settle();
            }
        } catch (InterruptedException e) {
            onFailure.accept(new IllegalStateException("the apply thread was interrupted", e));
        } catch (RuntimeException | Error e) {
            failed = true;
            onFailure.accept(e);
        }
    }

    private @Nullable Work next() throws InterruptedException {
        Work work = queue.poll();
        if (work == null) {
            long wait = handler.backend().pending() > 0 ? commitMillis : IDLE_MILLIS;
            work = queue.poll(wait, TimeUnit.MILLISECONDS);
        }
        return work;
    }

    private void perform(Work work) {
        switch (work) {
            case Work.Entries e -> handler.entries(e.entries());
            case Work.Saved s -> handler.snapshot(s.snapshot());
            case Work.Task t -> t.task().run();
            case Work.Stop s -> {}
        }
    }
}
