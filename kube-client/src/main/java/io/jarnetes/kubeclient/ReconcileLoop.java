package io.jarnetes.kubeclient;

import io.jarnetes.base.log.Log;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A work queue and the threads that empty it. A reconcile that fails comes again with a growing
 * delay; what it is given is a name, never an event.
 *
 * @param <K> names what to reconcile
 */
public final class ReconcileLoop<K> implements AutoCloseable {

    /** Brings the world closer to what one object asks for. */
    @FunctionalInterface
    public interface Reconciler<K> {
        /**
         * @throws ApiException to be called again later
         */
        void reconcile(K key);
    }

    private final String name;
    private final int workers;
    private final Reconciler<K> reconciler;
    private final Log log;
    private final WorkQueue<K> queue = new WorkQueue<>();
    private final List<Thread> threads = new ArrayList<>();

    public ReconcileLoop(String name, int workers, Log log, Reconciler<K> reconciler) {
        this.name = name;
        this.workers = workers;
        this.reconciler = reconciler;
        this.log = log;
    }

    /** Starts the workers; before that items only gather. */
    public ReconcileLoop<K> start() {
        for (int i = 0; i < workers; i++) {
            threads.add(Thread.ofVirtual().name(name + "-" + i).start(this::work));
        }
        return this;
    }

    public void add(K key) {
        queue.add(key);
    }

    public void addAfter(K key, Duration delay) {
        queue.addAfter(key, delay);
    }

    /** How often in a row this one failed. */
    public int failures(K key) {
        return queue.failures(key);
    }

    public int size() {
        return queue.size();
    }

    private void work() {
        try {
            for (K key = queue.take(); key != null; key = queue.take()) {
                try {
                    one(key);
                } finally {
                    queue.done(key);
                }
            }
        } catch (InterruptedException | StoppedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void one(K key) {
        try {
            reconciler.reconcile(key);
            queue.forget(key);
        } catch (ApiException e) {
            retry(key, e);
        } catch (StoppedException e) {
            throw e;
        } catch (RuntimeException | LinkageError e) {
            log.error("Unhandled Error", "controller", name, "key", key, "err", e);
            log.debug("Stack", "trace", java.util.Arrays.toString(e.getStackTrace()));
            queue.addRateLimited(key);
        }
    }

    private void retry(K key, ApiException failure) {
        if (failure.conflict() || failure.code() == 0) {
            log.debug("Retrying", "controller", name, "key", key, "err", failure.getMessage());
        } else {
            log.error(
                    "Unhandled Error", "controller", name, "key", key, "err", failure.getMessage());
        }
        queue.addRateLimited(key);
    }

    @Override
    public void close() {
        queue.close();
        threads.forEach(Thread::interrupt);
    }
}
