package io.jarnetes.controllermanager.framework;

import io.jarnetes.kubeclient.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Does the same thing many times in batches of 1, 2, 4, 8, ..., each in parallel, and stops after
 * the first batch with a failure: a quota that refuses the first pod isn't asked a thousand times.
 */
public final class SlowStart {

    private SlowStart() {}

    /**
     * @throws ApiException the first failure
     */
    public static void run(int count, Runnable action) {
        int left = count;
        for (int batch = Math.min(1, left); batch > 0; batch = Math.min(2 * batch, left)) {
            List<ApiException> failures = batch(batch, action);
            if (!failures.isEmpty()) {
                throw failures.getFirst();
            }
            left -= batch;
        }
    }

    /** Runs the tasks side by side; the failures of those that failed. */
    public static List<ApiException> batch(List<Runnable> tasks) {
        List<ApiException> failures = new ArrayList<>();
        CountDownLatch done = new CountDownLatch(tasks.size());
        for (Runnable task : tasks) {
            Thread.ofVirtual()
                    .start(() -> {
                        try {
                            task.run();
                        } catch (ApiException e) {
                            synchronized (failures) {
                                failures.add(e);
                            }
                        } finally {
                            done.countDown();
                        }
                    });
        }
        await(done);
        synchronized (failures) {
            return List.copyOf(failures);
        }
    }

    private static List<ApiException> batch(int size, Runnable action) {
        if (size == 1) {
            ApiException failure = one(action);
            return failure == null ? List.of() : List.of(failure);
        }
        return batch(java.util.Collections.nCopies(size, action));
    }

    private static @Nullable ApiException one(Runnable action) {
        try {
            action.run();
            return null;
        } catch (ApiException e) {
            return e;
        }
    }

    private static void await(CountDownLatch done) {
        try {
            done.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new io.jarnetes.kubeclient.StoppedException();
        }
    }
}
