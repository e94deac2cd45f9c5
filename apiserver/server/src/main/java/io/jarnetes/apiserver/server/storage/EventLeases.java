package io.jarnetes.apiserver.server.storage;

import java.time.Clock;

/**
 * Leases for objects that expire, shared as upstream shares them: one lease serves what is written
 * within a minute, at most a thousand objects, so that etcd does not keep a lease an Event.
 */
final class EventLeases {

    private static final long REUSE_SECONDS = 60;
    private static final int MAX_OBJECTS = 1_000;

    private final EtcdKv kv;
    private final Clock clock;
    private long lease;
    private long expiresAtSeconds;
    private int objects;

    EventLeases(EtcdKv kv, Clock clock) {
        this.kv = kv;
        this.clock = clock;
    }

    /** A lease that lives at least {@code ttlSeconds} from now; 0 for 0. */
    synchronized long lease(long ttlSeconds) {
        if (ttlSeconds <= 0) {
            return 0;
        }
        long now = clock.instant().getEpochSecond();
        long reuse = Math.min(REUSE_SECONDS, ttlSeconds / 20 + 1);
        boolean lives = lease != 0 && now + ttlSeconds <= expiresAtSeconds;
        if (lives && objects < MAX_OBJECTS) {
            objects++;
            return lease;
        }
        long ttl = ttlSeconds + reuse;
        lease = kv.grant(ttl);
        expiresAtSeconds = now + ttl;
        objects = 1;
        return lease;
    }
}
