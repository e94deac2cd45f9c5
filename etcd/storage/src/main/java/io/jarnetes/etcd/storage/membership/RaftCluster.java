package io.jarnetes.etcd.storage.membership;

import io.jarnetes.etcd.storage.backend.Backend;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The members, the removed ones, the cluster's version and a downgrade job, in memory and in the
 * buckets {@code members}, {@code members_removed} and {@code cluster}.
 */
public final class RaftCluster {
    /** How many learners a cluster may have unless configured otherwise. */
    public static final int DEFAULT_MAX_LEARNERS = 1;

    /**
     * Immutable; a change replaces it.
     *
     * @param stored the members in the backend, which validation goes by
     * @param members these, and before they are applied those that peers told of
     */
    private record State(
            Map<Long, Member> stored,
            Map<Long, Member> members,
            Set<Long> removed,
            @Nullable String version,
            DowngradeInfo downgrade) {}

    private final long clusterId;
    private final long localId;
    private final int maxLearners;
    private MembershipBucket bucket;
    private volatile State state;

    private RaftCluster(Backend backend, long clusterId, long localId, int maxLearners) {
        this.clusterId = clusterId;
        this.localId = localId;
        this.maxLearners = maxLearners;
        this.bucket = new MembershipBucket(backend);
        this.state = load(bucket);
    }

    /**
     * A cluster as {@code backend} holds it; without members when it holds none.
     *
     * @param clusterId see {@link MemberIds#cluster}
     * @param localId this member's id
     */
    public static RaftCluster open(Backend backend, long clusterId, long localId, int maxLearners) {
        return new RaftCluster(backend, clusterId, localId, maxLearners);
    }

    private static State load(MembershipBucket bucket) {
        Map<Long, Member> members = Collections.unmodifiableMap(bucket.members());
        return new State(
                members,
                members,
                Collections.unmodifiableSet(bucket.removed()),
                bucket.version(),
                bucket.downgrade());
    }

    /** Replaces members, version and downgrade job by what {@code backend} holds. */
    public void restore(Backend backend) {
        bucket = new MembershipBucket(backend);
        state = load(bucket);
    }

    /**
     * Shows these members, which peers or a .snap file told of, until conf changes are applied that
     * add them; nothing is stored.
     */
    public void assume(Collection<Member> members) {
        State now = state;
        Map<Long, Member> shown = sorted(Map.of());
        members.forEach(member -> shown.put(member.id(), member));
        shown.putAll(now.stored());
        state =
                new State(
                        now.stored(),
                        Collections.unmodifiableMap(shown),
                        now.removed(),
                        now.version(),
                        now.downgrade());
    }

    /**
     * Takes what the leader's snapshot says of the members into the backend that came with it:
     * members of 3.5 keep names, client URLs and promotions in the v2 store alone.
     */
    public void adopt(V2Snapshot snapshot) {
        for (Member member : snapshot.members()) {
            if (!isIdRemoved(member.id()) && !member.equals(member(member.id()))) {
                save(member);
            }
        }
    }

    /** The same of a .snap file, which may be older than the backend: fills in what is unknown. */
    public void complete(V2Snapshot snapshot) {
        for (Member known : snapshot.members()) {
            Member member = member(known.id());
            if (member != null && member.clientUrls().isEmpty()) {
                save(member.withAttributes(known.name(), known.clientUrls()));
            }
        }
    }

    private static Map<Long, Member> sorted(Map<Long, Member> members) {
        Map<Long, Member> copy = new TreeMap<>(Long::compareUnsigned);
        copy.putAll(members);
        return copy;
    }

    /** The cluster's id. */
    public long clusterId() {
        return clusterId;
    }

    /** This member's id. */
    public long localId() {
        return localId;
    }

    /** All members, by id (unsigned). */
    public List<Member> members() {
        return List.copyOf(state.members().values());
    }

    /** The members with a vote, by id. */
    public List<Member> votingMembers() {
        return state.members().values().stream().filter(member -> !member.learner()).toList();
    }

    /** One member, or null. */
    public @Nullable Member member(long id) {
        return state.members().get(id);
    }

    /** The member of this name, or null. */
    public @Nullable Member memberByName(String name) {
        for (Member member : state.members().values()) {
            if (member.name().equals(name)) {
                return member;
            }
        }
        return null;
    }

    /** Whether the id once was a member's and was removed. */
    public boolean isIdRemoved(long id) {
        return state.removed().contains(id);
    }

    /** The removed ids. */
    public Set<Long> removed() {
        return state.removed();
    }

    /** All peer URLs, sorted. */
    public List<String> peerUrls() {
        return urls(Member::peerUrls);
    }

    /** All client URLs, sorted. */
    public List<String> clientUrls() {
        return urls(Member::clientUrls);
    }

    private List<String> urls(Function<Member, List<String>> which) {
        return state.members().values().stream()
                .flatMap(member -> which.apply(member).stream())
                .sorted()
                .toList();
    }

    /** Whether this member is a learner. */
    public boolean isLocalMemberLearner() {
        Member local = member(localId);
        return local != null && local.learner();
    }

    /**
     * Checks that a member can be added now.
     *
     * @throws MembershipException if not
     */
    public void validateAdd(Member member) {
        State now = state;
        refuse(now.removed().contains(member.id()), MembershipException.Code.ID_REMOVED);
        refuse(now.stored().containsKey(member.id()), MembershipException.Code.ID_EXISTS);
        refuse(sharesPeerUrl(now, member), MembershipException.Code.PEER_URL_EXISTS);
        long learners = now.stored().values().stream().filter(Member::learner).count();
        refuse(
                member.learner() && learners + 1 > maxLearners,
                MembershipException.Code.TOO_MANY_LEARNERS);
    }

