package io.jarnetes.etcd.server;

import com.google.protobuf.Message;
import io.jarnetes.base.log.Log;
import io.jarnetes.etcd.proto.etcdserverpb.AlarmRequest;
import io.jarnetes.etcd.proto.etcdserverpb.AlarmRequest.AlarmAction;
import io.jarnetes.etcd.proto.etcdserverpb.AlarmType;
import io.jarnetes.etcd.proto.etcdserverpb.InternalRaftRequest;
import io.jarnetes.etcd.proto.etcdserverpb.RequestHeader;
import io.jarnetes.etcd.proto.etcdserverpb.ResponseHeader;
import io.jarnetes.etcd.raft.ConfChange;
import io.jarnetes.etcd.raft.ConfChangeType;
import io.jarnetes.etcd.raft.Status;
import io.jarnetes.etcd.server.apply.ApplyResult;
import io.jarnetes.etcd.server.apply.AuthGuard;
import io.jarnetes.etcd.server.apply.Quota;
import io.jarnetes.etcd.server.apply.ServerError;
import io.jarnetes.etcd.server.apply.Stores;
import io.jarnetes.etcd.server.driver.AppliedWaits;
import io.jarnetes.etcd.storage.auth.AuthInfo;
import io.jarnetes.etcd.storage.auth.AuthStore;
import io.jarnetes.etcd.storage.backend.Backend;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What services see of a running member: its stores, proposals, reads and standing. Any thread;
 * nothing here blocks.
 */
public final class EtcdMember {
    /** How far applying may lag behind before proposals are refused. */
    private static final long MAX_APPLY_GAP = 5_000;

    private final EtcdConfig config;
    private final Stores stores;
    private final AuthGuard guard;
    private final MemberCore core;
    private final RequestIds ids;
    private final Quota quota;
    private final ServerMetrics metrics;
    private final EtcdRuntime runtime;
    private final Log log;

    EtcdMember(
            EtcdConfig config,
            Stores stores,
            MemberCore core,
            RequestIds ids,
            Quota quota,
            ServerMetrics metrics,
            EtcdRuntime runtime,
            Log log) {
        this.config = config;
        this.stores = stores;
        this.guard = new AuthGuard(stores.auth(), stores.lessor());
        this.core = core;
        this.ids = ids;
        this.quota = quota;
        this.metrics = metrics;
        this.runtime = runtime;
        this.log = log;
    }

    public EtcdConfig config() {
        return config;
    }

    public Stores stores() {
        return stores;
    }

    public Quota quota() {
        return quota;
    }

    public ServerMetrics metrics() {
        return metrics;
    }

    public EtcdRuntime runtime() {
        return runtime;
    }

    public Log log() {
        return log;
    }

    public long memberId() {
        return stores.cluster().localId();
    }

    public RaftStatus raft() {
        return core.status();
    }

    public long applied() {
        return core.applied().applied();
    }

    AppliedWaits appliedWaits() {
        return core.applied();
    }

    public boolean isLeader() {
        return raft().lead() == memberId();
    }

    public boolean hasLeader() {
        return raft().lead() != 0;
    }

    public boolean isLearner() {
        return stores.cluster().isLocalMemberLearner();
    }

    public long nextId() {
        return ids.next();
    }

    MemberCore core() {
        return core;
    }

    /** Whether the member is closing. */
    public boolean isStopped() {
        return core.isStopped();
    }

    /** A header with the current revision. */
    public ResponseHeader header() {
        return header(stores.mvcc().revision());
    }

    public ResponseHeader header(long revision) {
        return ResponseHeader.newBuilder()
                .setClusterId(stores.cluster().clusterId())
                .setMemberId(memberId())
                .setRevision(revision)
                .setRaftTerm(raft().term())
                .build();
    }

    /**
     * Who the caller is, or null if authentication is off or it does not say.
     *
     * @throws io.jarnetes.etcd.storage.auth.AuthException for a token that is nobody's
     */
    public @Nullable AuthInfo authInfo(Caller caller) {
        AuthStore auth = stores.auth();
        if (!auth.isAuthEnabled()) {
            return null;
        }
        if (!caller.token().isEmpty()) {
            return auth.authInfoFromToken(caller.token());
        }
        if (config.clientTls().clientCertAuth() && !caller.commonName().isEmpty()) {
            return new AuthInfo(caller.commonName(), auth.revision());
        }
        return null;
    }

    /**
     * Proposes a request, and answers on {@code where} with what came of it when it is applied
     * here.
     */
    public CompletableFuture<Message> propose(
            InternalRaftRequest.Builder request, Caller caller, Executor where) {
        AuthInfo who = request.hasAuthenticate() ? null : authInfo(caller);
        if (request.hasTxn()) {
            // Upstream's members drop these ranges where no client waits, and apply the rest: who
            // may not read must be refused before the others hear of it.
            guard.outerRanges(who == null ? AuthInfo.NONE : who, request.getTxn());
        }
        return proposeAs(request, who, where).thenApply(EtcdMember::response);
    }

