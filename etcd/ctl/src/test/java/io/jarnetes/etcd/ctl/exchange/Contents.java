package io.jarnetes.etcd.ctl.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.TextFormat;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.jarnetes.etcd.proto.etcdserverpb.AlarmRequest;
import io.jarnetes.etcd.proto.etcdserverpb.AuthRoleGetRequest;
import io.jarnetes.etcd.proto.etcdserverpb.AuthRoleListRequest;
import io.jarnetes.etcd.proto.etcdserverpb.AuthStatusRequest;
import io.jarnetes.etcd.proto.etcdserverpb.AuthUserGetRequest;
import io.jarnetes.etcd.proto.etcdserverpb.AuthUserListRequest;
import io.jarnetes.etcd.proto.etcdserverpb.HashKVRequest;
import io.jarnetes.etcd.proto.etcdserverpb.HashKVResponse;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseLeasesRequest;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseTimeToLiveRequest;
import io.jarnetes.etcd.proto.etcdserverpb.MemberListRequest;
import io.jarnetes.etcd.proto.etcdserverpb.RangeRequest;
import io.jarnetes.etcd.proto.etcdserverpb.RangeResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All that a cluster holds, as its clients see it.
 *
 * @param authRevision null where the server can't say (3.4)
 * @param hashes of each revision that is left, the current one included
 */