    /**
     * Checks that a learner can be promoted now.
     *
     * @throws MembershipException if not
     */
    public void validatePromote(long id) {
        refuse(!stored(id).learner(), MembershipException.Code.MEMBER_NOT_LEARNER);
    }

    /**
     * Checks that a member can be removed now.
     *
     * @throws MembershipException if not
     */
    public void validateRemove(long id) {
        stored(id);
    }

    /**
     * Checks that a member can get these peer URLs now.
     *
     * @throws MembershipException if not
     */
    public void validateUpdate(Member member) {
        stored(member.id());
        refuse(sharesPeerUrl(state, member), MembershipException.Code.PEER_URL_EXISTS);
    }

    private Member stored(long id) {
        State now = state;
        refuse(now.removed().contains(id), MembershipException.Code.ID_REMOVED);
        Member member = now.stored().get(id);
        if (member == null) {
            throw new MembershipException(MembershipException.Code.ID_NOT_FOUND);
        }
        return member;
    }

    private static boolean sharesPeerUrl(State now, Member member) {
        return now.stored().values().stream()
                .filter(other -> other.id() != member.id())
                .anyMatch(other -> !Collections.disjoint(other.peerUrls(), member.peerUrls()));
    }

    private static void refuse(boolean when, MembershipException.Code code) {
        if (when) {
            throw new MembershipException(code);
        }
    }

    /** Adds a member. */
    public void addMember(Member member) {
        save(member);
    }

    private void save(Member member) {
        bucket.save(member);
        State now = state;
        Map<Long, Member> stored = sorted(now.stored());
        Map<Long, Member> shown = sorted(now.members());
        stored.put(member.id(), member);
        shown.put(member.id(), member);
        replace(stored, shown, now.removed());
    }

    private void replace(Map<Long, Member> stored, Map<Long, Member> shown, Set<Long> removed) {
        State now = state;
        state =
                new State(
                        Collections.unmodifiableMap(stored),
                        Collections.unmodifiableMap(shown),
                        Collections.unmodifiableSet(removed),
                        now.version(),
                        now.downgrade());
    }

    /** Removes a member for good; nothing but the mark when it was gone already. */
    public void removeMember(long id) {
        bucket.remove(id);
        State now = state;
        Map<Long, Member> stored = sorted(now.stored());
        Map<Long, Member> shown = sorted(now.members());
        Set<Long> removed = new TreeSet<>(now.removed());
        stored.remove(id);
        shown.remove(id);
        removed.add(id);
        replace(stored, shown, removed);
    }

    /** Gives a learner its vote; nothing when there is no such member. */
    public void promoteMember(long id) {
        Member member = member(id);
        if (member != null) {
            save(member.promoted());
        }
    }

    /** Changes a member's peer URLs; nothing when there is no such member. */
    public void updateRaftAttributes(long id, List<String> peerUrls) {
        Member member = member(id);
        if (member != null) {
            save(member.withPeerUrls(peerUrls));
        }
    }

    /**
     * Changes a member's name and client URLs; ignored for a removed one.
     *
     * @throws IllegalStateException for an id that never was a member
     */
    public void updateAttributes(long id, String name, List<String> clientUrls) {
        Member member = member(id);
        if (member != null) {
            save(member.withAttributes(name, clientUrls));
        } else if (!isIdRemoved(id)) {
            throw new IllegalStateException(
                    "attributes came for " + Long.toHexString(id) + ", which never was a member");
        }
    }

    /** The cluster's version, "3.6.0", or null before it is decided. */
    public @Nullable String version() {
        return state.version();
    }

    /** Sets the cluster's version. */
    public void setVersion(String version) {
        bucket.saveVersion(version);
        showVersion(version);
    }

    /** Shows a version that a .snap file or a v2 entry told of; nothing is stored. */
    public void showVersion(String version) {
        State now = state;
        state = new State(now.stored(), now.members(), now.removed(), version, now.downgrade());
    }

    /** The downgrade job. */
    public DowngradeInfo downgradeInfo() {
        return state.downgrade();
    }

    /** Sets or ends the downgrade job. */
    public void setDowngradeInfo(DowngradeInfo info) {
        bucket.saveDowngrade(info);
        State now = state;
        state = new State(now.stored(), now.members(), now.removed(), now.version(), info);
    }

    /** Whether one more voter, not started, would leave a quorum of started ones. */
    public boolean isReadyToAddVotingMember() {
        List<Member> voters = votingMembers();
        long started = started(voters);
        // A cluster of one may always grow: that is how data is restored to one member and on.
        return (started == 1 && voters.size() == 1) || started >= quorum(voters.size() + 1);
    }

    /** Whether a quorum of started voters is left without this one. */
    public boolean isReadyToRemoveVotingMember(long id) {
        List<Member> left = votingMembers().stream().filter(member -> member.id() != id).toList();
        return started(left) >= quorum(left.size());
    }

    /** Whether a quorum of started voters is there once this one has a vote. */
    public boolean isReadyToPromoteMember(long id) {
        List<Member> voters = votingMembers();
        return started(voters) + 1 >= quorum(voters.size() + 1);
    }

    private static long started(List<Member> members) {
        return members.stream().filter(Member::started).count();
    }

    private static int quorum(int members) {
        return members / 2 + 1;
    }

    /** The v2 store's JSON for a .snap file, made from the members and the version. */
    public byte[] v2SnapshotJson() {
        State now = state;
        return V2Snapshot.of(now.members().values(), now.removed(), now.version()).encode();
    }
}
