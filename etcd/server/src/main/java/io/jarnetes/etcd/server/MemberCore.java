package io.jarnetes.etcd.server;

import io.jarnetes.base.log.Log;
import io.jarnetes.etcd.raft.ConfChange;
import io.jarnetes.etcd.raft.Message;
import io.jarnetes.etcd.raft.SoftState;
import io.jarnetes.etcd.server.apply.Quota;
import io.jarnetes.etcd.server.apply.ServerError;
import io.jarnetes.etcd.server.apply.Stores;
import io.jarnetes.etcd.server.driver.AppliedWaits;
import io.jarnetes.etcd.server.driver.RaftDriver;
import io.jarnetes.etcd.server.driver.ReadIndexer;
import io.jarnetes.etcd.server.peer.Transport;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A member's two threads, {@link RaftSide} and {@link ApplySide}, as one: how they begin, end, and
 * are asked.
 */
final class MemberCore {
    private final Stores stores;
    private final Proposals proposals;
    private final AppliedWaits applied;
    private final RaftSide raft;
    private final ApplySide apply;
    private volatile boolean stopped;

    MemberCore(
            EtcdConfig config,
            BootState boot,
            StoreOpener opener,
            EtcdRuntime runtime,
            RequestIds ids,
            Quota quota,
            ServerMetrics metrics,
            Consumer<Throwable> onFailure,
            Log log) {
        stores = boot.stores();
        proposals = new Proposals(config.timing().request().toNanos());
        applied = new AppliedWaits(boot.applied());
        raft = new RaftSide(config, boot, ids, applied, proposals, metrics, onFailure, log);
        apply =
                new ApplySide(
                        config, boot, opener, runtime, quota, raft, applied, proposals, metrics,
                        onFailure, log);
    }

    /** Who raises alarms, and who is told of terms and watchers; before {@link #start}. */
    void attach(EtcdMember member, Duties duties) {
        apply.attach(member, duties);
    }

    /**
     * @param onLeadership hears on the raft thread of a change of leader or role
     */
    void start(Transport network, Consumer<SoftState> onLeadership) {
        apply.start(network);
        raft.start(network, apply, onLeadership);
    }

    RaftStatus status() {
        return raft.leadership().status();
    }

    /** The last index on this member's disk. */
    long synced() {
        return raft.leadership().synced();
    }

    Compactor compactor() {
        return apply.compactor();
    }

    AppliedWaits applied() {
        return applied;
    }

    Proposals proposals() {
        return proposals;
    }

    ReadIndexer reads() {
        return raft.reads();
    }

    boolean isStopped() {
        return stopped;
    }

    void propose(byte[] data) {
        raft.propose(data);
    }

    void proposeConfChange(ConfChange change) {
        raft.proposeConfChange(change);
    }

    /**
     * Hands a peer's message to raft.
     *
     * @throws io.jarnetes.etcd.server.peer.ReceiveBufferFullException if too many of it wait
     */
    void step(Message message) {
        raft.step(message);
    }

    void reportUnreachable(long id) {
        raft.reportUnreachable(id);
    }

    void reportSnapshot(long id, boolean delivered) {
        raft.reportSnapshot(id, delivered);
    }

    void peerActive(long id) {
        raft.peerActive(id);
    }

    CompletableFuture<Void> moveLeader(long target) {
        return raft.moveLeader(target);
    }

    <T> CompletableFuture<T> onRaft(Function<RaftDriver, T> work) {
        return unlessStopped(raft.ask(work));
    }

    <T> CompletableFuture<T> onApply(Function<Stores, T> work) {
        return unlessStopped(apply.ask(work));
    }

    private <T> CompletableFuture<T> unlessStopped(CompletableFuture<T> answer) {
        return stopped ? CompletableFuture.failedFuture(ServerError.STOPPED.exception()) : answer;
    }

    static <T> void complete(CompletableFuture<T> future, Supplier<T> work) {
        try {
            future.complete(work.get());
        } catch (RuntimeException e) {
            future.completeExceptionally(e);
        }
    }

    /** Brings watchers along that begin in the past. */
    void hurryWatchers() {
        apply.hurryWatchers();
    }

    /** Stops both threads, commits what is applied, closes the files. */
    void close() {
        stopped = true;
        apply.stopCompacting();
        raft.stop();
        apply.stop();
        proposals.failAll(ServerError.STOPPED.exception());
        stores.backend().close();
        raft.closeLog();
    }
}
