package io.jarnetes.etcd.server.v3rpc;

import io.jarnetes.etcd.server.Caller;
import io.jarnetes.etcd.server.EtcdMember;
import io.jarnetes.etcd.server.apply.ServerError;
import io.jarnetes.etcd.storage.auth.AuthInfo;
import io.jarnetes.etcd.storage.auth.AuthStore;

/** Who may call what is not decided at apply. */
final class AuthRules {
    private AuthRules() {}

    /** With authentication on, somebody must be known. */
    static void requireUser(EtcdMember member, Caller caller) {
        if (member.stores().auth().isAuthEnabled() && member.authInfo(caller) == null) {
            throw ServerError.USER_EMPTY.exception();
        }
    }

    /** With authentication on, it must be root. */
    static void requireAdmin(EtcdMember member, Caller caller) {
        AuthStore auth = member.stores().auth();
        if (auth.isAuthEnabled()) {
            AuthInfo who = member.authInfo(caller);
            if (who == null) {
                throw ServerError.USER_EMPTY.exception();
            }
            auth.checkAdmin(who);
        }
    }
}
