package io.jarnetes.etcd.server;

import io.jarnetes.etcd.raft.ConfChangeType;
import io.jarnetes.etcd.raft.Status;
import io.jarnetes.etcd.server.apply.ServerError;
import io.jarnetes.etcd.server.peer.PeerHttpClient;
import io.jarnetes.etcd.server.peer.Transport;
import io.jarnetes.etcd.server.peer.Urls;
import io.jarnetes.etcd.storage.membership.Member;
import io.jarnetes.etcd.storage.membership.MemberJson;
import io.jarnetes.etcd.storage.membership.MembershipException;
import io.jarnetes.etcd.storage.membership.MembershipException.Code;
import io.jarnetes.etcd.storage.membership.RaftCluster;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Changes of the membership, with the checks that keep a quorum alive ({@code
 * --strict-reconfig-check}).
 */
public final class Reconfiguration {
    private static final long HEALTH_SECONDS = 5;
    private static final double READY_SHARE = 0.9;
    private static final String PROMOTE_PATH = "/members/promote/";
    private static final String NOT_IN_SYNC = "which is in sync with leader";
    private static final long PROMOTE_RETRY_MILLIS = 100;
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int PRECONDITION_FAILED = 412;

    private final EtcdMember member;
    private final Transport transport;
    private final PeerQuestions peers;
    private final Clock clock;

    Reconfiguration(EtcdMember member, Transport transport, PeerQuestions peers, Clock clock) {
        this.member = member;
        this.transport = transport;
        this.peers = peers;
        this.clock = clock;
    }

    private RaftCluster cluster() {
        return member.stores().cluster();
    }

    private boolean strict() {
        return member.config().cluster().strictReconfigCheck();
    }

    /** Adds a member; answers with it. */
    public CompletableFuture<Member> add(List<String> peerUrls, boolean learner) {
        requireUrls(peerUrls);
        Member added =
                Member.create(
                        "",
                        peerUrls.stream().map(String::strip).sorted().toList(),
                        "",
                        OptionalLong.of(clock.instant().getEpochSecond()),
                        learner);
        if (strict()) {
            if (!learner && !cluster().isReadyToAddVotingMember()) {
                throw ServerError.NOT_ENOUGH_STARTED_MEMBERS.exception();
            }
            List<Member> voters = cluster().votingMembers();
            // The new one counts as down.
            if (voters.size() > 1 && connected(voters) < (voters.size() + 1) / 2 + 1) {
                throw ServerError.UNHEALTHY.exception();
            }
        }
        ConfChangeType type = learner ? ConfChangeType.ADD_LEARNER_NODE : ConfChangeType.ADD_NODE;
        return member.configure(type, added.id(), MemberJson.encode(added)).thenApply(v -> added);
    }

    /** Removes a member. */
    public CompletableFuture<Void> remove(long id) {
        Member gone = cluster().member(id);
        boolean learner = gone != null && gone.learner();
        if (strict() && !learner) {
            if (!cluster().isReadyToRemoveVotingMember(id)) {
                throw ServerError.NOT_ENOUGH_STARTED_MEMBERS.exception();
            }
            boolean down = id != member.memberId() && transport.activeSince(id) == null;
            List<Member> voters = cluster().votingMembers();
            if (!down && connected(voters) - 1 < 1 + (voters.size() - 1) / 2) {
                throw ServerError.UNHEALTHY.exception();
            }
        }
        return member.configure(ConfChangeType.REMOVE_NODE, id, new byte[0]);
    }

    /** Changes where a member is reached by its peers. */
    public CompletableFuture<Void> update(long id, List<String> peerUrls) {
        // Upstream takes anything, and whoever has to dial it panics: a lone member dials nobody.
        if (cluster().member(id) != null && cluster().members().size() > 1) {
            requireUrls(peerUrls);
        }
        Member changed = new Member(id, "", peerUrls, List.of(), false);
        return member.configure(ConfChangeType.UPDATE_NODE, id, MemberJson.encode(changed));
    }

    /** Gives a learner its vote; only the leader knows whether it is ready. */
    public CompletableFuture<Void> promote(long id) {
        return member.isLeader() ? promoteHere(id) : promoteAtLeader(id);
    }

    CompletableFuture<Void> promoteHere(long id) {
        return member.linearizable()
                .thenCompose(v -> member.raftStatus())
                .thenCompose(status -> {
                    requireReady(id, status);
                    Member promoted = new Member(id, "", List.of(), List.of(), false);
                    return member.configure(
                            ConfChangeType.ADD_NODE, id, MemberJson.encodeContext(promoted, true));
                })
                .whenComplete((v, failure) -> {
                    if (failure == null) {
                        member.metrics().promoteSuccesses.inc();
                    } else {
                        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
                        member.metrics()
                                .promoteFailures
                                .with(String.valueOf(cause.getMessage()))
                                .inc();
                    }
                });
    }

