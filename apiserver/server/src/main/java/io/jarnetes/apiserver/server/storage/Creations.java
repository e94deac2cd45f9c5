package io.jarnetes.apiserver.server.storage;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * New keys on their way to etcd. While a new apiserver makes its hundreds of objects, those that
 * come while a transaction is under way go together in the next one, and have its revision in
 * common; at all other times each object has a transaction, and so a revision, of its own.
 *
 * <p>Threads: any; calls block until the key is there.
 */
final class Creations {

    /** Below etcd's {@code --max-txn-ops} (128) and {@code --max-request-bytes} (1.5 MiB). */
    private static final int MAX_KEYS = 100;

    private static final int MAX_BYTES = 512 * 1024;

    private final EtcdKv kv;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private boolean underWay;
    private volatile boolean together;

    private record Waiting(EtcdKv.Creation creation, CompletableFuture<EtcdKv.Outcome> outcome) {}

    Creations(EtcdKv kv) {
        this.kv = kv;
    }

    /** From now on creations share transactions, or don't any more. */
    void together(boolean on) {
        together = on;
    }

    /** Creates a key, unless it is there. */
    EtcdKv.Outcome create(EtcdKv.Creation creation) {
        if (!together) {
            return alone(creation);
        }
        Waiting mine = new Waiting(creation, new CompletableFuture<>());
        boolean leading;
        lock.lock();
        try {
            waiting.add(mine);
            leading = !underWay;
            underWay = true;
        } finally {
            lock.unlock();
        }
        if (leading) {
            lead();
        }
        try {
            return mine.outcome.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof StorageException cause ? cause : e;
        }
    }

    /** Sends what waits, until nothing does. */
    private void lead() {
        List<Waiting> batch = next();
        while (!batch.isEmpty()) {
            send(batch);
            batch = next();
        }
    }

    private List<Waiting> next() {
        List<Waiting> batch = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        int bytes = 0;
        lock.lock();
        try {
            while (!waiting.isEmpty() && batch.size() < MAX_KEYS) {
                Waiting first = waiting.peekFirst();
                bytes += first.creation.value().length;
                boolean fits = batch.isEmpty() || bytes <= MAX_BYTES;
                // A transaction may write a key once.
                if (!fits || !keys.add(first.creation.key())) {
                    break;
                }
                batch.add(waiting.removeFirst());
            }
            underWay = !batch.isEmpty();
        } finally {
            lock.unlock();
        }
        return batch;
    }

    private void send(List<Waiting> batch) {
        try {
            if (batch.size() > 1) {
                EtcdKv.Outcome all = kv.createAll(batch.stream().map(Waiting::creation).toList());
                if (all.succeeded()) {
                    batch.forEach(each -> each.outcome.complete(all));
                    return;
                }
            }
            // Which of them was there already shows one by one.
            for (Waiting each : batch) {
                each.outcome.complete(alone(each.creation));
            }
        } catch (RuntimeException e) {
            batch.forEach(each -> each.outcome.completeExceptionally(e));
        }
    }

    private EtcdKv.Outcome alone(EtcdKv.Creation creation) {
        return kv.putIf(creation.key(), creation.value(), 0, creation.lease());
    }
}
