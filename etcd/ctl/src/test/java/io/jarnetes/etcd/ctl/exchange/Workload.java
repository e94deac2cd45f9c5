package io.jarnetes.etcd.ctl.exchange;

import static io.jarnetes.etcd.ctl.exchange.Hand.utf8;

import com.google.protobuf.ByteString;
import io.jarnetes.etcd.proto.authpb.Permission;
import io.jarnetes.etcd.proto.authpb.UserAddOptions;
import io.jarnetes.etcd.proto.etcdserverpb.AlarmRequest;
import io.jarnetes.etcd.proto.etcdserverpb.AlarmType;
import io.jarnetes.etcd.proto.etcdserverpb.AuthDisableRequest;
import io.jarnetes.etcd.proto.etcdserverpb.AuthEnableRequest;
import io.jarnetes.etcd.proto.etcdserverpb.AuthRoleAddRequest;
import io.jarnetes.etcd.proto.etcdserverpb.AuthRoleDeleteRequest;
import io.jarnetes.etcd.proto.etcdserverpb.AuthRoleGrantPermissionRequest;
import io.jarnetes.etcd.proto.etcdserverpb.AuthRoleRevokePermissionRequest;
import io.jarnetes.etcd.proto.etcdserverpb.AuthUserAddRequest;
import io.jarnetes.etcd.proto.etcdserverpb.AuthUserChangePasswordRequest;
import io.jarnetes.etcd.proto.etcdserverpb.AuthUserDeleteRequest;
import io.jarnetes.etcd.proto.etcdserverpb.AuthUserGrantRoleRequest;
import io.jarnetes.etcd.proto.etcdserverpb.CompactionRequest;
import io.jarnetes.etcd.proto.etcdserverpb.Compare;
import io.jarnetes.etcd.proto.etcdserverpb.DeleteRangeRequest;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseGrantRequest;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseRevokeRequest;
import io.jarnetes.etcd.proto.etcdserverpb.MemberAddRequest;
import io.jarnetes.etcd.proto.etcdserverpb.MemberRemoveRequest;
import io.jarnetes.etcd.proto.etcdserverpb.PutRequest;
import io.jarnetes.etcd.proto.etcdserverpb.RangeRequest;
import io.jarnetes.etcd.proto.etcdserverpb.RequestOp;
import io.jarnetes.etcd.proto.etcdserverpb.StatusRequest;
import io.jarnetes.etcd.proto.etcdserverpb.TxnRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** What clients do, from a seed: everything that leaves a mark in a data directory. */
final class Workload {
    private static final int KEYS = 40;
    private static final int LARGEST_VALUE_BYTES = 6000;
    private static final String ROOT = "root";

    private final Random random;
    private final List<Long> leases = new ArrayList<>();
    private final Map<String, String> passwords = new TreeMap<>();
    private long revision = 1;
    private long compacted;
    private int lastName;
    private boolean leasing = true;

    Workload(long seed) {
        random = new Random(seed);
    }

    /** This, without any leases. */
    Workload withoutLeases() {
        leasing = false;
        return this;
    }

    /** Names and passwords of the users that can log in. */
    Map<String, String> passwords() {
        return passwords;
    }

    /** Many changes of keys and leases, with a compaction among them. */
    void data(Hand hand, int steps) {
        int compactAt = random.nextInt(steps / 2, steps);
        for (int i = 0; i < steps; i++) {
            step(hand);
            if (i == compactAt && revision > compacted + 2) {
                compacted = random.nextLong(compacted + 1, revision);
                hand.kv()
                        .compact(
                                CompactionRequest.newBuilder()
                                        .setRevision(compacted)
                                        .setPhysical(true)
                                        .build());
            }
        }
    }

    private void step(Hand hand) {
        switch (random.nextInt(12)) {
            case 0 -> delete(hand);
            case 1 -> txn(hand);
            case 2 -> lease(hand);
            default -> {
                long lease =
                        leases.isEmpty() || random.nextInt(4) > 0
                                ? 0
                                : leases.get(random.nextInt(leases.size()));
                revision = hand.put(key(), value(), lease);
            }
        }
    }

