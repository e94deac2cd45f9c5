package io.jarnetes.etcd.server.apply;

/** What the server itself refuses, with upstream's texts (its errors package and rpctypes). */
public enum ServerError {
    UNKNOWN_METHOD("etcdserver: unknown method"),
    STOPPED("etcdserver: server stopped"),
    CANCELED("etcdserver: request cancelled"),
    TIMEOUT("etcdserver: request timed out"),
    DEADLINE_EXCEEDED("context deadline exceeded"),
    TIMEOUT_LEADER_FAIL("etcdserver: request timed out, possibly due to previous leader failure"),
    TIMEOUT_CONNECTION_LOST("etcdserver: request timed out, possibly due to connection lost"),
    TIMEOUT_LEADER_TRANSFER("etcdserver: request timed out, leader transfer took too long"),
    TIMEOUT_APPLIED_INDEX(
            "etcdserver: request timed out, waiting for the applied index took too long"),
    LEADER_CHANGED("etcdserver: leader changed"),
    NOT_ENOUGH_STARTED_MEMBERS(
            "etcdserver: re-configuration failed due to not enough started members"),
    LEARNER_NOT_READY("etcdserver: can only promote a learner member which is in sync with leader"),
    NO_LEADER("etcdserver: no leader"),
    NOT_LEADER("etcdserver: not leader"),
    REQUEST_TOO_LARGE("etcdserver: request is too large"),
    NO_SPACE("etcdserver: mvcc: database space exceeded"),
    TOO_MANY_REQUESTS("etcdserver: too many requests"),
    UNHEALTHY("etcdserver: unhealthy cluster"),
    CORRUPT("etcdserver: corrupt cluster"),
    BAD_LEADER_TRANSFEREE("etcdserver: bad leader transferee"),
    CLUSTER_VERSION_UNAVAILABLE("etcdserver: cluster version not found during downgrade"),
    WRONG_DOWNGRADE_VERSION_FORMAT("etcdserver: wrong downgrade target version format"),
    INVALID_DOWNGRADE_TARGET("etcdserver: invalid downgrade target version"),
    DOWNGRADE_IN_PROCESS("etcdserver: cluster has a downgrade job in progress"),
    NO_INFLIGHT_DOWNGRADE("etcdserver: no inflight downgrade job"),
    LEASE_NOT_FOUND("etcdserver: requested lease not found"),
    KEY_NOT_FOUND("etcdserver: key not found"),
    EMPTY_KEY("etcdserver: key is not provided"),
    VALUE_PROVIDED("etcdserver: value is provided"),
    LEASE_PROVIDED("etcdserver: lease is provided"),
    TOO_MANY_OPS("etcdserver: too many operations in txn request"),
    DUPLICATE_KEY("etcdserver: duplicate key given in txn request"),
    INVALID_SORT_OPTION("etcdserver: invalid sort option"),
    BAD_MEMBER_URLS("etcdserver: given member URLs are invalid"),
    NOT_SUPPORTED_FOR_LEARNER("etcdserver: rpc not supported for learner"),
    NOT_CAPABLE("etcdserver: not capable"),
    USER_EMPTY("etcdserver: user name is empty"),
    AUTH_OLD_REVISION("etcdserver: revision of auth store is old");

    private final String text;

    ServerError(String text) {
        this.text = text;
    }

    /** Upstream's text. */
    public String text() {
        return text;
    }

    public ServerException exception() {
        return new ServerException(this);
    }
}
