package io.jarnetes.controllermanager.framework;

import io.jarnetes.kubeclient.Informer;
import io.jarnetes.kubeclient.KubeObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The creations and deletions that a controller made and that its informer does not show yet. While
 * there are some, counting the informer's objects would be wrong, and the controller neither makes
 * nor deletes more. What never shows up is given up after five minutes.
 */
public final class OwnWrites {

    private static final Duration LIMIT = Duration.ofMinutes(5);

    private record Write(
            String objectKey, String uid, String version, boolean deleted, Instant at) {}

    private final Informer informer;
    private final Clock clock;
    private final Map<String, List<Write>> writes = new ConcurrentHashMap<>();

    public OwnWrites(Informer informer, Clock clock) {
        this.informer = informer;
        this.clock = clock;
    }

    /**
     * @param key of the owner
     * @param object as the server answered
     */
    public void created(String key, KubeObject object) {
        add(key, object, false);
    }

    public void deleted(String key, KubeObject object) {
        add(key, object, true);
    }

    private void add(String key, KubeObject object, boolean deleted) {
        Write write =
                new Write(
                        object.key(),
                        object.uid(),
                        object.resourceVersion(),
                        deleted,
                        clock.instant());
        writes.compute(
                key,
                (k, before) -> {
                    List<Write> all = before == null ? new ArrayList<>() : new ArrayList<>(before);
                    all.add(write);
                    return all;
                });
    }

    /**
     * Whether the informer shows everything that was done for this owner. To be asked before the
     * informer's objects are read: those that are read after it has shown all are new enough.
     */
    public boolean settled(String key) {
        return writes.computeIfPresent(
                        key,
                        (k, before) -> {
                            List<Write> open = new ArrayList<>(before);
                            open.removeIf(this::shown);
                            return open.isEmpty() ? null : open;
                        })
                == null;
    }

    private boolean shown(Write write) {
        if (write.at().plus(LIMIT).isBefore(clock.instant())) {
            return true;
        }
        KubeObject now = informer.get(write.objectKey()).orElse(null);
        boolean there = now != null && now.uid().equals(write.uid());
        if (write.deleted()) {
            return !there || now == null || now.deleting();
        }
        return there || informer.reached(write.version());
    }

    public void forget(String key) {
        writes.remove(key);
    }
}
