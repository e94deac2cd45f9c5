package io.jarnetes.etcd.server.v3rpc;

import com.google.protobuf.Message;
import io.grpc.stub.StreamObserver;
import io.jarnetes.etcd.proto.etcdserverpb.AuthDisableRequest;
import io.jarnetes.etcd.proto.etcdserverpb.AuthDisableResponse;
import io.jarnetes.etcd.proto.etcdserverpb.AuthEnableRequest;
import io.jarnetes.etcd.proto.etcdserverpb.AuthEnableResponse;
import io.jarnetes.etcd.proto.etcdserverpb.AuthGrpc;
import io.jarnetes.etcd.proto.etcdserverpb.AuthRoleAddRequest;
import io.jarnetes.etcd.proto.etcdserverpb.AuthRoleAddResponse;
import io.jarnetes.etcd.proto.etcdserverpb.AuthRoleDeleteRequest;
import io.jarnetes.etcd.proto.etcdserverpb.AuthRoleDeleteResponse;
import io.jarnetes.etcd.proto.etcdserverpb.AuthRoleGetRequest;
import io.jarnetes.etcd.proto.etcdserverpb.AuthRoleGetResponse;
import io.jarnetes.etcd.proto.etcdserverpb.AuthRoleGrantPermissionRequest;
import io.jarnetes.etcd.proto.etcdserverpb.AuthRoleGrantPermissionResponse;
import io.jarnetes.etcd.proto.etcdserverpb.AuthRoleListRequest;
import io.jarnetes.etcd.proto.etcdserverpb.AuthRoleListResponse;
import io.jarnetes.etcd.proto.etcdserverpb.AuthRoleRevokePermissionRequest;
import io.jarnetes.etcd.proto.etcdserverpb.AuthRoleRevokePermissionResponse;
import io.jarnetes.etcd.proto.etcdserverpb.AuthStatusRequest;
import io.jarnetes.etcd.proto.etcdserverpb.AuthStatusResponse;
import io.jarnetes.etcd.proto.etcdserverpb.AuthUserAddRequest;
import io.jarnetes.etcd.proto.etcdserverpb.AuthUserAddResponse;
import io.jarnetes.etcd.proto.etcdserverpb.AuthUserChangePasswordRequest;
import io.jarnetes.etcd.proto.etcdserverpb.AuthUserChangePasswordResponse;
import io.jarnetes.etcd.proto.etcdserverpb.AuthUserDeleteRequest;
import io.jarnetes.etcd.proto.etcdserverpb.AuthUserDeleteResponse;
import io.jarnetes.etcd.proto.etcdserverpb.AuthUserGetRequest;
import io.jarnetes.etcd.proto.etcdserverpb.AuthUserGetResponse;
import io.jarnetes.etcd.proto.etcdserverpb.AuthUserGrantRoleRequest;
import io.jarnetes.etcd.proto.etcdserverpb.AuthUserGrantRoleResponse;
import io.jarnetes.etcd.proto.etcdserverpb.AuthUserListRequest;
import io.jarnetes.etcd.proto.etcdserverpb.AuthUserListResponse;
import io.jarnetes.etcd.proto.etcdserverpb.AuthUserRevokeRoleRequest;
import io.jarnetes.etcd.proto.etcdserverpb.AuthUserRevokeRoleResponse;
import io.jarnetes.etcd.proto.etcdserverpb.AuthenticateRequest;
import io.jarnetes.etcd.proto.etcdserverpb.AuthenticateResponse;
import io.jarnetes.etcd.proto.etcdserverpb.InternalAuthenticateRequest;
import io.jarnetes.etcd.proto.etcdserverpb.InternalRaftRequest;
import io.jarnetes.etcd.server.Caller;
import io.jarnetes.etcd.server.EtcdMember;
import io.jarnetes.etcd.storage.auth.AuthStore;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** The service Auth. Passwords are hashed and checked on the background pool. */
final class AuthService extends AuthGrpc.AuthImplBase {
    private final Rpc rpc;
    private final EtcdMember member;
    private final AuthStore auth;

    AuthService(Rpc rpc) {
        this.rpc = rpc;
        this.member = rpc.member();
        this.auth = member.stores().auth();
    }

    private static InternalRaftRequest.Builder request() {
        return InternalRaftRequest.newBuilder();
    }

    /** Proposes, and fills in the header of the answer. */
    private <T extends Message> void propose(
            StreamObserver<T> observer, Class<T> type, InternalRaftRequest.Builder request) {
        rpc.answer(
                observer,
                () -> {
                    rpc.requireVoter();
                    return member.propose(request, rpc.caller(), Rpc.here())
                            .thenApply(response -> type.cast(withHeader(response)));
                });
    }

    private Message withHeader(Message response) {
        var field = response.getDescriptorForType().findFieldByName("header");
        return response.toBuilder().setField(field, member.header()).build();
    }

    @Override
    public void authEnable(AuthEnableRequest r, StreamObserver<AuthEnableResponse> observer) {
        propose(observer, AuthEnableResponse.class, request().setAuthEnable(r));
    }

    @Override
    public void authDisable(AuthDisableRequest r, StreamObserver<AuthDisableResponse> observer) {
        propose(observer, AuthDisableResponse.class, request().setAuthDisable(r));
    }

    @Override
    public void authStatus(AuthStatusRequest r, StreamObserver<AuthStatusResponse> observer) {
        propose(observer, AuthStatusResponse.class, request().setAuthStatus(r));
    }

