package io.jarnetes.etcd.server;

import io.jarnetes.base.log.Log;
import io.jarnetes.etcd.raft.ConfState;
import io.jarnetes.etcd.raft.Message;
import io.jarnetes.etcd.raft.Snapshot;
import io.jarnetes.etcd.raft.SnapshotMetadata;
import io.jarnetes.etcd.server.apply.Stores;
import io.jarnetes.etcd.server.peer.SnapshotMessage;
import io.jarnetes.etcd.server.peer.Transport;
import io.jarnetes.etcd.storage.backend.Backend;
import io.jarnetes.etcd.storage.membership.V2Snapshot;

/** Databases that go from member to member. On the apply thread. */
final class SnapshotTransfer {
    private final BootState boot;
    private final Stores stores;
    private final StoreOpener opener;
    private final EtcdRuntime runtime;
    private final Log log;

    SnapshotTransfer(BootState boot, StoreOpener opener, EtcdRuntime runtime, Log log) {
        this.boot = boot;
        this.stores = boot.stores();
        this.opener = opener;
        this.runtime = runtime;
        this.log = log;
    }

    /**
     * Sends the database as of now.
     *
     * @param message the core's, without it
     * @param conf the configuration at what is applied now
     */
    void send(Transport network, Message message, ConfState conf) {
        EtcdMember.commitAll(stores.backend());
        Backend.Snapshot database = stores.backend().snapshot();
        SnapshotMetadata at =
                new SnapshotMetadata(
                        conf,
                        stores.backend().consistentIndex(),
                        stores.backend().consistentTerm());
        Snapshot snapshot = new Snapshot(stores.cluster().v2SnapshotJson(), at);
        Message merged = message.toBuilder().snapshot(snapshot).build();
        log.info(
                "sending database snapshot",
                "snapshot-index",
                at.index(),
                "remote-peer-id",
                Ids.hex(message.to()),
                "bytes",
                database.size());
        network.sendSnapshot(
                new SnapshotMessage(merged, new SnapshotStream(database), database.size()));
    }

    /** Puts the leader's database, which has arrived, in the place of the own. */
    void install(Snapshot snapshot) {
        long index = snapshot.metadata().index();
        Backend old = stores.backend();
        while (old.pending() > 0 && !old.commit()) {
            Thread.onSpinWait();
        }
        if (!opener.takeReceived(boot.snapshotter(), index)) {
            throw new IllegalStateException(
                    "the leader's snapshot at " + index + " came without its database");
        }
        Backend fresh = opener.backend();
        log.info("applySnapshot: opened snapshot backend", "snapshot-index", index);
        stores.restore(fresh);
        if (snapshot.data().length > 0) {
            stores.cluster().adopt(V2Snapshot.decode(snapshot.data()));
        }
        runtime.commits().execute(old::close);
        release(index);
    }

    /**
     * Deletes databases that came before this index. Not when the log is done with them, but when
     * the stores are: several may have come before the first one is put in place.
     */
    void release(long index) {
        boot.snapshotter().releaseDatabases(index);
    }
}
