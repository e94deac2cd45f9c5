package io.jarnetes.etcd.server;

import com.google.protobuf.InvalidProtocolBufferException;
import io.jarnetes.base.log.Log;
import io.jarnetes.etcd.proto.etcdserverpb.Metadata;
import io.jarnetes.etcd.raft.ConfState;
import io.jarnetes.etcd.raft.MemoryStorage;
import io.jarnetes.etcd.raft.Snapshot;
import io.jarnetes.etcd.raft.SnapshotMetadata;
import io.jarnetes.etcd.server.EtcdConfig.Compatibility;
import io.jarnetes.etcd.server.apply.Stores;
import io.jarnetes.etcd.storage.backend.Backend;
import io.jarnetes.etcd.storage.disk.Disk;
import io.jarnetes.etcd.storage.membership.V2Snapshot;
import io.jarnetes.etcd.storage.snap.Snapshotter;
import io.jarnetes.etcd.storage.wal.Wal;
import io.jarnetes.etcd.storage.wal.WalContents;
import io.jarnetes.etcd.storage.wal.WalSnapshot;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A member that was here before: from its log, its snapshots and its database. */
final class Restart {
    private final EtcdConfig config;
    private final Disk disk;
    private final StoreOpener opener;
    private final List<Runnable> opened;
    private final Log log;

    /**
     * @param opened gets what closes each file that is opened
     */
    Restart(EtcdConfig config, Disk disk, StoreOpener opener, List<Runnable> opened, Log log) {
        this.config = config;
        this.disk = disk;
        this.opener = opener;
        this.opened = opened;
        this.log = log;
    }

    /**
     * @throws BootException if the files do not go together
     */
    BootState boot(Snapshotter snapshotter) {
        List<WalSnapshot> recorded = Wal.validSnapshots(disk, config.walPath());
        Optional<Snapshot> file = snapshotter.loadNewestAvailable(recorded);
        Backend backend = backend(snapshotter, file);
        opened.add(backend::close);
        Snapshot snapshot = file.orElseGet(() -> withoutFile(recorded, backend));
        requireBackend(backend, snapshot);
        Wal.Opened reopened =
                Wal.open(disk, config.walPath(), position(snapshot), opener.walOptions());
        opened.add(reopened.wal()::close);
        WalContents contents = reopened.contents();
        if (contents.repaired() != null) {
            log.warn("repaired the write-ahead log", "cut", contents.repaired());
        }
        V2Keys.refuse(snapshot, contents.entries());
        Metadata metadata = metadata(contents);
        MemoryStorage storage = new MemoryStorage();
        if (!snapshot.isEmpty()) {
            storage.applySnapshot(snapshot);
        }
        storage.setHardState(contents.hardState());
        storage.append(contents.entries());
        requireLog(backend, storage);
        long commit = contents.hardState().commit();
        if (config.cluster().forceNew()) {
            long self = metadata.getNodeID();
            commit =
                    ForceNewCluster.rewrite(
                            storage, reopened.wal(), self, backend.consistentIndex());
        }
        Stores stores = opener.stores(backend, metadata.getClusterID(), metadata.getNodeID());
        if (snapshot.data().length > 0) {
            stores.cluster().complete(V2Snapshot.decode(snapshot.data()));
        }
        requireVersion(stores.cluster().version());
        log.info(
                config.cluster().forceNew() ? "forcing restart member" : "restarting local member",
                "cluster-id",
                Ids.hex(metadata.getClusterID()),
                "local-member-id",
                Ids.hex(metadata.getNodeID()),
                "commit-index",
                commit);
        return new BootState(
                metadata.getNodeID(),
                metadata.getClusterID(),
                storage,
                reopened.wal(),
                snapshotter,
                stores,
                snapshot.metadata().index(),
                List.of());
    }

    /** The database; or the one that came with the snapshot, if a crash kept it from its place. */
    private Backend backend(Snapshotter snapshotter, Optional<Snapshot> file) {
        Backend own = opener.backend();
        long index = file.map(s -> s.metadata().index()).orElse(0L);
        if (own.consistentIndex() >= index || !opener.hasReceived(snapshotter, index)) {
            return own;
        }
        own.close();
        opener.takeReceived(snapshotter, index);
        return opener.backend();
    }

    private static WalSnapshot position(Snapshot snapshot) {
        SnapshotMetadata m = snapshot.metadata();
        return snapshot.isEmpty()
                ? WalSnapshot.BEGINNING
                : new WalSnapshot(m.index(), m.term(), m.confState());
    }

    /** etcd 3.7 writes no .snap files: the log's record and the database say all that matters. */
    private Snapshot withoutFile(List<WalSnapshot> recorded, Backend backend) {
        return recorded.stream()
                .filter(r -> r.index() > 0 && r.confState() != null)
                .filter(r -> r.index() <= backend.consistentIndex())
                .max(Comparator.comparingLong(WalSnapshot::index))
                .map(r -> snapshot(r, Objects.requireNonNull(r.confState())))
                .orElse(Snapshot.EMPTY);
    }

    private static Snapshot snapshot(WalSnapshot record, ConfState state) {
        return new Snapshot(
                new byte[0], new SnapshotMetadata(state, record.index(), record.term()));
    }

    private static void requireBackend(Backend backend, Snapshot snapshot) {
        long index = snapshot.metadata().index();
        if (backend.consistentIndex() < index) {
            throw new BootException(
                    "the database holds entries up to "
                            + backend.consistentIndex()
                            + " only, the snapshot of the log begins at "
                            + index
                            + ": db and wal are not of one member; restore from a snapshot");
        }
    }

    private static void requireLog(Backend backend, MemoryStorage storage) {
        if (backend.consistentIndex() > storage.lastIndex()) {
            throw new BootException(
                    "the database holds entries up to "
                            + backend.consistentIndex()
                            + ", the log ends at "
                            + storage.lastIndex()
                            + ": the log lost entries; restore from a snapshot, or remove the"
                            + " member and add it anew");
        }
    }

    private void requireVersion(@Nullable String clusterVersion) {
        Compatibility own = config.compatibility();
        if (clusterVersion != null && Ids.minor(clusterVersion) > Ids.minor(own.version())) {
            throw new BootException(
                    "invalid downgrade; server version is lower than determined cluster version:"
                            + " this member runs at "
                            + own.version()
                            + ", the cluster at "
                            + clusterVersion);
        }
    }

    private Metadata metadata(WalContents contents) {
        try {
            return Metadata.parseFrom(contents.metadata());
        } catch (InvalidProtocolBufferException e) {
            throw new BootException(
                    "the log in " + config.walPath() + " has no readable metadata record", e);
        }
    }
}
