package io.jarnetes.etcd.server.apply;

import com.google.protobuf.Message;
import io.jarnetes.etcd.proto.etcdserverpb.AuthDisableResponse;
import io.jarnetes.etcd.proto.etcdserverpb.AuthEnableResponse;
import io.jarnetes.etcd.proto.etcdserverpb.AuthRoleAddResponse;
import io.jarnetes.etcd.proto.etcdserverpb.AuthRoleDeleteResponse;
import io.jarnetes.etcd.proto.etcdserverpb.AuthRoleGetResponse;
import io.jarnetes.etcd.proto.etcdserverpb.AuthRoleGrantPermissionRequest;
import io.jarnetes.etcd.proto.etcdserverpb.AuthRoleGrantPermissionResponse;
import io.jarnetes.etcd.proto.etcdserverpb.AuthRoleListResponse;
import io.jarnetes.etcd.proto.etcdserverpb.AuthRoleRevokePermissionResponse;
import io.jarnetes.etcd.proto.etcdserverpb.AuthStatusResponse;
import io.jarnetes.etcd.proto.etcdserverpb.AuthUserAddRequest;
import io.jarnetes.etcd.proto.etcdserverpb.AuthUserAddResponse;
import io.jarnetes.etcd.proto.etcdserverpb.AuthUserChangePasswordResponse;
import io.jarnetes.etcd.proto.etcdserverpb.AuthUserDeleteResponse;
import io.jarnetes.etcd.proto.etcdserverpb.AuthUserGetResponse;
import io.jarnetes.etcd.proto.etcdserverpb.AuthUserGrantRoleResponse;
import io.jarnetes.etcd.proto.etcdserverpb.AuthUserListResponse;
import io.jarnetes.etcd.proto.etcdserverpb.AuthUserRevokeRoleResponse;
import io.jarnetes.etcd.proto.etcdserverpb.AuthenticateResponse;
import io.jarnetes.etcd.proto.etcdserverpb.InternalAuthenticateRequest;
import io.jarnetes.etcd.proto.etcdserverpb.InternalRaftRequest;
import io.jarnetes.etcd.storage.auth.AuthInfo;
import io.jarnetes.etcd.storage.auth.AuthStore;
import io.jarnetes.etcd.storage.auth.Permission;
import org.jspecify.annotations.Nullable;

/** Requests on users, roles and tokens. Permission to ask was checked before. */
final class AuthApplier {
    private final AuthStore auth;
    private final AuthGuard guard;

    AuthApplier(AuthStore auth, AuthGuard guard) {
        this.auth = auth;
        this.guard = guard;
    }

    /** The answer without header, or null if the request is none of these. */
    @Nullable Message apply(InternalRaftRequest r, AuthInfo who, long index) {
        Message answer = switchOnOff(r);
        answer = answer != null ? answer : user(r, who);
        answer = answer != null ? answer : role(r, who);
        return answer == null && r.hasAuthenticate()
                ? authenticate(r.getAuthenticate(), index)
                : answer;
    }

    private @Nullable Message switchOnOff(InternalRaftRequest r) {
        if (r.hasAuthEnable()) {
            auth.authEnable();
            return AuthEnableResponse.getDefaultInstance();
        }
        if (r.hasAuthDisable()) {
            auth.authDisable();
            return AuthDisableResponse.getDefaultInstance();
        }
        if (r.hasAuthStatus()) {
            return AuthStatusResponse.newBuilder()
                    .setEnabled(auth.isAuthEnabled())
                    .setAuthRevision(auth.revision())
                    .build();
        }
        return null;
    }

    /** Tokens name the entry before: the last that upstream's members have noted by then. */
    private Message authenticate(InternalAuthenticateRequest r, long index) {
        String token = auth.authenticate(r.getName(), r.getSimpleToken(), index - 1);
        return AuthenticateResponse.newBuilder().setToken(token).build();
    }

