package io.jarnetes.etcd.server;

import io.jarnetes.base.log.Log;
import io.jarnetes.etcd.proto.etcdserverpb.Metadata;
import io.jarnetes.etcd.raft.ConfChange;
import io.jarnetes.etcd.raft.ConfChangeType;
import io.jarnetes.etcd.raft.Entry;
import io.jarnetes.etcd.raft.EntryType;
import io.jarnetes.etcd.raft.HardState;
import io.jarnetes.etcd.raft.MemoryStorage;
import io.jarnetes.etcd.server.apply.Stores;
import io.jarnetes.etcd.storage.backend.Backend;
import io.jarnetes.etcd.storage.disk.Disk;
import io.jarnetes.etcd.storage.membership.Member;
import io.jarnetes.etcd.storage.membership.MemberIds;
import io.jarnetes.etcd.storage.membership.MemberJson;
import io.jarnetes.etcd.storage.snap.Snapshotter;
import io.jarnetes.etcd.storage.wal.Wal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * From a configuration and what is on disk to a member that can be driven, in upstream's boot
 * order: directories, database, WAL, membership. What is done where a log is already is {@link
 * Restart}'s.
 */
final class Bootstrap {
    /** Members are compared with each other: most pairs differ, and must not be waited for. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final EtcdConfig config;
    private final Disk disk;
    private final RemoteCluster remote;
    private final StoreOpener opener;
    private final Log log;
    private final List<Runnable> opened = new ArrayList<>();

    /**
     * @param synced the last index that is on disk, for the database's commits
     */
    Bootstrap(EtcdConfig config, Disk disk, RemoteCluster remote, LongSupplier synced, Log log) {
        this.config = config;
        this.disk = disk;
        this.remote = remote;
        this.opener = new StoreOpener(config, disk, synced);
        this.log = log;
    }

    /**
     * @throws BootException if the configuration and the files do not go together
     */
    BootState boot() {
        try {
            return bootFromDisk();
        } catch (RuntimeException | Error e) {
            // Whoever may start there instead, perhaps in this process, needs their locks.
            opened.forEach(close -> closeAfter(e, close));
            throw e;
        }
    }

    private static void closeAfter(Throwable reason, Runnable close) {
        try {
            close.run();
        } catch (RuntimeException e) {
            reason.addSuppressed(e);
        }
    }

    private BootState bootFromDisk() {
        Path snapDir = config.snapPath();
        disk.createDirectories(snapDir);
        Snapshotter snapshotter = new Snapshotter(disk, snapDir);
        for (String name : snapshotter.deleteLeftOvers()) {
            log.info("found orphan defragmentation or snapshot file; deleting", "path", name);
        }
        if (Wal.exists(disk, config.walPath())) {
            return new Restart(config, disk, opener, opened, log).boot(snapshotter);
        }
        if (config.cluster().forceNew()) {
            throw new BootException(
                    "--force-new-cluster needs the data directory of a member, and "
                            + config.walPath()
                            + " holds no log");
        }
        return config.cluster().existing() ? join(snapshotter) : startNew(snapshotter);
    }

    /** What opens the database, now and when the leader sends another one. */
    StoreOpener opener() {
        return opener;
    }

    // A new cluster

    private BootState startNew(Snapshotter snapshotter) {
        List<Member> members = initialMembers();
        Member self = self(members);
        long clusterId = MemberIds.cluster(members.stream().map(Member::id).toList());
        refuseBootstrapped(self);
        Backend backend = openBackend();
        Wal wal = createWal(self.id(), clusterId);
        List<Entry> entries = new ArrayList<>();
        for (Member member : members) {
            byte[] change =
                    new ConfChange(
                                    0,
                                    ConfChangeType.ADD_NODE,
                                    member.id(),
                                    MemberJson.encode(member))
                            .marshal();
            entries.add(new Entry(EntryType.CONF_CHANGE, 1, entries.size() + 1, change));
        }
        HardState state = new HardState(1, 0, entries.size());
        wal.save(state, entries);
        MemoryStorage storage = new MemoryStorage();
        storage.setHardState(state);
        storage.append(entries);
        Stores stores = opener.stores(backend, clusterId, self.id());
        log.info(
                "starting local member",
                "local-member-id",
                Ids.hex(self.id()),
                "cluster-id",
                Ids.hex(clusterId));
        return new BootState(self.id(), clusterId, storage, wal, snapshotter, stores, 0, List.of());
    }

