package io.jarnetes.etcd.server;

import io.jarnetes.etcd.raft.MemoryStorage;
import io.jarnetes.etcd.server.apply.Stores;
import io.jarnetes.etcd.storage.membership.Member;
import io.jarnetes.etcd.storage.snap.Snapshotter;
import io.jarnetes.etcd.storage.wal.Wal;
import java.util.List;

/**
 * A member as its files say.
 *
 * @param storage the log, from the snapshot on
 * @param applied the index of the snapshot: raft hands out what follows
 * @param remotes members of a cluster that is joined, to be talked to before the log names them
 */
record BootState(
        long memberId,
        long clusterId,
        MemoryStorage storage,
        Wal wal,
        Snapshotter snapshotter,
        Stores stores,
        long applied,
        List<Member> remotes) {}
