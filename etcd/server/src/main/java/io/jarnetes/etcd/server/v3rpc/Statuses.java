package io.jarnetes.etcd.server.v3rpc;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.jarnetes.etcd.server.EtcdConfig.Compatibility;
import io.jarnetes.etcd.server.apply.ServerError;
import io.jarnetes.etcd.server.apply.ServerException;
import io.jarnetes.etcd.storage.auth.AuthException;
import io.jarnetes.etcd.storage.lease.LeaseException;
import io.jarnetes.etcd.storage.membership.MembershipException;
import io.jarnetes.etcd.storage.mvcc.MvccException;
import java.util.concurrent.CompletionException;

/** Failures as the statuses that upstream's rpctypes gives them. */
final class Statuses {
    private final Compatibility compatibility;

    Statuses(Compatibility compatibility) {
        this.compatibility = compatibility;
    }

    StatusRuntimeException of(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return switch (cause) {
            case StatusRuntimeException status -> status;
            case ServerException e -> status(e.error());
            case MvccException e -> mvcc(e.code());
            case LeaseException e -> lease(e.code());
            case AuthException e -> auth(e.code());
            case MembershipException e -> membership(e.code());
            default ->
                    Status.UNKNOWN
                            .withDescription(String.valueOf(cause.getMessage()))
                            .withCause(cause)
                            .asRuntimeException();
        };
    }

    StatusRuntimeException status(ServerError error) {
        return of(code(error), error.text());
    }

    private static StatusRuntimeException of(Status.Code code, String text) {
        return code.toStatus().withDescription(text).asRuntimeException();
    }

    private Status.Code code(ServerError error) {
        return switch (error) {
            case NO_LEADER,
                    LEADER_CHANGED,
                    STOPPED,
                    TIMEOUT,
                    TIMEOUT_LEADER_FAIL,
                    TIMEOUT_CONNECTION_LOST,
                    TIMEOUT_APPLIED_INDEX,
                    UNHEALTHY ->
                    Status.Code.UNAVAILABLE;
            // 3.6 no longer invites clients to try these again elsewhere.
            case NOT_SUPPORTED_FOR_LEARNER, NOT_CAPABLE, CLUSTER_VERSION_UNAVAILABLE ->
                    compatibility == Compatibility.V3_5
                            ? Status.Code.UNAVAILABLE
                            : Status.Code.FAILED_PRECONDITION;
            case DEADLINE_EXCEEDED -> Status.Code.DEADLINE_EXCEEDED;
            case NOT_LEADER,
                    LEARNER_NOT_READY,
                    BAD_LEADER_TRANSFEREE,
                    DOWNGRADE_IN_PROCESS,
                    NO_INFLIGHT_DOWNGRADE ->
                    Status.Code.FAILED_PRECONDITION;
            case REQUEST_TOO_LARGE,
                    KEY_NOT_FOUND,
                    EMPTY_KEY,
                    VALUE_PROVIDED,
                    LEASE_PROVIDED,
                    TOO_MANY_OPS,
                    DUPLICATE_KEY,
                    INVALID_SORT_OPTION,
                    BAD_MEMBER_URLS,
                    WRONG_DOWNGRADE_VERSION_FORMAT,
                    INVALID_DOWNGRADE_TARGET,
                    USER_EMPTY,
                    AUTH_OLD_REVISION ->
                    Status.Code.INVALID_ARGUMENT;
            case LEASE_NOT_FOUND -> Status.Code.NOT_FOUND;
            case NO_SPACE, TOO_MANY_REQUESTS -> Status.Code.RESOURCE_EXHAUSTED;
            case CORRUPT -> Status.Code.DATA_LOSS;
            // Upstream's table has no entry for these, so they go out as they are.
            case UNKNOWN_METHOD, CANCELED, TIMEOUT_LEADER_TRANSFER, NOT_ENOUGH_STARTED_MEMBERS ->
                    Status.Code.UNKNOWN;
        };
    }