    /** Proposes for the member itself, with root's rights. */
    CompletableFuture<Message> proposeAsRoot(InternalRaftRequest.Builder request) {
        AuthStore auth = stores.auth();
        AuthInfo root = auth.isAuthEnabled() ? new AuthInfo("root", auth.revision()) : null;
        return proposeAs(request, root, Runnable::run).thenApply(EtcdMember::response);
    }

    private static Message response(ApplyResult result) {
        if (result.failure() != null) {
            throw result.failure();
        }
        return result.response() == null
                ? InternalRaftRequest.getDefaultInstance()
                : result.response();
    }

    private CompletableFuture<ApplyResult> proposeAs(
            InternalRaftRequest.Builder request, @Nullable AuthInfo who, Executor where) {
        if (core.isStopped()) {
            return CompletableFuture.failedFuture(ServerError.STOPPED.exception());
        }
        if (raft().committed() > applied() + MAX_APPLY_GAP || !core.proposals().hasRoom()) {
            return CompletableFuture.failedFuture(ServerError.TOO_MANY_REQUESTS.exception());
        }
        long id = ids.next();
        RequestHeader.Builder header = RequestHeader.newBuilder().setID(id);
        if (who != null) {
            header.setUsername(who.username()).setAuthRevision(who.revision());
        }
        byte[] data = request.setHeader(header).build().toByteArray();
        if (data.length > config.limits().maxRequestBytes()) {
            return CompletableFuture.failedFuture(ServerError.REQUEST_TOO_LARGE.exception());
        }
        CompletableFuture<ApplyResult> future = core.proposals().register(id, data.length, where);
        core.propose(data);
        return future;
    }

    /** Completes when the stores hold all that was committed before; see ReadIndexer. */
    public CompletableFuture<Void> linearizable() {
        return core.isStopped()
                ? CompletableFuture.failedFuture(ServerError.STOPPED.exception())
                : core.reads().await();
    }

    /** The same, told on {@code where}, all that wait there in one hop. */
    public CompletableFuture<Void> linearizable(Executor where) {
        return core.isStopped()
                ? CompletableFuture.failedFuture(ServerError.STOPPED.exception())
                : core.reads().await(where);
    }

    /** Proposes a change of the membership; completes when it is applied here. */
    CompletableFuture<Void> configure(ConfChangeType type, long member, byte[] context) {
        if (core.isStopped()) {
            return CompletableFuture.failedFuture(ServerError.STOPPED.exception());
        }
        long id = ids.next();
        CompletableFuture<ApplyResult> future =
                core.proposals().register(id, context.length, runtime.background());
        core.proposeConfChange(new ConfChange(id, type, member, context));
        return future.thenAccept(result -> {
            log.info(
                    "applied a configuration change through raft",
                    "local-member-id",
                    Ids.hex(memberId()),
                    "raft-conf-change",
                    type.toString(),
                    "raft-conf-change-node-id",
                    Ids.hex(member));
            response(result);
        });
    }

    /** Raises an alarm of this member on all members. */
    public CompletableFuture<Message> raise(AlarmType alarm) {
        return proposeAsRoot(
                InternalRaftRequest.newBuilder()
                        .setAlarm(
                                AlarmRequest.newBuilder()
                                        .setMemberID(memberId())
                                        .setAction(AlarmAction.ACTIVATE)
                                        .setAlarm(alarm)));
    }

    /** To be called when a watcher was made that begins in the past. */
    public void hurryWatchers() {
        core.hurryWatchers();
    }

    /** Hands leadership over; completes when another member leads. */
    public CompletableFuture<Void> moveLeader(long target) {
        return core.moveLeader(target);
    }

    /** What the leader knows of its followers. */
    public CompletableFuture<Status> raftStatus() {
        return core.onRaft(driver -> driver.node().status());
    }

    /** Completes when what a compaction at this revision removes is gone from the database. */
    public CompletableFuture<Void> compacted(long revision) {
        return core.compactor().when(revision);
    }

    /** The database as of now, everything applied so far in it; made on the apply thread. */
    public CompletableFuture<Backend.Snapshot> databaseSnapshot() {
        return core.onApply(stores -> {
            commitAll(stores.backend());
            return stores.backend().snapshot();
        });
    }

    /** The database with everything that is applied so far in its file. */
    public CompletableFuture<Backend> committedDatabase() {
        return core.onApply(stores -> {
            commitAll(stores.backend());
            return stores.backend();
        });
    }

    /** Runs on the apply thread, between two entries. */
    public <T> CompletableFuture<T> onApply(Function<Stores, T> work) {
        return core.onApply(work);
    }

    static void commitAll(Backend backend) {
        while (!backend.commit()) {
            java.util.concurrent.locks.LockSupport.parkNanos(100_000);
        }
    }
}
