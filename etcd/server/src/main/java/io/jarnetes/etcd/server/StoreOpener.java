package io.jarnetes.etcd.server;

import io.jarnetes.etcd.server.apply.Stores;
import io.jarnetes.etcd.storage.alarm.AlarmStore;
import io.jarnetes.etcd.storage.auth.AuthStore;
import io.jarnetes.etcd.storage.auth.TokenProviders;
import io.jarnetes.etcd.storage.backend.Backend;
import io.jarnetes.etcd.storage.backend.BackendOptions;
import io.jarnetes.etcd.storage.bbolt.Options;
import io.jarnetes.etcd.storage.disk.Disk;
import io.jarnetes.etcd.storage.lease.Lessor;
import io.jarnetes.etcd.storage.lease.LessorConfig;
import io.jarnetes.etcd.storage.membership.RaftCluster;
import io.jarnetes.etcd.storage.mvcc.Mvcc;
import io.jarnetes.etcd.storage.snap.Snapshotter;
import io.jarnetes.etcd.storage.wal.WalOptions;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.function.LongSupplier;

/** Opens the database and the stores on it. */
final class StoreOpener {
    private final EtcdConfig config;
    private final Disk disk;
    private final LongSupplier synced;

    StoreOpener(EtcdConfig config, Disk disk, LongSupplier synced) {
        this.config = config;
        this.disk = disk;
        this.synced = synced;
    }

    Path databasePath() {
        return config.snapPath().resolve("db");
    }

    /** The database, made if there is none; upstream's bbolt options. */
    Backend backend() {
        EtcdConfig.Storage storage = config.storage();
        return Backend.open(
                disk,
                databasePath(),
                options(),
                new BackendOptions(
                        storage.batchInterval().toNanos(),
                        storage.batchLimit(),
                        System::nanoTime,
                        synced));
    }

    private Options options() {
        return Options.DEFAULTS.withNoSync(config.storage().unsafeNoFsync());
    }

    /** Whether a database came with a snapshot that has not taken its place yet. */
    boolean hasReceived(Snapshotter snapshotter, long index) {
        return disk.exists(snapshotter.databasePath(index));
    }

    /** Puts the database that came with a snapshot in place, if it is not there yet. */
    boolean takeReceived(Snapshotter snapshotter, long index) {
        if (!hasReceived(snapshotter, index)) {
            return false;
        }
        // What is in place is not given up for something that cannot be opened.
        Backend.requireSound(disk, snapshotter.databasePath(index), options(), index);
        disk.rename(snapshotter.databasePath(index), databasePath());
        disk.syncDirectory(config.snapPath());
        return true;
    }

    Stores stores(Backend backend, long clusterId, long memberId) {
        long electionMillis = config.timing().election().toMillis();
        // Upstream: one and a half election time-outs, rounded up to seconds.
        long minTtl = (3 * electionMillis / 2 + 999) / 1000;
        RaftCluster cluster =
                RaftCluster.open(backend, clusterId, memberId, config.cluster().maxLearners());
        Lessor lessor =
                Lessor.open(
                        backend,
                        new LessorConfig(
                                minTtl,
                                0,
                                () -> Ids.minor(String.valueOf(cluster.version())) >= 6,
                                System::nanoTime));
        Mvcc mvcc = Mvcc.open(backend, lessor);
        AuthStore auth =
                AuthStore.open(
                        backend,
                        TokenProviders.parse(
                                config.auth().token(),
                                config.auth().tokenTtlSeconds(),
                                new SecureRandom(),
                                System::currentTimeMillis),
                        config.auth().bcryptCost(),
                        config.compatibility() != EtcdConfig.Compatibility.V3_5);
        return new Stores(backend, mvcc, lessor, auth, AlarmStore.open(backend), cluster);
    }

    /** How the log is written. */
    WalOptions walOptions() {
        return new WalOptions(WalOptions.DEFAULTS.segmentBytes(), config.storage().unsafeNoFsync());
    }
}
