package io.jarnetes.etcd.server.apply;

import io.jarnetes.etcd.storage.alarm.AlarmStore;
import io.jarnetes.etcd.storage.auth.AuthStore;
import io.jarnetes.etcd.storage.backend.Backend;
import io.jarnetes.etcd.storage.lease.Lessor;
import io.jarnetes.etcd.storage.membership.RaftCluster;
import io.jarnetes.etcd.storage.mvcc.Mvcc;

/** What one member keeps; backend and alarms change when a snapshot of the leader replaces them. */
public final class Stores {
    private final Mvcc mvcc;
    private final Lessor lessor;
    private final AuthStore auth;
    private final RaftCluster cluster;
    private volatile Backend backend;
    private volatile AlarmStore alarms;

    public Stores(
            Backend backend,
            Mvcc mvcc,
            Lessor lessor,
            AuthStore auth,
            AlarmStore alarms,
            RaftCluster cluster) {
        this.backend = backend;
        this.mvcc = mvcc;
        this.lessor = lessor;
        this.auth = auth;
        this.alarms = alarms;
        this.cluster = cluster;
    }

    public Backend backend() {
        return backend;
    }

    public Mvcc mvcc() {
        return mvcc;
    }

    public Lessor lessor() {
        return lessor;
    }

    public AuthStore auth() {
        return auth;
    }

    public AlarmStore alarms() {
        return alarms;
    }

    public RaftCluster cluster() {
        return cluster;
    }

    /** Everything from another backend: what a snapshot of the leader brought. */
    public void restore(Backend fresh) {
        // In upstream's order: leases first, so that keys find what they are attached to.
        lessor.restore(fresh);
        mvcc.restore(fresh);
        alarms = AlarmStore.open(fresh);
        auth.restore(fresh);
        cluster.restore(fresh);
        backend = fresh;
    }
}
