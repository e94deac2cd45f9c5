package io.jarnetes.etcd.ctl.etcdutl;

import io.jarnetes.base.log.Log;
import io.jarnetes.etcd.ctl.command.ExitException;
import io.jarnetes.etcd.proto.etcdserverpb.Metadata;
import io.jarnetes.etcd.raft.ConfChange;
import io.jarnetes.etcd.raft.ConfChangeType;
import io.jarnetes.etcd.raft.ConfState;
import io.jarnetes.etcd.raft.Entry;
import io.jarnetes.etcd.raft.EntryType;
import io.jarnetes.etcd.raft.HardState;
import io.jarnetes.etcd.raft.Snapshot;
import io.jarnetes.etcd.raft.SnapshotMetadata;
import io.jarnetes.etcd.storage.backend.Backend;
import io.jarnetes.etcd.storage.backend.BackendOptions;
import io.jarnetes.etcd.storage.backend.Bucket;
import io.jarnetes.etcd.storage.backend.Meta;
import io.jarnetes.etcd.storage.backend.View;
import io.jarnetes.etcd.storage.bbolt.Options;
import io.jarnetes.etcd.storage.disk.Disk;
import io.jarnetes.etcd.storage.membership.Member;
import io.jarnetes.etcd.storage.membership.MemberIds;
import io.jarnetes.etcd.storage.membership.MemberJson;
import io.jarnetes.etcd.storage.membership.RaftCluster;
import io.jarnetes.etcd.storage.membership.V2Snapshot;
import io.jarnetes.etcd.storage.snap.Snapshotter;
import io.jarnetes.etcd.storage.wal.Wal;
import io.jarnetes.etcd.storage.wal.WalOptions;
import io.jarnetes.etcd.storage.wal.WalSnapshot;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Makes a data directory of a new cluster from a snapshot: the db with other members, and a log and
 * a .snap file that begin behind the entries that add them.
 */
final class SnapshotRestore {
    private static final long TERM = 1;
    private static final byte[] FIRST = new byte[0];

    private final Disk disk = Disk.real();
    private final RestorePlan plan;
    private final long mapBytes;
    private final Log log;

    SnapshotRestore(RestorePlan plan, long mapBytes, Log log) {
        this.plan = plan;
        this.mapBytes = mapBytes;
        this.log = log;
    }

    void run() {
        PeerUrls.verify(plan.name(), plan.peerUrls(), plan.cluster());
        refuseWhatIsThere();
        say("restoring snapshot");
        new SnapshotCopy(disk, plan).run();
        List<Member> members = members();
        try (Backend backend =
                Backend.open(disk, plan.database(), Options.DEFAULTS, BackendOptions.defaults())) {
            trim(backend);
            if (plan.revisionBump() != 0) {
                bump(backend);
            }
            RaftCluster cluster =
                    RaftCluster.open(backend, clusterId(members), self(members).id(), 1);
            members.forEach(cluster::addMember);
            backend.commit();
            saveLog(members);
            // Not by way of the applied entry: that one never goes back, and here it does.
            put(backend, Meta.CONSISTENT_INDEX, members.size());
            put(backend, Meta.TERM, TERM);
            backend.commit();
        }
        say("restored snapshot");
    }

    private void say(String what) {
        log.info(
                what,
                "path",
                plan.snapshot(),
                "wal-dir",
                plan.walDir(),
                "data-dir",
                plan.dataDir(),
                "snap-dir",
                plan.snapDir(),
                "initial-memory-map-size",
                mapBytes);
    }

    private void refuseWhatIsThere() {
        if (Files.exists(plan.dataDir())
                && !(Files.isDirectory(plan.dataDir()) && disk.list(plan.dataDir()).isEmpty())) {
            throw new ExitException(
                    ExitException.ERROR,
                    "data-dir \"" + plan.dataDir() + "\" not empty or could not be read");
        }
        if (plan.ownWalDir() && Files.exists(plan.walDir())) {
            throw new ExitException(
                    ExitException.ERROR, "wal-dir \"" + plan.walDir() + "\" exists");
        }
    }