    private void requireReady(long id, Status status) {
        Status.Peer own = status.progress().get(status.id());
        if (own == null) {
            throw ServerError.NOT_LEADER.exception();
        }
        Status.Peer learner = status.progress().get(id);
        if (learner == null) {
            cluster().validatePromote(id);
            throw ServerError.LEARNER_NOT_READY.exception();
        }
        if (learner.match() < READY_SHARE * own.match()) {
            throw ServerError.LEARNER_NOT_READY.exception();
        }
        if (strict() && !cluster().isReadyToPromoteMember(id)) {
            throw ServerError.NOT_ENOUGH_STARTED_MEMBERS.exception();
        }
    }

    /** Asks one URL of the leader after the other, and again, while it isn't known or silent. */
    private CompletableFuture<Void> promoteAtLeader(long id) {
        CompletableFuture<Void> promoted = new CompletableFuture<>();
        long patience = member.config().timing().request().toNanos();
        promoteAtLeader(id, 0, System.nanoTime() + patience, promoted);
        // The caller is answered with the membership here, which is to have the change in it.
        return promoted.thenCompose(v -> member.linearizable());
    }

    private void promoteAtLeader(
            long id, int attempt, long deadlineNanos, CompletableFuture<Void> promoted) {
        Member leader = cluster().member(member.raft().lead());
        List<String> urls = leader == null ? List.of() : leader.peerUrls();
        if (urls.isEmpty()) {
            promoteLater(id, attempt, deadlineNanos, promoted);
            return;
        }
        peers.post(
                        urls.get(attempt % urls.size()),
                        PROMOTE_PATH + Long.toUnsignedString(id),
                        new byte[0])
                .whenComplete((answer, failure) -> {
                    if (answer == null || !isFinal(answer, promoted)) {
                        promoteLater(id, attempt, deadlineNanos, promoted);
                    }
                });
    }

    private void promoteLater(
            long id, int attempt, long deadlineNanos, CompletableFuture<Void> promoted) {
        try {
            if (System.nanoTime() - deadlineNanos > 0) {
                boolean leaderless = member.raft().lead() == 0;
                promoted.completeExceptionally(
                        (leaderless ? ServerError.NO_LEADER : ServerError.TIMEOUT).exception());
            } else {
                member.runtime()
                        .loops()
                        .schedule(
                                () -> promoteAtLeader(id, attempt + 1, deadlineNanos, promoted),
                                PROMOTE_RETRY_MILLIS,
                                TimeUnit.MILLISECONDS);
            }
        } catch (RejectedExecutionException e) {
            promoted.completeExceptionally(ServerError.STOPPED.exception());
        }
    }

    /** Whether the leader has decided; what it said is in the future then. */
    private static boolean isFinal(
            PeerHttpClient.Response answer, CompletableFuture<Void> promoted) {
        switch (answer.status()) {
            case OK -> promoted.complete(null);
            case NOT_FOUND -> promoted.completeExceptionally(refused(Code.ID_NOT_FOUND));
            case PRECONDITION_FAILED ->
                    promoted.completeExceptionally(
                            answer.text().contains(NOT_IN_SYNC)
                                    ? ServerError.LEARNER_NOT_READY.exception()
                                    : refused(Code.MEMBER_NOT_LEARNER));
            default -> {
                return false;
            }
        }
        return true;
    }

    /** The leader's word, not what the membership here says: that may be a moment behind. */
    private static MembershipException refused(Code why) {
        return new MembershipException(why);
    }

    /** How many of these were in touch for a while, this member included. */
    private long connected(List<Member> members) {
        Instant since = clock.instant().minusSeconds(HEALTH_SECONDS);
        return members.stream()
                .filter(m -> m.id() == member.memberId() || isConnected(m.id(), since))
                .count();
    }

    private boolean isConnected(long id, Instant since) {
        Instant active = transport.activeSince(id);
        return active != null && active.isBefore(since);
    }

    /**
     * Refuses what no member could be reached at.
     *
     * @throws RuntimeException for none, or if one isn't a peer URL
     */
    public static void requireUrls(List<String> urls) {
        if (urls.isEmpty() || !urls.stream().allMatch(Urls::isPeerUrl)) {
            throw ServerError.BAD_MEMBER_URLS.exception();
        }
    }
}
