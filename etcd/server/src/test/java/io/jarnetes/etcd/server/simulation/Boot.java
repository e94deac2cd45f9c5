package io.jarnetes.etcd.server.simulation;

import io.jarnetes.base.metrics.Metrics;
import io.jarnetes.etcd.raft.Config;
import io.jarnetes.etcd.raft.HardState;
import io.jarnetes.etcd.raft.MemoryStorage;
import io.jarnetes.etcd.raft.RawNode;
import io.jarnetes.etcd.raft.Snapshot;
import io.jarnetes.etcd.server.driver.WalLog;
import io.jarnetes.etcd.storage.backend.MemoryFile;
import io.jarnetes.etcd.storage.disk.Disk;
import io.jarnetes.etcd.storage.snap.Snapshotter;
import io.jarnetes.etcd.storage.wal.Wal;
import io.jarnetes.etcd.storage.wal.WalOptions;
import io.jarnetes.etcd.storage.wal.WalSnapshot;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a member reads when it starts: the newest snapshot, the log behind it, its database.
 *
 * @param log writes what is read here
 */
record Boot(RawNode node, MemoryStorage storage, WalLog log, MemoryFile database) {
    static final int ELECTION_TICKS = 10;

    private static final Path WAL = Path.of("/member/wal");
    private static final Path SNAP = Path.of("/member/snap");
    private static final WalOptions OPTIONS = new WalOptions(16 * 1024, false);
    private static final int KEPT_FILES = 3;

    /**
     * @param founders the initial members if this is one of them, else nobody
     */
    static Boot read(long id, Durable durable, World world, List<RawNode.Peer> founders) {
        Disk disk = world.sabotage().disk(durable.disk());
        disk.createDirectories(SNAP);
        disk.syncDirectory(Path.of("/"));
        disk.syncDirectory(Path.of("/member"));
        Snapshotter snapshotter = new Snapshotter(disk, SNAP);
        MemoryStorage storage = new MemoryStorage();
        Wal wal =
                Wal.exists(disk, WAL)
                        ? open(disk, snapshotter, storage, world.tally())
                        : Wal.create(disk, WAL, new byte[0], OPTIONS);
        long from = storage.snapshot().metadata().index();
        RawNode node =
                new RawNode(
                        Config.builder(id, storage, world.random())
                                .electionTicks(ELECTION_TICKS)
                                .applied(from)
                                .maxSizePerMsgBytes(world.profile().messageBytes())
                                .preVote(world.profile().preVote())
                                .build());
        if (!founders.isEmpty() && storage.lastIndex() == 0 && storage.hardState().isEmpty()) {
            node.bootstrap(founders);
        }
        WalLog log =
                new WalLog(
                        wal,
                        snapshotter,
                        KEPT_FILES,
                        KEPT_FILES,
                        new Metrics().histogram("h", "help", 1.0));
        // The crash may have come between the snapshot's record and its database's rename.
        durable.takeReceived(from);
        return new Boot(node, storage, log, durable.database());
    }

    private static Wal open(
            Disk disk, Snapshotter snapshotter, MemoryStorage storage, Tally tally) {
        Optional<Snapshot> snapshot =
                snapshotter.loadNewestAvailable(Wal.validSnapshots(disk, WAL));
        WalSnapshot begin =
                snapshot.map(Snapshot::metadata)
                        .map(at -> new WalSnapshot(at.index(), at.term(), at.confState()))
                        .orElse(WalSnapshot.BEGINNING);
        Wal.Opened opened = Wal.open(disk, WAL, begin, OPTIONS);
        if (opened.contents().repaired() != null) {
            tally.count(Happening.TAIL_TORN);
        }
        snapshot.ifPresent(storage::applySnapshot);
        HardState state = opened.contents().hardState();
        storage.setHardState(state);
        storage.append(opened.contents().entries());
        return opened.wal();
    }
}
