package io.jarnetes.etcd.storage.membership;

import io.jarnetes.etcd.storage.backend.Backend;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The members, the removed ones, the cluster's version and a downgrade job, in memory and in the
 * buckets {@code members}, {@code members_removed} and {@code cluster}.
 */
public final class RaftCluster {
    /** How many learners a cluster may have unless configured otherwise. */
    public static final int DEFAULT_MAX_LEARNERS = 1;

    /**
     * A cluster as {@code backend} holds it; without members when it holds none.
     *
     * @param clusterId see {@link MemberIds#cluster}
     * @param localId this member's id
     */
    public static RaftCluster open(Backend backend, long clusterId, long localId, int maxLearners) {
        throw new UnsupportedOperationException();
    }

    /** The cluster's id. */
    public long clusterId() {
        throw new UnsupportedOperationException();
    }

    /** This member's id. */
    public long localId() {
        throw new UnsupportedOperationException();
    }

    /** All members, by id (unsigned). */
    public List<Member> members() {
        throw new UnsupportedOperationException();
    }

    /** The members with a vote, by id. */
    public List<Member> votingMembers() {
        throw new UnsupportedOperationException();
    }

    /** One member, or null. */
    public @Nullable Member member(long id) {
        throw new UnsupportedOperationException();
    }

    /** The member of this name, or null. */
    public @Nullable Member memberByName(String name) {
        throw new UnsupportedOperationException();
    }

    /** Whether the id once was a member's and was removed. */
    public boolean isIdRemoved(long id) {
        throw new UnsupportedOperationException();
    }

    /** The removed ids. */
    public Set<Long> removed() {
        throw new UnsupportedOperationException();
    }

    /** All peer URLs, sorted. */
    public List<String> peerUrls() {
        throw new UnsupportedOperationException();
    }

    /** All client URLs, sorted. */
    public List<String> clientUrls() {
        throw new UnsupportedOperationException();
    }

    /** Whether this member is a learner. */
    public boolean isLocalMemberLearner() {
        throw new UnsupportedOperationException();
    }

    /**
     * Checks that a member can be added now.
     *
     * @throws MembershipException if not
     */
    public void validateAdd(Member member) {
        throw new UnsupportedOperationException();
    }

    /**
     * Checks that a learner can be promoted now.
     *
     * @throws MembershipException if not
     */
    public void validatePromote(long id) {
        throw new UnsupportedOperationException();
    }

    /**
     * Checks that a member can be removed now.
     *
     * @throws MembershipException if not
     */
    public void validateRemove(long id) {
        throw new UnsupportedOperationException();
    }

    /**
     * Checks that a member can get these peer URLs now.
     *
     * @throws MembershipException if not
     */
    public void validateUpdate(Member member) {
        throw new UnsupportedOperationException();
    }

    /** Adds a member. */
    public void addMember(Member member) {
        throw new UnsupportedOperationException();
    }

    /** Removes a member for good; nothing but the mark when it was gone already. */
    public void removeMember(long id) {
        throw new UnsupportedOperationException();
    }

    /** Gives a learner its vote. */
    public void promoteMember(long id) {
        throw new UnsupportedOperationException();
    }

    /** Changes a member's peer URLs. */
    public void updateRaftAttributes(long id, List<String> peerUrls) {
        throw new UnsupportedOperationException();
    }

    /**
     * Changes a member's name and client URLs; ignored for a removed one.
     *
     * @throws IllegalStateException for an id that never was a member
     */
    public void updateAttributes(long id, String name, List<String> clientUrls) {
        throw new UnsupportedOperationException();
    }

    /** The cluster's version, "3.6.0", or null before it is decided. */
    public @Nullable String version() {
        throw new UnsupportedOperationException();
    }

    /** Sets the cluster's version. */
    public void setVersion(String version) {
        throw new UnsupportedOperationException();
    }

    /** The downgrade job. */
    public DowngradeInfo downgradeInfo() {
        throw new UnsupportedOperationException();
    }

    /** Sets or ends the downgrade job. */
    public void setDowngradeInfo(DowngradeInfo info) {
        throw new UnsupportedOperationException();
    }

    /** Whether one more voter, not started, would leave a quorum of started ones. */
    public boolean isReadyToAddVotingMember() {
        throw new UnsupportedOperationException();
    }

    /** Whether a quorum of started voters is left without this one. */
    public boolean isReadyToRemoveVotingMember(long id) {
        throw new UnsupportedOperationException();
    }

    /** Whether a quorum of started voters is there once this one has a vote. */
    public boolean isReadyToPromoteMember(long id) {
        throw new UnsupportedOperationException();
    }

    /** The v2 store's JSON for a .snap file, made from the members and the version. */
    public byte[] v2SnapshotJson() {
        throw new UnsupportedOperationException();
    }

    /** Replaces members, version and downgrade job by what {@code backend} holds. */
    public void restore(Backend backend) {
        throw new UnsupportedOperationException();
    }
}