    private String key() {
        return "key/" + random.nextInt(KEYS);
    }

    private ByteString value() {
        // Most values are small; some spread over overflow pages.
        byte[] value =
                new byte[random.nextInt(random.nextInt(10) == 0 ? LARGEST_VALUE_BYTES : 200)];
        random.nextBytes(value);
        return ByteString.copyFrom(value);
    }

    private void delete(Hand hand) {
        DeleteRangeRequest.Builder request = DeleteRangeRequest.newBuilder().setKey(utf8(key()));
        if (random.nextInt(3) == 0) {
            request.setRangeEnd(utf8(key()));
        }
        revision = hand.kv().deleteRange(request.build()).getHeader().getRevision();
    }

    private void txn(Hand hand) {
        String key = key();
        TxnRequest inner =
                TxnRequest.newBuilder()
                        .addCompare(
                                Compare.newBuilder()
                                        .setTarget(Compare.CompareTarget.MOD)
                                        .setResult(Compare.CompareResult.LESS)
                                        .setKey(utf8(key))
                                        .setModRevision(revision))
                        .addSuccess(put("txn/" + random.nextInt(5)))
                        .addFailure(put("txn/other"))
                        .build();
        TxnRequest outer =
                TxnRequest.newBuilder()
                        .addCompare(
                                Compare.newBuilder()
                                        .setTarget(Compare.CompareTarget.VERSION)
                                        .setResult(Compare.CompareResult.GREATER)
                                        .setKey(utf8(key))
                                        .setVersion(1))
                        .addSuccess(put("txn/a" + random.nextInt(3)))
                        .addSuccess(
                                RequestOp.newBuilder()
                                        .setRequestDeleteRange(
                                                DeleteRangeRequest.newBuilder()
                                                        .setKey(utf8("txn/b"))
                                                        .setRangeEnd(utf8("txn/c"))))
                        .addSuccess(RequestOp.newBuilder().setRequestTxn(inner))
                        .addFailure(put("txn/b" + random.nextInt(3)))
                        .addFailure(
                                RequestOp.newBuilder()
                                        .setRequestRange(
                                                RangeRequest.newBuilder().setKey(utf8(key))))
                        .build();
        revision = hand.kv().txn(outer).getHeader().getRevision();
    }

    private RequestOp put(String key) {
        return RequestOp.newBuilder()
                .setRequestPut(PutRequest.newBuilder().setKey(utf8(key)).setValue(value()))
                .build();
    }

    private void lease(Hand hand) {
        if (!leasing) {
            return;
        }
        if (leases.size() > 4) {
            long id = leases.remove(random.nextInt(leases.size()));
            revision =
                    hand.lease()
                            .leaseRevoke(LeaseRevokeRequest.newBuilder().setID(id).build())
                            .getHeader()
                            .getRevision();
            return;
        }
        long id = random.nextInt(3) == 0 ? random.nextLong(1, Long.MAX_VALUE) : 0;
        leases.add(
                hand.lease()
                        .leaseGrant(
                                LeaseGrantRequest.newBuilder()
                                        .setID(id)
                                        .setTTL(random.nextLong(3600, 100_000))
                                        .build())
                        .getID());
    }

    /**
     * A learner comes and goes, and another one comes; neither is ever started.
     *
     * @param stays whether the second one is left
     */
    void members(Hand hand, boolean stays) {
        remove(hand, learner(hand, "http://127.0.0.1:" + (1 + random.nextInt(500))));
        long second = learner(hand, "http://127.0.0.1:" + (501 + random.nextInt(500)));
        if (!stays) {
            remove(hand, second);
        }
    }

    private static long learner(Hand hand, String url) {
        long id =
                hand.cluster()
                        .memberAdd(
                                MemberAddRequest.newBuilder()
                                        .addPeerURLs(url)
                                        .setIsLearner(true)
                                        .build())
                        .getMember()
                        .getID();
        hand.settled();
        return id;
    }

    private static void remove(Hand hand, long id) {
        hand.cluster().memberRemove(MemberRemoveRequest.newBuilder().setID(id).build());
        hand.settled();
    }