    private static StatusRuntimeException mvcc(MvccException.Code code) {
        return switch (code) {
            case COMPACTED, FUTURE_REVISION ->
                    of(Status.Code.OUT_OF_RANGE, "etcdserver: " + code.text());
            case EMPTY_WATCH_RANGE, DUPLICATE_WATCH_ID, WATCHER_NOT_FOUND ->
                    of(Status.Code.UNKNOWN, code.text());
        };
    }

    private static StatusRuntimeException lease(LeaseException.Code code) {
        return switch (code) {
            case NOT_FOUND -> of(Status.Code.NOT_FOUND, "etcdserver: requested lease not found");
            case EXISTS -> of(Status.Code.FAILED_PRECONDITION, "etcdserver: lease already exists");
            case TTL_TOO_LARGE -> of(Status.Code.OUT_OF_RANGE, "etcdserver: too large lease TTL");
            case NOT_PRIMARY, EXPIRED -> of(Status.Code.UNKNOWN, code.text());
        };
    }

    private static StatusRuntimeException auth(AuthException.Code code) {
        return switch (code) {
            case ROOT_USER_NOT_EXIST, ROOT_ROLE_NOT_EXIST, AUTH_NOT_ENABLED ->
                    of(Status.Code.FAILED_PRECONDITION, etcdserver(code));
            case USER_ALREADY_EXIST ->
                    of(Status.Code.FAILED_PRECONDITION, "etcdserver: user name already exists");
            case USER_NOT_FOUND ->
                    of(Status.Code.FAILED_PRECONDITION, "etcdserver: user name not found");
            case ROLE_ALREADY_EXIST ->
                    of(Status.Code.FAILED_PRECONDITION, "etcdserver: role name already exists");
            case ROLE_NOT_FOUND ->
                    of(Status.Code.FAILED_PRECONDITION, "etcdserver: role name not found");
            case ROLE_NOT_GRANTED, PERMISSION_NOT_GRANTED ->
                    of(Status.Code.FAILED_PRECONDITION, etcdserver(code));
            case AUTH_OLD_REVISION ->
                    of(Status.Code.INVALID_ARGUMENT, "etcdserver: revision of auth store is old");
            case USER_EMPTY, ROLE_EMPTY, AUTH_FAILED, PERMISSION_NOT_GIVEN, INVALID_AUTH_MGMT ->
                    of(Status.Code.INVALID_ARGUMENT, etcdserver(code));
            case PERMISSION_DENIED -> of(Status.Code.PERMISSION_DENIED, etcdserver(code));
            case INVALID_AUTH_TOKEN -> of(Status.Code.UNAUTHENTICATED, etcdserver(code));
            case NO_PASSWORD_USER,
                    INVALID_AUTH_OPTS,
                    INVALID_AUTH_METHOD,
                    MISSING_KEY,
                    KEY_MISMATCH,
                    VERIFY_ONLY ->
                    of(Status.Code.UNKNOWN, code.text());
        };
    }

    private static String etcdserver(AuthException.Code code) {
        return code.text().replaceFirst("^auth: ", "etcdserver: ");
    }

    private static StatusRuntimeException membership(MembershipException.Code code) {
        return switch (code) {
            case ID_REMOVED, ID_NOT_FOUND ->
                    of(Status.Code.NOT_FOUND, "etcdserver: member not found");
            case ID_EXISTS ->
                    of(Status.Code.FAILED_PRECONDITION, "etcdserver: member ID already exist");
            case PEER_URL_EXISTS ->
                    of(Status.Code.FAILED_PRECONDITION, "etcdserver: Peer URLs already exists");
            case MEMBER_NOT_LEARNER ->
                    of(
                            Status.Code.FAILED_PRECONDITION,
                            "etcdserver: can only promote a learner member");
            case TOO_MANY_LEARNERS ->
                    of(
                            Status.Code.FAILED_PRECONDITION,
                            "etcdserver: too many learner members in cluster");
        };
    }
}
