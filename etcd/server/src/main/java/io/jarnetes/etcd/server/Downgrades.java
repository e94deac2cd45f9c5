package io.jarnetes.etcd.server;

import io.jarnetes.etcd.proto.etcdserverpb.DowngradeRequest;
import io.jarnetes.etcd.proto.etcdserverpb.DowngradeResponse;
import io.jarnetes.etcd.proto.etcdserverpb.InternalRaftRequest;
import io.jarnetes.etcd.proto.membershippb.DowngradeInfoSetRequest;
import io.jarnetes.etcd.server.EtcdConfig.Compatibility;
import io.jarnetes.etcd.server.apply.ServerError;
import io.jarnetes.etcd.storage.membership.RaftCluster;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Maintenance.Downgrade: going back by one minor version. */
public final class Downgrades {
    private static final String IDENTIFIERS = "([0-9A-Za-z-]+(\\.[0-9A-Za-z-]+)*)?";

    /** As upstream's semver reads it, and "3.5" too. */
    private static final Pattern VERSION =
            Pattern.compile(
                    "(\\d{1,18})\\.(\\d{1,18})(\\.\\d{1,18}(-"
                            + IDENTIFIERS
                            + ")?(\\+"
                            + IDENTIFIERS
                            + ")?)?");

    private final EtcdMember member;

    Downgrades(EtcdMember member) {
        this.member = member;
    }

    public CompletableFuture<DowngradeResponse> handle(DowngradeRequest request) {
        return switch (request.getAction()) {
            case VALIDATE -> validate(request.getVersion()).thenApply(v -> response());
            case ENABLE ->
                    validate(request.getVersion())
                            .thenCompose(target -> set(true, target))
                            .thenApply(v -> response());
            case CANCEL -> cancel();
            case UNRECOGNIZED -> throw ServerError.UNKNOWN_METHOD.exception();
        };
    }

    private RaftCluster cluster() {
        return member.stores().cluster();
    }

    private DowngradeResponse response() {
        return DowngradeResponse.newBuilder()
                .setHeader(member.header())
                .setVersion(shown(String.valueOf(cluster().version())))
                .build();
    }

    /** "3.6.0" as "3.6"; 3.5 shows it all. */
    private String shown(String version) {
        int patch = version.lastIndexOf('.');
        boolean whole = patch < 0 || member.config().compatibility() == Compatibility.V3_5;
        return !whole ? version.substring(0, patch) : version;
    }

    /** The target as "3.5.0", if it is the one that may be gone to. */
    private CompletableFuture<String> validate(String version) {
        Matcher parts = VERSION.matcher(version);
        if (!parts.matches()) {
            throw ServerError.WRONG_DOWNGRADE_VERSION_FORMAT.exception();
        }
        String target =
                Long.parseLong(parts.group(1)) + "." + Long.parseLong(parts.group(2)) + ".0";
        String now = cluster().version();
        if (now == null) {
            throw ServerError.CLUSTER_VERSION_UNAVAILABLE.exception();
        }
        return member.linearizable().thenApply(v -> allowed(target));
    }

    private String allowed(String target) {
        String now = String.valueOf(cluster().version());
        String below = "3." + (Ids.minor(now) - 1) + ".0";
        if (!target.equals(below)) {
            throw ServerError.INVALID_DOWNGRADE_TARGET.exception();
        }
        if (cluster().downgradeInfo().enabled()) {
            throw ServerError.DOWNGRADE_IN_PROCESS.exception();
        }
        return target;
    }

    private CompletableFuture<DowngradeResponse> cancel() {
        return member.linearizable()
                .thenCompose(v -> {
                    if (cluster().downgradeInfo().enabled()) {
                        return set(false, "");
                    }
                    // 3.6 notes it in its log, and answers as if there had been one.
                    if (member.config().compatibility() == Compatibility.V3_5) {
                        throw ServerError.NO_INFLIGHT_DOWNGRADE.exception();
                    }
                    return CompletableFuture.completedFuture(null);
                })
                .thenApply(v -> response());
    }

    CompletableFuture<Void> set(boolean enabled, String target) {
        return member.proposeAsRoot(
                        InternalRaftRequest.newBuilder()
                                .setDowngradeInfoSet(
                                        DowngradeInfoSetRequest.newBuilder()
                                                .setEnabled(enabled)
                                                .setVer(target)))
                .thenAccept(done -> {});
    }
}
