package io.jarnetes.etcd.server.apply;

import com.google.protobuf.ByteString;
import io.jarnetes.etcd.proto.etcdserverpb.DeleteRangeRequest;
import io.jarnetes.etcd.proto.etcdserverpb.InternalRaftRequest;
import io.jarnetes.etcd.proto.etcdserverpb.PutRequest;
import io.jarnetes.etcd.proto.etcdserverpb.RangeRequest;
import io.jarnetes.etcd.proto.etcdserverpb.RequestOp;
import io.jarnetes.etcd.proto.etcdserverpb.TxnRequest;
import io.jarnetes.etcd.storage.auth.AuthException;
import io.jarnetes.etcd.storage.auth.AuthInfo;
import io.jarnetes.etcd.storage.auth.AuthStore;
import io.jarnetes.etcd.storage.lease.Lease;
import io.jarnetes.etcd.storage.lease.Lessor;
import java.util.function.BooleanSupplier;

/** Whether a user may do what a request asks; throws {@link AuthException} if not. */
public final class AuthGuard {
    private static final byte[] NO_END = {};

    private final AuthStore auth;
    private final Lessor lessor;
    private final BooleanSupplier looks;

    public AuthGuard(AuthStore auth, Lessor lessor) {
        this(auth, lessor, () -> true);
    }

    /**
     * @param looks whether permissions are looked at now
     */
    AuthGuard(AuthStore auth, Lessor lessor, BooleanSupplier looks) {
        this.auth = auth;
        this.lessor = lessor;
        this.looks = looks;
    }

    private boolean isOn() {
        return auth.isAuthEnabled() && looks.getAsBoolean();
    }

    public void range(AuthInfo who, RangeRequest request) {
        read(who, request.getKey(), request.getRangeEnd());
    }

    private void read(AuthInfo who, ByteString key, ByteString end) {
        if (isOn()) {
            auth.checkRange(who, key.toByteArray(), end.toByteArray());
        }
    }

    void put(AuthInfo who, PutRequest request) {
        if (!isOn()) {
            return;
        }
        auth.checkPut(who, request.getKey().toByteArray());
        // Whoever attaches a key to a lease must be allowed to revoke it with all its keys.
        leasePuts(who, request.getLease());
        if (request.getPrevKv()) {
            auth.checkRange(who, request.getKey().toByteArray(), NO_END);
        }
    }

    void deleteRange(AuthInfo who, DeleteRangeRequest request) {
        if (!isOn()) {
            return;
        }
        byte[] key = request.getKey().toByteArray();
        byte[] end = request.getRangeEnd().toByteArray();
        auth.checkDeleteRange(who, key, end);
        if (request.getPrevKv()) {
            auth.checkRange(who, key, end);
        }
    }

    /** Both branches, taken or not. */
    public void txn(AuthInfo who, TxnRequest request) {
        if (!isOn()) {
            return;
        }
        request.getCompareList().forEach(c -> read(who, c.getKey(), c.getRangeEnd()));
        request.getSuccessList().forEach(op -> operation(who, op));
        request.getFailureList().forEach(op -> operation(who, op));
    }

    /** Those ranges of a transaction that stand in its own branches, not in an inner one's. */
    public void outerRanges(AuthInfo who, TxnRequest request) {
        if (isOn()) {
            Txns.outerRanges(request).forEach(range -> range(who, range));
        }
    }

    private void operation(AuthInfo who, RequestOp op) {
        switch (op.getRequestCase()) {
            case REQUEST_RANGE -> range(who, op.getRequestRange());
            case REQUEST_PUT -> put(who, op.getRequestPut());
            case REQUEST_DELETE_RANGE -> deleteRange(who, op.getRequestDeleteRange());
            case REQUEST_TXN -> txn(who, op.getRequestTxn());
            case REQUEST_NOT_SET -> {}
        }
    }

    /** Whether all keys of a lease may be written. */
    public void leasePuts(AuthInfo who, long id) {
        Lease lease = isOn() && !isAdmin(who) ? lessor.lookup(id) : null;
        if (lease != null) {
            lease.keys().forEach(key -> auth.checkPut(who, key));
        }
    }

    /** Whether all keys of a lease may be read. */
    public void leaseReads(AuthInfo who, long id) {
        Lease lease = isOn() && !isAdmin(who) ? lessor.lookup(id) : null;
        if (lease != null) {
            lease.keys().forEach(key -> auth.checkRange(who, key, NO_END));
        }
    }

    boolean isAdmin(AuthInfo who) {
        try {
            auth.checkAdmin(who);
            return true;
        } catch (AuthException e) {
            return false;
        }
    }

    /** What only root may ask for. */
    void admin(AuthInfo who, InternalRaftRequest request) {
        if (!isOn()) {
            return;
        }
        if (request.hasAuthEnable()
                || request.hasAuthDisable()
                || request.hasAuthStatus()
                || request.hasAuthUserAdd()
                || request.hasAuthUserDelete()
                || request.hasAuthUserChangePassword()
                || request.hasAuthUserGrantRole()
                || request.hasAuthUserRevokeRole()
                || request.hasAuthUserList()
                || request.hasAuthRoleAdd()
                || request.hasAuthRoleGrantPermission()
                || request.hasAuthRoleRevokePermission()
                || request.hasAuthRoleDelete()
                || request.hasAuthRoleList()) {
            auth.checkAdmin(who);
        }
    }

    /** A user may look at itself, root at everybody. */
    void userGet(AuthInfo who, String name) {
        if (isOn() && !name.equals(who.username())) {
            auth.checkAdmin(who);
        }
    }

    /** A user may look at its own roles, root at all. */
    void roleGet(AuthInfo who, String role) {
        if (isOn() && !isAdmin(who) && !auth.hasRole(who.username(), role)) {
            auth.checkAdmin(who);
        }
    }
}