record Contents(
        long revision,
        long compactRevision,
        String ids,
        List<String> keys,
        SortedMap<Long, String> leases,
        SortedMap<String, String> users,
        SortedMap<String, String> roles,
        List<String> alarms,
        @Nullable Long authRevision,
        SortedMap<Long, String> hashes) {

    private static final ByteString EVERYTHING = ByteString.copyFrom(new byte[1]);

    /** Keys that are written while a server is killed; nobody knows which of them are there. */
    static final String BURST = "burst/";

    /** Asks a member, as a user who may see all. */
    static Contents read(Hand hand) {
        RangeResponse all =
                hand.kv()
                        .range(
                                RangeRequest.newBuilder()
                                        .setKey(EVERYTHING)
                                        .setRangeEnd(EVERYTHING)
                                        .build());
        List<String> keys = new ArrayList<>();
        all.getKvsList().stream()
                .filter(kv -> !kv.getKey().toStringUtf8().startsWith(BURST))
                .forEach(kv -> keys.add(line(kv)));
        long revision = all.getHeader().getRevision();
        HashKVResponse now = hash(hand, revision);
        return new Contents(
                revision,
                now.getCompactRevision(),
                ids(hand),
                keys,
                leases(hand),
                users(hand),
                roles(hand),
                hand
                        .maintenance()
                        .alarm(
                                AlarmRequest.newBuilder()
                                        .setAction(AlarmRequest.AlarmAction.GET)
                                        .build())
                        .getAlarmsList()
                        .stream()
                        .map(Contents::line)
                        .sorted()
                        .toList(),
                authRevision(hand),
                hashes(hand, now.getCompactRevision() + 1, revision));
    }

    private static String line(com.google.protobuf.Message message) {
        return TextFormat.printer().emittingSingleLine(true).printToString(message);
    }

    private static HashKVResponse hash(Hand hand, long revision) {
        return hand.maintenance().hashKV(HashKVRequest.newBuilder().setRevision(revision).build());
    }

    /** Hash and compact revision of each revision. */
    static SortedMap<Long, String> hashes(Hand hand, long from, long to) {
        SortedMap<Long, String> hashes = new TreeMap<>();
        for (long revision = Math.max(1, from); revision <= to; revision++) {
            HashKVResponse hash = hash(hand, revision);
            hashes.put(
                    revision,
                    Integer.toUnsignedString(hash.getHash()) + "/" + hash.getCompactRevision());
        }
        return hashes;
    }

    private static String ids(Hand hand) {
        var list = hand.cluster().memberList(MemberListRequest.getDefaultInstance());
        StringBuilder text = new StringBuilder(Long.toHexString(list.getHeader().getClusterId()));
        list.getMembersList().stream()
                .sorted((a, b) -> Long.compareUnsigned(a.getID(), b.getID()))
                .forEach(member -> text.append("\n").append(line(member)));
        return text.toString();
    }

    private static SortedMap<Long, String> leases(Hand hand) {
        SortedMap<Long, String> leases = new TreeMap<>();
        hand.lease()
                .leaseLeases(LeaseLeasesRequest.getDefaultInstance())
                .getLeasesList()
                .forEach(lease -> {
                    var found =
                            hand.lease()
                                    .leaseTimeToLive(
                                            LeaseTimeToLiveRequest.newBuilder()
                                                    .setID(lease.getID())
                                                    .setKeys(true)
                                                    .build());
                    List<String> keys =
                            found.getKeysList().stream()
                                    .map(ByteString::toStringUtf8)
                                    .filter(key -> !key.startsWith(BURST))
                                    .sorted()
                                    .toList();
                    leases.put(lease.getID(), found.getGrantedTTL() + " s " + keys);
                });
        return leases;
    }

    private static SortedMap<String, String> users(Hand hand) {
        SortedMap<String, String> users = new TreeMap<>();
        hand.auth()
                .userList(AuthUserListRequest.getDefaultInstance())
                .getUsersList()
                .forEach(name ->
                        users.put(
                                name,
                                hand.auth()
                                        .userGet(
                                                AuthUserGetRequest.newBuilder()
                                                        .setName(name)
                                                        .build())
                                        .getRolesList()
                                        .toString()));
        return users;
    }

    /** What versions say of the role root differs, and nothing of it is stored. */
    private static SortedMap<String, String> roles(Hand hand) {
        SortedMap<String, String> roles = new TreeMap<>();
        hand.auth()
                .roleList(AuthRoleListRequest.getDefaultInstance())
                .getRolesList()
                .forEach(name ->
                        roles.put(
                                name,
                                name.equals("root")
                                        ? ""
                                        : hand
                                                .auth()
                                                .roleGet(
                                                        AuthRoleGetRequest.newBuilder()
                                                                .setRole(name)
                                                                .build())
                                                .getPermList()
                                                .stream()
                                                .map(Contents::line)
                                                .toList()
                                                .toString()));
        return roles;
    }

    private static @Nullable Long authRevision(Hand hand) {
        try {
            return hand.auth().authStatus(AuthStatusRequest.getDefaultInstance()).getAuthRevision();
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.UNIMPLEMENTED) {
                return null;
            }
            throw e;
        }
    }

    /**
     * Says in what {@code after} differs.
     *
     * @param more whether revisions after this one are expected, of a burst
     */
    void assertKept(Contents after, boolean more) {
        assertThat(after.ids).isEqualTo(ids);
        assertThat(after.keys).isEqualTo(keys);
        assertThat(after.leases).isEqualTo(leases);
        assertThat(after.users).isEqualTo(users);
        assertThat(after.roles).isEqualTo(roles);
        assertThat(after.alarms).isEqualTo(alarms);
        if (authRevision != null && after.authRevision != null) {
            assertThat(after.authRevision).as("auth revision").isEqualTo(authRevision);
        }
        assertThat(after.compactRevision).as("compact revision").isEqualTo(compactRevision);
        assertThat(Map.copyOf(after.hashes.headMap(revision + 1))).isEqualTo(Map.copyOf(hashes));
        if (!more) {
            assertThat(after.revision).as("revision").isEqualTo(revision);
        }
    }

    /** Says in what a cluster that was made from a snapshot differs, but for its ids. */
    void assertRestored(Contents after) {
        assertThat(after.keys).isEqualTo(keys);
        assertThat(after.leases).isEqualTo(leases);
        assertThat(after.users).isEqualTo(users);
        assertThat(after.roles).isEqualTo(roles);
        assertThat(after.authRevision).as("auth revision").isEqualTo(authRevision);
        assertThat(after.hashes).isEqualTo(hashes);
        assertThat(after.revision).as("revision").isEqualTo(revision);
    }
}