    /** By id, as upstream orders the first conf changes. */
    private List<Member> initialMembers() {
        List<Member> members = new ArrayList<>();
        for (Map.Entry<String, List<String>> entry : config.cluster().initial().entrySet()) {
            members.add(
                    Member.create(
                            entry.getKey(),
                            entry.getValue().stream().sorted().toList(),
                            config.cluster().token(),
                            OptionalLong.empty(),
                            false));
        }
        members.sort((a, b) -> Long.compareUnsigned(a.id(), b.id()));
        return members;
    }

    private Member self(List<Member> members) {
        Member self =
                members.stream()
                        .filter(m -> m.name().equals(config.name()))
                        .findFirst()
                        .orElseThrow(() ->
                                new BootException(
                                        "couldn't find local name \""
                                                + config.name()
                                                + "\" in the initial cluster"
                                                + " configuration"));
        requireAdvertised(self);
        requireDistinct();
        return self;
    }

    /** No two members at one place. */
    private void requireDistinct() {
        Map<String, List<String>> initial = new TreeMap<>(config.cluster().initial());
        List<String> urls = initial.values().stream().flatMap(List::stream).toList();
        if (urls.stream().distinct().count() < urls.size()) {
            String text =
                    initial.entrySet().stream()
                            .flatMap(e -> e.getValue().stream().map(url -> e.getKey() + "=" + url))
                            .sorted()
                            .collect(Collectors.joining(","));
            throw new BootException("initial cluster " + text + " has duplicate url");
        }
    }

    private void requireAdvertised(Member self) {
        var advertised = new TreeSet<String>();
        config.urls().advertisePeer().forEach(url -> advertised.add(url.toString()));
        var named = new TreeSet<>(self.peerUrls());
        if (PeerUrls.same(advertised, named)) {
            return;
        }
        var missing = new TreeSet<>(named);
        missing.removeAll(advertised);
        if (!missing.isEmpty()) {
            throw new BootException(
                    "--initial-cluster has "
                            + config.name()
                            + "="
                            + String.join("," + config.name() + "=", missing)
                            + " but missing from --initial-advertise-peer-urls="
                            + String.join(",", advertised)
                            + difference(config.urls().advertisePeer(), self.peerUrls()));
        }
        advertised.removeAll(named);
        throw new BootException(
                "--initial-advertise-peer-urls has "
                        + String.join(",", advertised)
                        + " but missing from --initial-cluster="
                        + config.name()
                        + "="
                        + String.join("," + config.name() + "=", named));
    }

    /** How two lists of URLs differ, in upstream's words. */
    private static String difference(List<URI> advertised, List<String> named) {
        List<String> left = advertised.stream().map(URI::toString).sorted().toList();
        List<String> right = named.stream().sorted().toList();
        if (left.size() != right.size()) {
            return " (len(" + quoted(left) + ") != len(" + quoted(right) + "))";
        }
        for (int i = 0; i < left.size(); i++) {
            if (!left.get(i).equals(right.get(i))) {
                return " (resolved urls: \"" + left.get(i) + "\" != \"" + right.get(i) + "\")";
            }
        }
        return "";
    }

    private static String quoted(List<String> words) {
        return words.stream().map(w -> "\"" + w + "\"").collect(Collectors.joining(" ", "[", "]"));
    }