    @Override
    public void authenticate(AuthenticateRequest r, StreamObserver<AuthenticateResponse> observer) {
        rpc.answer(
                observer,
                () -> {
                    rpc.requireVoter();
                    Executor loop = Rpc.here();
                    return member.linearizable().thenCompose(v -> login(r, loop));
                });
    }

    private CompletableFuture<AuthenticateResponse> login(AuthenticateRequest r, Executor loop) {
        return background(() -> auth.checkPassword(r.getName(), r.getPassword()))
                .thenCompose(checked -> {
                    var login =
                            InternalAuthenticateRequest.newBuilder()
                                    .setName(r.getName())
                                    .setSimpleToken(auth.tokenPrefix());
                    return member.propose(request().setAuthenticate(login), Caller.ANONYMOUS, loop)
                            .thenCompose(answer ->
                                    checked == auth.revision() ? done(answer) : login(r, loop));
                });
    }

    private CompletableFuture<AuthenticateResponse> done(Message answer) {
        return CompletableFuture.completedFuture((AuthenticateResponse) withHeader(answer));
    }

    private <T> CompletableFuture<T> background(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, member.runtime().background());
    }

    /** Proposes what a password's hash was put into. */
    private <T extends Message> void proposeHashed(
            StreamObserver<T> observer,
            Class<T> type,
            Supplier<InternalRaftRequest.Builder> hashed) {
        rpc.answer(
                observer,
                () -> {
                    rpc.requireVoter();
                    Caller caller = rpc.caller();
                    Executor loop = Rpc.here();
                    return background(hashed)
                            .thenCompose(request -> member.propose(request, caller, loop))
                            .thenApply(response -> type.cast(withHeader(response)));
                });
    }

    @Override
    public void userAdd(AuthUserAddRequest r, StreamObserver<AuthUserAddResponse> observer) {
        if (r.getOptions().getNoPassword()) {
            propose(observer, AuthUserAddResponse.class, request().setAuthUserAdd(r));
            return;
        }
        proposeHashed(
                observer,
                AuthUserAddResponse.class,
                () ->
                        request()
                                .setAuthUserAdd(
                                        r.toBuilder()
                                                .setHashedPassword(
                                                        auth.hashPassword(r.getPassword()))
                                                .clearPassword()));
    }

    @Override
    public void userChangePassword(
            AuthUserChangePasswordRequest r,
            StreamObserver<AuthUserChangePasswordResponse> observer) {
        if (r.getPassword().isEmpty()) {
            // A hash that the client made, or the empty one, which no password has.
            propose(
                    observer,
                    AuthUserChangePasswordResponse.class,
                    request().setAuthUserChangePassword(r));
            return;
        }
        proposeHashed(
                observer,
                AuthUserChangePasswordResponse.class,
                () ->
                        request()
                                .setAuthUserChangePassword(
                                        r.toBuilder()
                                                .setHashedPassword(
                                                        auth.hashPassword(r.getPassword()))
                                                .clearPassword()));
    }

    @Override
    public void userGet(AuthUserGetRequest r, StreamObserver<AuthUserGetResponse> observer) {
        propose(observer, AuthUserGetResponse.class, request().setAuthUserGet(r));
    }

    @Override
    public void userList(AuthUserListRequest r, StreamObserver<AuthUserListResponse> observer) {
        propose(observer, AuthUserListResponse.class, request().setAuthUserList(r));
    }

    @Override
    public void userDelete(
            AuthUserDeleteRequest r, StreamObserver<AuthUserDeleteResponse> observer) {
        propose(observer, AuthUserDeleteResponse.class, request().setAuthUserDelete(r));
    }

    @Override
    public void userGrantRole(
            AuthUserGrantRoleRequest r, StreamObserver<AuthUserGrantRoleResponse> observer) {
        propose(observer, AuthUserGrantRoleResponse.class, request().setAuthUserGrantRole(r));
    }

    @Override
    public void userRevokeRole(
            AuthUserRevokeRoleRequest r, StreamObserver<AuthUserRevokeRoleResponse> observer) {
        propose(observer, AuthUserRevokeRoleResponse.class, request().setAuthUserRevokeRole(r));
    }

    @Override
    public void roleAdd(AuthRoleAddRequest r, StreamObserver<AuthRoleAddResponse> observer) {
        propose(observer, AuthRoleAddResponse.class, request().setAuthRoleAdd(r));
    }

    @Override
    public void roleGet(AuthRoleGetRequest r, StreamObserver<AuthRoleGetResponse> observer) {
        propose(observer, AuthRoleGetResponse.class, request().setAuthRoleGet(r));
    }

    @Override
    public void roleList(AuthRoleListRequest r, StreamObserver<AuthRoleListResponse> observer) {
        propose(observer, AuthRoleListResponse.class, request().setAuthRoleList(r));
    }

    @Override
    public void roleDelete(
            AuthRoleDeleteRequest r, StreamObserver<AuthRoleDeleteResponse> observer) {
        propose(observer, AuthRoleDeleteResponse.class, request().setAuthRoleDelete(r));
    }

    @Override
    public void roleGrantPermission(
            AuthRoleGrantPermissionRequest r,
            StreamObserver<AuthRoleGrantPermissionResponse> observer) {
        propose(
                observer,
                AuthRoleGrantPermissionResponse.class,
                request().setAuthRoleGrantPermission(r));
    }

    @Override
    public void roleRevokePermission(
            AuthRoleRevokePermissionRequest r,
            StreamObserver<AuthRoleRevokePermissionResponse> observer) {
        propose(
                observer,
                AuthRoleRevokePermissionResponse.class,
                request().setAuthRoleRevokePermission(r));
    }
}