    /** Users, roles and permissions; some are taken away again. */
    void people(Hand hand) {
        for (int i = 0; i < 4; i++) {
            int number = ++lastName;
            hand.auth().roleAdd(AuthRoleAddRequest.newBuilder().setName("role" + number).build());
            permissions(hand, "role" + number);
            user(hand, "user" + number, "secret" + number, "role" + number);
        }
        String last = String.valueOf(lastName);
        hand.auth().userDelete(AuthUserDeleteRequest.newBuilder().setName("user" + last).build());
        passwords.remove("user" + last);
        hand.auth().roleDelete(AuthRoleDeleteRequest.newBuilder().setRole("role" + last).build());
        hand.auth()
                .userAdd(
                        AuthUserAddRequest.newBuilder()
                                .setName("by-certificate" + last)
                                .setOptions(UserAddOptions.newBuilder().setNoPassword(true))
                                .build());
    }

    private void user(Hand hand, String name, String password, String role) {
        hand.auth()
                .userAdd(
                        AuthUserAddRequest.newBuilder()
                                .setName(name)
                                .setPassword(password)
                                .build());
        hand.auth()
                .userGrantRole(
                        AuthUserGrantRoleRequest.newBuilder().setUser(name).setRole(role).build());
        passwords.put(name, password);
    }

    private void permissions(Hand hand, String role) {
        for (int i = 0; i < 3; i++) {
            hand.auth()
                    .roleGrantPermission(
                            AuthRoleGrantPermissionRequest.newBuilder()
                                    .setName(role)
                                    .setPerm(
                                            Permission.newBuilder()
                                                    .setPermType(
                                                            Permission.Type.forNumber(
                                                                    random.nextInt(3)))
                                                    .setKey(utf8("key/" + i))
                                                    .setRangeEnd(utf8("key/" + (i + 1))))
                                    .build());
        }
        if (random.nextBoolean()) {
            hand.auth()
                    .roleRevokePermission(
                            AuthRoleRevokePermissionRequest.newBuilder()
                                    .setRole(role)
                                    .setKey(utf8("key/1"))
                                    .setRangeEnd(utf8("key/2"))
                                    .build());
        }
    }

    /** Turns authentication on and goes on as root. */
    void enableAuth(Hand hand) {
        hand.auth().roleAdd(AuthRoleAddRequest.newBuilder().setName(ROOT).build());
        user(hand, ROOT, "r00t", ROOT);
        hand.auth().authEnable(AuthEnableRequest.getDefaultInstance());
        login(hand);
    }

    void login(Hand hand) {
        hand.login(ROOT, "r00t");
    }

    /** Changes a password, then turns authentication off. */
    void disableAuth(Hand hand) {
        hand.auth()
                .userChangePassword(
                        AuthUserChangePasswordRequest.newBuilder()
                                .setName("user1")
                                .setPassword("changed")
                                .build());
        passwords.put("user1", "changed");
        login(hand);
        hand.auth().authDisable(AuthDisableRequest.getDefaultInstance());
        hand.logout();
    }

    /** The member says that it has no space left. */
    void raiseAlarm(Hand hand) {
        alarm(hand, AlarmRequest.AlarmAction.ACTIVATE);
    }

    void disarm(Hand hand) {
        alarm(hand, AlarmRequest.AlarmAction.DEACTIVATE);
    }

    private static void alarm(Hand hand, AlarmRequest.AlarmAction action) {
        long member =
                hand.maintenance()
                        .status(StatusRequest.getDefaultInstance())
                        .getHeader()
                        .getMemberId();
        hand.maintenance()
                .alarm(
                        AlarmRequest.newBuilder()
                                .setAction(action)
                                .setMemberID(member)
                                .setAlarm(AlarmType.NOSPACE)
                                .build());
    }

    /** Large values; 72 are more than a segment of the log holds. */
    void bulk(Hand hand, int count) {
        byte[] value = new byte[1 << 20];
        for (int i = 0; i < count; i++) {
            random.nextBytes(value);
            revision = hand.put("bulk/" + i % 10, ByteString.copyFrom(value), 0);
        }
    }

    /** How many writes of a burst to wait for before a kill. */
    int burstSize() {
        return random.nextInt(20, 150);
    }
}