    /** A member that was here before and lost its disk must be removed and added anew. */
    private void refuseBootstrapped(Member self) {
        List<String> others = othersUrls(self.name());
        if (others.isEmpty()) {
            return;
        }
        RemoteCluster.Found found = remote.find(others);
        if (found == null) {
            return;
        }
        for (Member member : found.members()) {
            if (member.id() == self.id() && member.started() && !member.clientUrls().isEmpty()) {
                throw new BootException(
                        "member "
                                + Ids.hex(self.id())
                                + " has already been bootstrapped: its data directory was lost;"
                                + " remove it from the cluster (etcdctl member remove), add it"
                                + " again (member add) and start it with"
                                + " --initial-cluster-state=existing");
            }
        }
    }

    private List<String> othersUrls(String self) {
        return config.cluster().initial().entrySet().stream()
                .filter(e -> !e.getKey().equals(self))
                .flatMap(e -> e.getValue().stream())
                .sorted()
                .toList();
    }

    private Wal createWal(long memberId, long clusterId) {
        byte[] metadata =
                Metadata.newBuilder()
                        .setNodeID(memberId)
                        .setClusterID(clusterId)
                        .build()
                        .toByteArray();
        Wal wal = Wal.create(disk, config.walPath(), metadata, opener.walOptions());
        opened.add(wal::close);
        return wal;
    }

    private Backend openBackend() {
        Backend backend = opener.backend();
        opened.add(backend::close);
        return backend;
    }

    // Joining

    private BootState join(Snapshotter snapshotter) {
        List<String> others = othersUrls(config.name());
        RemoteCluster.Found found = remote.find(others);
        if (found == null) {
            throw new BootException(
                    "cannot fetch cluster info from peer urls: none of "
                            + String.join(", ", others)
                            + " answered; --initial-cluster-state=existing needs a member that"
                            + " runs");
        }
        requireCompatible(others);
        List<Member> members = matched(found.members());
        Member self =
                members.stream()
                        .filter(m -> m.name().equals(config.name()))
                        .findFirst()
                        .orElseThrow(() ->
                                new BootException(
                                        "couldn't find local name \""
                                                + config.name()
                                                + "\" in the initial cluster"
                                                + " configuration"));
        Backend backend = openBackend();
        Wal wal = createWal(self.id(), found.clusterId());
        Stores stores = opener.stores(backend, found.clusterId(), self.id());
        stores.cluster().assume(members);
        log.info(
                "starting local member",
                "local-member-id",
                Ids.hex(self.id()),
                "cluster-id",
                Ids.hex(found.clusterId()));
        return new BootState(
                self.id(),
                found.clusterId(),
                new MemoryStorage(),
                wal,
                snapshotter,
                stores,
                0,
                members.stream().filter(m -> m.id() != self.id()).toList());
    }

    /** The running members with the names of the configuration, found by their peer URLs. */
    private List<Member> matched(List<Member> running) {
        Map<String, List<String>> named = config.cluster().initial();
        if (named.size() != running.size()) {
            throw new BootException(
                    "error validating peerURLs: member count is unequal: --initial-cluster names "
                            + named.size()
                            + " members, the cluster has "
                            + running.size()
                            + " (was this one added with etcdctl member add?)");
        }
        List<Member> members = new ArrayList<>();
        for (Member member : running) {
            String name =
                    named.entrySet().stream()
                            .filter(e -> PeerUrls.same(e.getValue(), member.peerUrls(), PATIENCE))
                            .map(Map.Entry::getKey)
                            .findFirst()
                            .orElseThrow(() ->
                                    new BootException(
                                            "error validating peerURLs: unmatched member"
                                                    + " while checking PeerURLs: "
                                                    + String.join(",", member.peerUrls())
                                                    + " is not in --initial-cluster"));
            members.add(member.withAttributes(name, member.clientUrls()));
        }
        return members;
    }

    private void requireCompatible(List<String> peers) {
        for (RemoteCluster.Versions versions : remote.versions(peers)) {
            String cluster = versions.cluster();
            if (cluster.isEmpty() || cluster.equals("not_decided")) {
                continue;
            }
            if (Ids.minor(cluster) > Ids.minor(config.compatibility().version())) {
                throw new BootException(
                        "incompatible with current running cluster: its version is "
                                + cluster
                                + ", this member's is "
                                + config.compatibility().version());
            }
            return;
        }
    }
}
