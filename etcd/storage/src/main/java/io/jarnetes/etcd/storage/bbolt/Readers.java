package io.jarnetes.etcd.storage.bbolt;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** The versions that read transactions hold. Threads: any. */
final class Readers {
    private final TreeMap<Long, Integer> open = new TreeMap<>();
    private Meta newest;
    private int count;

    Readers(Meta newest) {
        this.newest = newest;
    }

    synchronized Meta newest() {
        return newest;
    }

    synchronized void publish(Meta meta) {
        newest = meta;
    }

    /** Takes hold of the newest version: in one step, so that it is not freed in between. */
    synchronized Meta acquire() {
        open.merge(newest.txid(), 1, Integer::sum);
        count++;
        return newest;
    }

    synchronized void release(Meta meta) {
        open.computeIfPresent(meta.txid(), (_, readers) -> readers == 1 ? null : readers - 1);
        count--;
        notifyAll();
    }

    synchronized int count() {
        return count;
    }

    /** The versions held, rising. */
    synchronized long[] versions() {
        return open.keySet().stream().mapToLong(Long::longValue).toArray();
    }

    /** Waits until nobody reads; {@code false} when that took too long. */
    synchronized boolean awaitNone(Duration longest) {
        long end = System.nanoTime() + longest.toNanos();
        boolean interrupted = false;
        while (count > 0 && end - System.nanoTime() > 0) {
            try {
                wait(Math.max(1, (end - System.nanoTime()) / 1_000_000));
            } catch (InterruptedException _) {
                interrupted = true;
                break;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return count == 0;
    }

    @Override
    public synchronized String toString() {
        return Map.copyOf(open).toString();
    }
}
