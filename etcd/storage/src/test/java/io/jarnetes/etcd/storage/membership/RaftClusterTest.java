package io.jarnetes.etcd.storage.membership;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jarnetes.etcd.storage.backend.Backend;
import io.jarnetes.etcd.storage.backend.BackendOptions;
import io.jarnetes.etcd.storage.backend.Bucket;
import io.jarnetes.etcd.storage.backend.MemoryFile;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class RaftClusterTest {
    private static final long BIG = 0xb8c6addf901e4e46L;

    private final Backend backend = Backend.over(new MemoryFile(), BackendOptions.defaults());
    private final RaftCluster cluster = RaftCluster.open(backend, 1, BIG, 1);

    private static Member member(long id, String url) {
        return new Member(id, "", List.of(url), List.of(), false);
    }

    private static Member learner(long id, String url) {
        return new Member(id, "", List.of(url), List.of(), true);
    }

    private static void refused(MembershipException.Code code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        MembershipException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private String stored(Bucket bucket, String key) {
        byte[] value = backend.get(bucket, key.getBytes(UTF_8));
        return value == null ? "nothing" : new String(value, UTF_8);
    }

    @Test
    void membersStandInTheBackendAsGoWritesThem() {
        cluster.addMember(member(BIG, "http://a:2380"));
        cluster.updateAttributes(BIG, "a&b", List.of("http://a:2379"));
        assertThat(stored(Bucket.MEMBERS, "b8c6addf901e4e46"))
                .isEqualTo(
                        "{\"id\":13314520524074667590,\"peerURLs\":[\"http://a:2380\"],"
                                + "\"name\":\"a\\u0026b\",\"clientURLs\":[\"http://a:2379\"]}");
        cluster.addMember(learner(2, "http://b:2380"));
        assertThat(stored(Bucket.MEMBERS, "2"))
                .isEqualTo("{\"id\":2,\"peerURLs\":[\"http://b:2380\"],\"isLearner\":true}");
        cluster.removeMember(2);
        assertThat(stored(Bucket.MEMBERS, "2")).isEqualTo("nothing");
        assertThat(stored(Bucket.MEMBERS_REMOVED, "2")).isEqualTo("removed");
    }

    @Test
    void everythingIsThereAfterReopening() {
        cluster.addMember(member(BIG, "http://a:2380"));
        cluster.addMember(learner(2, "http://b:2380"));
        cluster.promoteMember(2);
        cluster.updateRaftAttributes(2, List.of("http://c:2380"));
        cluster.addMember(member(3, "http://d:2380"));
        cluster.removeMember(3);
        cluster.setVersion("3.6.0");
        cluster.setDowngradeInfo(new DowngradeInfo("3.5.0", true));

        RaftCluster again = RaftCluster.open(backend, 1, BIG, 1);
        assertThat(again.members())
                .containsExactly(member(2, "http://c:2380"), member(BIG, "http://a:2380"));
        assertThat(again.removed()).containsExactly(3L);
        assertThat(again.version()).isEqualTo("3.6.0");
        assertThat(again.downgradeInfo()).isEqualTo(new DowngradeInfo("3.5.0", true));
        assertThat(stored(Bucket.CLUSTER, "downgrade"))
                .isEqualTo("{\"target-version\":\"3.5.0\",\"enabled\":true}");
    }

    @Test
    void changesAreValidated() {
        cluster.addMember(member(1, "http://a:1"));
        cluster.addMember(learner(2, "http://b:1"));
        cluster.addMember(member(3, "http://c:1"));
        cluster.removeMember(3);

        refused(
                MembershipException.Code.ID_EXISTS,
                () -> cluster.validateAdd(member(1, "http://x:1")));
        refused(
                MembershipException.Code.ID_REMOVED,
                () -> cluster.validateAdd(member(3, "http://x:1")));
        refused(
                MembershipException.Code.PEER_URL_EXISTS,
                () -> cluster.validateAdd(member(4, "http://a:1")));
        refused(
                MembershipException.Code.TOO_MANY_LEARNERS,
                () -> cluster.validateAdd(learner(4, "http://x:1")));
        cluster.validateAdd(member(4, "http://c:1"));
        refused(MembershipException.Code.MEMBER_NOT_LEARNER, () -> cluster.validatePromote(1));
        refused(MembershipException.Code.ID_NOT_FOUND, () -> cluster.validatePromote(9));
        cluster.validatePromote(2);
        refused(MembershipException.Code.ID_REMOVED, () -> cluster.validateRemove(3));
        refused(
                MembershipException.Code.PEER_URL_EXISTS,
                () -> cluster.validateUpdate(member(1, "http://b:1")));
        cluster.validateUpdate(member(1, "http://a:1"));
    }

    @Test
    void validationGoesByWhatIsAppliedNotByWhatIsAssumed() {
        cluster.assume(List.of(member(1, "http://a:1"), member(2, "http://b:1")));
        assertThat(cluster.members()).hasSize(2);
        cluster.validateAdd(member(1, "http://a:1"));
        cluster.addMember(member(1, "http://a:1"));
        assertThat(cluster.members()).hasSize(2);
        assertThat(RaftCluster.open(backend, 1, 1, 1).members()).hasSize(1);
    }

    @Test
    void quorumsOfStartedMembers() {
        cluster.addMember(member(1, "http://a:1"));
        cluster.updateAttributes(1, "a", List.of());
        assertThat(cluster.isReadyToAddVotingMember()).as("one may become two").isTrue();
        cluster.addMember(member(2, "http://b:1"));
        assertThat(cluster.isReadyToAddVotingMember()).as("1 of 3 started").isFalse();
        assertThat(cluster.isReadyToRemoveVotingMember(1)).isFalse();
        assertThat(cluster.isReadyToRemoveVotingMember(2)).isTrue();
        cluster.addMember(learner(3, "http://c:1"));
        assertThat(cluster.isReadyToPromoteMember(3)).as("2 of 3 started").isTrue();
    }

    @Test
    void attributesOfStrangersAreAFaultAndOfRemovedOnesIgnored() {
        assertThatThrownBy(() -> cluster.updateAttributes(7, "x", List.of()))
                .isInstanceOf(IllegalStateException.class);
        cluster.addMember(member(7, "http://a:1"));
        cluster.removeMember(7);
        cluster.updateAttributes(7, "x", List.of());
        assertThat(cluster.members()).isEmpty();
    }

    @Test
    void theV2StoreComesBack() {
        cluster.addMember(member(BIG, "http://a:2380"));
        cluster.updateAttributes(BIG, "a", List.of("http://a:2379"));
        cluster.addMember(learner(2, "http://b:2380"));
        cluster.addMember(member(3, "http://c:2380"));
        cluster.removeMember(3);
        cluster.setVersion("3.5.0");

        V2Snapshot again = V2Snapshot.decode(cluster.v2SnapshotJson());
        assertThat(again.members()).isEqualTo(cluster.members());
        assertThat(again.removed()).containsExactly(3L);
        assertThat(again.version()).isEqualTo("3.5.0");
    }

    /** A database of 3.5 lacks client URLs and, before 3.5.20, promotions. */
    @Test
    void theV2StoreOfALeaderSaysMoreThanItsDatabase() {
        cluster.addMember(learner(2, "http://b:2380"));
        cluster.addMember(member(3, "http://c:2380"));
        cluster.removeMember(3);
        Member complete =
                new Member(2, "b", List.of("http://b:2380"), List.of("http://b:2379"), false);
        V2Snapshot leaders =
                V2Snapshot.of(List.of(complete, member(3, "http://c:2380")), List.of(), "3.5.0");
        cluster.adopt(leaders);
        assertThat(cluster.members()).containsExactly(complete);
        assertThat(RaftCluster.open(backend, 1, BIG, 1).members()).containsExactly(complete);
    }

    /** The file of a snapshot may be older than the database beside it. */
    @Test
    void theV2StoreOfAFileFillsInWhatTheDatabaseLacks() {
        cluster.addMember(member(2, "http://b:2380"));
        cluster.addMember(member(3, "http://c:2380"));
        cluster.updateAttributes(3, "c", List.of("http://new:2379"));
        V2Snapshot old =
                V2Snapshot.of(
                        List.of(
                                new Member(2, "b", List.of(), List.of("http://b:2379"), true),
                                new Member(3, "c", List.of(), List.of("http://old:2379"), false),
                                new Member(4, "d", List.of(), List.of("http://d:2379"), false)),
                        List.of(),
                        "3.5.0");
        cluster.complete(old);
        assertThat(cluster.members())
                .containsExactly(
                        new Member(
                                2, "b", List.of("http://b:2380"), List.of("http://b:2379"), false),
                        new Member(
                                3,
                                "c",
                                List.of("http://c:2380"),
                                List.of("http://new:2379"),
                                false));
    }

    @Test
    void confChangesCarryMembers() {
        byte[] json = MemberJson.encodeContext(learner(BIG, "http://a:1"), true);
        assertThat(new String(json, UTF_8))
                .isEqualTo(
                        "{\"id\":13314520524074667590,\"peerURLs\":[\"http://a:1\"],"
                                + "\"isLearner\":true,\"isPromote\":true}");
        assertThat(MemberJson.isPromote(json)).isTrue();
        assertThat(MemberJson.decode(json)).isEqualTo(learner(BIG, "http://a:1"));
        assertThat(MemberJson.decode("{\"id\":1,\"peerURLs\":null}".getBytes(UTF_8)))
                .isEqualTo(new Member(1));
        assertThatThrownBy(() -> MemberJson.decode("[]".getBytes(UTF_8)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> MemberJson.decode("{".getBytes(UTF_8)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
