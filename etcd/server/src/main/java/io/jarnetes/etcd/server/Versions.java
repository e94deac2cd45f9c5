package io.jarnetes.etcd.server;

import io.jarnetes.base.log.Log;
import io.jarnetes.etcd.proto.etcdserverpb.InternalRaftRequest;
import io.jarnetes.etcd.proto.membershippb.ClusterVersionSetRequest;
import io.jarnetes.etcd.server.EtcdConfig.Compatibility;
import io.jarnetes.etcd.storage.backend.Bucket;
import io.jarnetes.etcd.storage.backend.Meta;
import io.jarnetes.etcd.storage.membership.DowngradeInfo;
import io.jarnetes.etcd.storage.membership.Member;
import io.jarnetes.etcd.storage.membership.RaftCluster;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The leader's care for the cluster's version: the least that all members have, moved by downgrade
 * jobs; and each member's for the version of its database.
 */
final class Versions {
    /** What the version is while a member was not heard of yet. */
    private static final String LEAST = "3.0.0";

    private final EtcdMember member;
    private final PeerQuestions peers;
    private final Log log;
    private final AtomicBoolean running = new AtomicBoolean();

    Versions(EtcdMember member, PeerQuestions peers, Log log) {
        this.member = member;
        this.peers = peers;
        this.log = log;
    }

    private RaftCluster cluster() {
        return member.stores().cluster();
    }

    /** Decides and proposes, if this is the leader and no other round runs. */
    void check() {
        updateStorageVersion();
        if (!member.isLeader() || !running.compareAndSet(false, true)) {
            return;
        }
        membersLeast()
                .thenCompose(this::decide)
                .whenComplete((done, failure) -> {
                    running.set(false);
                    if (failure != null && !member.isStopped()) {
                        log.warn("failed to decide the cluster version", "error", failure);
                    }
                });
    }

    /** The least server version of all members; null while one of them does not answer. */
    private CompletableFuture<@Nullable String> membersLeast() {
        List<CompletableFuture<String>> answers =
                cluster().members().stream().map(this::serverVersion).toList();
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(v -> {
                    @Nullable String least = null;
                    for (CompletableFuture<String> answer : answers) {
                        String version = answer.join();
                        if (version.isEmpty()) {
                            return null;
                        }
                        if (least == null || Ids.minor(version) < Ids.minor(least)) {
                            least = version;
                        }
                    }
                    return least;
                });
    }

    private CompletableFuture<String> serverVersion(Member other) {
        if (other.id() == member.memberId()) {
            return CompletableFuture.completedFuture(member.config().compatibility().version());
        }
        return peers.version(other).thenApply(v -> v == null ? "" : v.server());
    }

    private CompletableFuture<Void> decide(@Nullable String least) {
        String now = cluster().version();
        String minimum = least == null ? null : "3." + Ids.minor(least) + ".0";
        DowngradeInfo downgrade = cluster().downgradeInfo();
        if (now == null) {
            return set(minimum == null ? LEAST : minimum);
        }
        if (minimum == null) {
            return CompletableFuture.completedFuture(null);
        }
        if (downgrade.enabled()) {
            return downgrade(now, minimum, downgrade.targetVersion());
        }
        return Ids.minor(now) < Ids.minor(minimum)
                ? set(minimum)
                : CompletableFuture.completedFuture(null);
    }

    private CompletableFuture<Void> downgrade(String now, String minimum, String target) {
        if (!target.equals(now)) {
            return Ids.minor(now) == Ids.minor(target) + 1
                    ? set(target)
                    : CompletableFuture.completedFuture(null);
        }
        if (minimum.equals(target)) {
            log.info("the cluster has been downgraded", "cluster-version", target);
            return new Downgrades(member).set(false, "");
        }
        return CompletableFuture.completedFuture(null);
    }

    private CompletableFuture<Void> set(String version) {
        return member.proposeAsRoot(
                        InternalRaftRequest.newBuilder()
                                .setClusterVersionSet(
                                        ClusterVersionSetRequest.newBuilder().setVer(version)))
                .thenAccept(done -> updateStorageVersion());
    }

    /** Notes the cluster's version in the database, as members do from 3.6 on. */
    private void updateStorageVersion() {
        String version = cluster().version();
        if (member.config().compatibility() == Compatibility.V3_5
                || version == null
                || Ids.minor(version) < 5
                || MemberStatus.storageVersion(member).equals(stored(version))) {
            return;
        }
        member.onApply(stores -> {
            byte[] key = Meta.key(Meta.STORAGE_VERSION);
            if (stored(version).isEmpty()) {
                stores.backend().delete(Bucket.META, key);
            } else {
                stores.backend().put(Bucket.META, key, version.getBytes(StandardCharsets.US_ASCII));
            }
            return version;
        });
    }

    /** Databases of 3.5 have no such field. */
    private static String stored(String clusterVersion) {
        return Ids.minor(clusterVersion) >= 6 ? clusterVersion : "";
    }
}