    private @Nullable Message user(InternalRaftRequest r, AuthInfo who) {
        if (r.hasAuthUserAdd()) {
            AuthUserAddRequest add = r.getAuthUserAdd();
            auth.userAdd(
                    add.getName(),
                    add.getPassword(),
                    add.getHashedPassword(),
                    add.getOptions().getNoPassword());
            return AuthUserAddResponse.getDefaultInstance();
        }
        if (r.hasAuthUserDelete()) {
            auth.userDelete(r.getAuthUserDelete().getName());
            return AuthUserDeleteResponse.getDefaultInstance();
        }
        if (r.hasAuthUserChangePassword()) {
            var change = r.getAuthUserChangePassword();
            auth.userChangePassword(
                    change.getName(), change.getPassword(), change.getHashedPassword());
            return AuthUserChangePasswordResponse.getDefaultInstance();
        }
        if (r.hasAuthUserGrantRole()) {
            var grant = r.getAuthUserGrantRole();
            auth.userGrantRole(grant.getUser(), grant.getRole());
            return AuthUserGrantRoleResponse.getDefaultInstance();
        }
        if (r.hasAuthUserRevokeRole()) {
            var revoke = r.getAuthUserRevokeRole();
            auth.userRevokeRole(revoke.getName(), revoke.getRole());
            return AuthUserRevokeRoleResponse.getDefaultInstance();
        }
        if (r.hasAuthUserGet()) {
            String name = r.getAuthUserGet().getName();
            guard.userGet(who, name);
            return AuthUserGetResponse.newBuilder().addAllRoles(auth.userGet(name).roles()).build();
        }
        if (r.hasAuthUserList()) {
            return AuthUserListResponse.newBuilder().addAllUsers(auth.userList()).build();
        }
        return null;
    }

    private @Nullable Message role(InternalRaftRequest r, AuthInfo who) {
        if (r.hasAuthRoleAdd()) {
            auth.roleAdd(r.getAuthRoleAdd().getName());
            return AuthRoleAddResponse.getDefaultInstance();
        }
        if (r.hasAuthRoleDelete()) {
            auth.roleDelete(r.getAuthRoleDelete().getRole());
            return AuthRoleDeleteResponse.getDefaultInstance();
        }
        if (r.hasAuthRoleGrantPermission()) {
            auth.roleGrantPermission(
                    r.getAuthRoleGrantPermission().getName(),
                    permission(r.getAuthRoleGrantPermission()));
            return AuthRoleGrantPermissionResponse.getDefaultInstance();
        }
        if (r.hasAuthRoleRevokePermission()) {
            var revoke = r.getAuthRoleRevokePermission();
            auth.roleRevokePermission(
                    revoke.getRole(),
                    revoke.getKey().toByteArray(),
                    revoke.getRangeEnd().toByteArray());
            return AuthRoleRevokePermissionResponse.getDefaultInstance();
        }
        if (r.hasAuthRoleGet()) {
            String name = r.getAuthRoleGet().getRole();
            guard.roleGet(who, name);
            AuthRoleGetResponse.Builder response = AuthRoleGetResponse.newBuilder();
            auth.roleGet(name).forEach(p -> response.addPerm(message(p)));
            return response.build();
        }
        if (r.hasAuthRoleList()) {
            return AuthRoleListResponse.newBuilder().addAllRoles(auth.roleList()).build();
        }
        return null;
    }

    private static @Nullable Permission permission(AuthRoleGrantPermissionRequest request) {
        if (!request.hasPerm()) {
            return null;
        }
        var perm = request.getPerm();
        return new Permission(
                perm.getPermTypeValue(),
                perm.getKey().toByteArray(),
                perm.getRangeEnd().toByteArray());
    }

    private static io.jarnetes.etcd.proto.authpb.Permission message(Permission p) {
        return io.jarnetes.etcd.proto.authpb.Permission.newBuilder()
                .setPermTypeValue(p.number())
                .setKey(Messages.bytes(p.key()))
                .setRangeEnd(Messages.bytes(p.rangeEnd()))
                .build();
    }
}
