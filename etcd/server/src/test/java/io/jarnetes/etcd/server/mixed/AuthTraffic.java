package io.jarnetes.etcd.server.mixed;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.jarnetes.base.Eventually;
import io.jarnetes.etcd.proto.authpb.Permission;
import io.jarnetes.etcd.proto.authpb.UserAddOptions;
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
import io.jarnetes.etcd.proto.etcdserverpb.AuthUserListRequest;
import io.jarnetes.etcd.proto.etcdserverpb.AuthUserRevokeRoleRequest;
import io.jarnetes.etcd.proto.etcdserverpb.AuthenticateRequest;
import java.util.List;
import java.util.Random;

/** Changes of users and roles, made up by a generator, and authentication turned on and off. */
final class AuthTraffic {
    private static final int USERS = 4;
    private static final int ROLES = 4;
    private static final String ROOT = "root";
    private static final String PASSWORD = "secret";

    private final Random random;
    private final RandomRequests requests;

    AuthTraffic(Random random, RandomRequests requests) {
        this.random = random;
        this.requests = requests;
    }

    private String user() {
        return "user" + random.nextInt(USERS);
    }

    private String role() {
        return "role" + random.nextInt(ROLES);
    }

    /** One change, which may be refused: the user may be there already, or the role not. */
    void change(Endpoint e) {
        switch (random.nextInt(8)) {
            case 0 -> e.auth().userAdd(newUser());
            case 1 -> e.auth().roleAdd(AuthRoleAddRequest.newBuilder().setName(role()).build());
            case 2, 3 ->
                    e.auth()
                            .roleGrantPermission(
                                    AuthRoleGrantPermissionRequest.newBuilder()
                                            .setName(role())
                                            .setPerm(permission())
                                            .build());
            case 4 ->
                    e.auth()
                            .userGrantRole(
                                    AuthUserGrantRoleRequest.newBuilder()
                                            .setUser(user())
                                            .setRole(role())
                                            .build());
            case 5 ->
                    e.auth()
                            .userChangePassword(
                                    AuthUserChangePasswordRequest.newBuilder()
                                            .setName(user())
                                            .setPassword(PASSWORD)
                                            .build());
            default -> takeBack(e);
        }
    }

    private void takeBack(Endpoint e) {
        switch (random.nextInt(6)) {
            case 0 ->
                    e.auth().userDelete(AuthUserDeleteRequest.newBuilder().setName(user()).build());
            case 1 ->
                    e.auth().roleDelete(AuthRoleDeleteRequest.newBuilder().setRole(role()).build());
            case 2, 3 ->
                    e.auth()
                            .userRevokeRole(
                                    AuthUserRevokeRoleRequest.newBuilder()
                                            .setName(user())
                                            .setRole(role())
                                            .build());
            default ->
                    e.auth()
                            .roleRevokePermission(
                                    AuthRoleRevokePermissionRequest.newBuilder()
                                            .setRole(role())
                                            .setKey(requests.key())
                                            .build());
        }
    }

    private AuthUserAddRequest newUser() {
        AuthUserAddRequest.Builder add = AuthUserAddRequest.newBuilder().setName(user());
        return random.nextInt(4) == 0
                ? add.setOptions(UserAddOptions.newBuilder().setNoPassword(true)).build()
                : add.setPassword(PASSWORD).build();
    }

    private Permission permission() {
        Permission.Builder permission =
                Permission.newBuilder()
                        .setPermType(Permission.Type.forNumber(random.nextInt(3)))
                        .setKey(requests.key());
        if (random.nextBoolean()) {
            permission.setRangeEnd(
                    random.nextInt(4) == 0 ? ByteString.copyFrom(new byte[1]) : requests.key());
        }
        return permission.build();
    }

    /** What must be there before authentication can be turned on. */
    void prepare(Endpoint e) {
        e.auth()
                .userAdd(
                        AuthUserAddRequest.newBuilder()
                                .setName(ROOT)
                                .setPassword(PASSWORD)
                                .build());
        e.auth().roleAdd(AuthRoleAddRequest.newBuilder().setName(ROOT).build());
        e.auth()
                .userGrantRole(
                        AuthUserGrantRoleRequest.newBuilder().setUser(ROOT).setRole(ROOT).build());
    }

    void enable(Endpoint e) {
        e.auth().authEnable(AuthEnableRequest.getDefaultInstance());
    }

    /** Calls of this endpoint are root's from now on. */
    void becomeRoot(Endpoint e) {
        become(e, ROOT);
    }

    /** Calls of this endpoint are some user's from now on, if it can log in. */
    void becomeSomebody(Endpoint e) {
        become(e, user());
    }

    /** Calls of this endpoint are this user's from now on. */
    static void become(Endpoint e, String user) {
        e.as(null);
        e.as(token(e, user));
    }

    private static String token(Endpoint e, String user) {
        return e.auth()
                .authenticate(
                        AuthenticateRequest.newBuilder()
                                .setName(user)
                                .setPassword(PASSWORD)
                                .build())
                .getToken();
    }

    /** Logs in at one member, and comes to the others with the token that it got there. */
    void becomeRootEverywhere(Endpoint e, List<Endpoint> others) {
        e.as(null);
        String token = token(e, ROOT);
        for (Endpoint other : others) {
            other.as(token);
            // A member that is behind learns of the login in a moment.
            Eventually.until(
                    other + " to know a token of " + e,
                    () -> {
                        other.auth().userList(AuthUserListRequest.getDefaultInstance());
                        return true;
                    });
        }
    }

    /** As root; nothing when it is off already. */
    void disable(Endpoint e) {
        unlessThere(() -> {
            becomeRoot(e);
            e.auth().authDisable(AuthDisableRequest.getDefaultInstance());
        });
        e.as(null);
    }

    private static void unlessThere(Runnable change) {
        try {
            change.run();
        } catch (StatusRuntimeException refusal) {
            if (refusal.getStatus().getCode() != Status.Code.FAILED_PRECONDITION) {
                throw refusal;
            }
        }
    }
}