    private List<Member> members() {
        List<Member> members = new ArrayList<>();
        plan.cluster()
                .forEach((name, urls) ->
                        members.add(
                                Member.create(
                                        name, urls, plan.token(), OptionalLong.empty(), false)));
        members.sort(Comparator.comparing(Member::id, Long::compareUnsigned));
        return members;
    }

    private Member self(List<Member> members) {
        return members.stream()
                .filter(member -> member.name().equals(plan.name()))
                .findFirst()
                .orElseThrow();
    }

    private static long clusterId(List<Member> members) {
        return MemberIds.cluster(members.stream().map(Member::id).toList());
    }

    /** Whoever was a member of the cluster that the snapshot is of is none of this one. */
    private void trim(Backend backend) {
        log.info("Trimming membership information from the backend...");
        for (Bucket bucket : List.of(Bucket.MEMBERS, Bucket.MEMBERS_REMOVED)) {
            List<byte[]> keys = new ArrayList<>();
            try (View view = backend.view()) {
                view.scan(bucket, FIRST, null, (key, value) -> keys.add(key));
            }
            keys.forEach(key -> backend.delete(bucket, key));
        }
        backend.commit();
    }

    /** Clients that saw later revisions than the snapshot's shall see them as compacted. */
    private void bump(Backend backend) {
        long[] latest = new long[1];
        try (View view = backend.view()) {
            view.scan(
                    Bucket.KEY,
                    FIRST,
                    null,
                    (key, value) -> {
                        latest[0] = SnapshotStatus.revision(key);
                        return true;
                    });
        }
        long bumped = latest[0] + plan.revisionBump();
        log.info(
                "bumping latest revision",
                "latest-revision",
                latest[0],
                "bump-amount",
                plan.revisionBump(),
                "new-latest-revision",
                bumped);
        backend.put(Bucket.KEY, revision(bumped), new byte[0]);
        log.info("marking revision compacted", "revision", bumped);
        backend.put(Bucket.META, Meta.key(Meta.SCHEDULED_COMPACT_REV), revision(bumped));
        backend.commit();
    }

    /** Main revision, '_', sub-revision 0. */
    private static byte[] revision(long main) {
        return ByteBuffer.allocate(2 * Long.BYTES + 1)
                .putLong(main)
                .put((byte) '_')
                .putLong(0)
                .array();
    }

    private static void put(Backend backend, String name, long value) {
        backend.put(Bucket.META, Meta.key(name), Meta.bytes(value));
    }

    private void saveLog(List<Member> members) {
        List<Entry> entries = new ArrayList<>();
        for (Member member : members) {
            byte[] change =
                    new ConfChange(
                                    0,
                                    ConfChangeType.ADD_NODE,
                                    member.id(),
                                    MemberJson.encode(member))
                            .marshal();
            entries.add(new Entry(EntryType.CONF_CHANGE, TERM, entries.size() + 1, change));
        }
        ConfState state =
                new ConfState(
                        members.stream().map(Member::id).toList(),
                        List.of(),
                        List.of(),
                        List.of(),
                        false);
        long index = entries.size();
        disk.createDirectories(Objects.requireNonNull(plan.walDir().toAbsolutePath().getParent()));
        try (Wal wal = Wal.create(disk, plan.walDir(), metadata(members), WalOptions.DEFAULTS)) {
            wal.save(new HardState(TERM, members.getFirst().id(), index), entries);
            new Snapshotter(disk, plan.snapDir())
                    .save(
                            new Snapshot(
                                    V2Snapshot.of(members, Set.of(), null).encode(),
                                    new SnapshotMetadata(state, index, TERM)));
            wal.saveSnapshot(new WalSnapshot(index, TERM, state));
        }
    }

    private byte[] metadata(List<Member> members) {
        return Metadata.newBuilder()
                .setNodeID(self(members).id())
                .setClusterID(clusterId(members))
                .build()
                .toByteArray();
    }
}
