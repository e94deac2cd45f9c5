package io.jarnetes.etcd.storage.auth;

import static io.jarnetes.etcd.storage.auth.AuthException.Code;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/** What checks go by, as of one auth revision. Immutable; a change replaces it. */
record AuthState(
        boolean enabled,
        long revision,
        NavigableMap<String, StoredUser> users,
        NavigableMap<String, StoredRole> roles,
        Map<String, Access> access) {
    static final String ROOT = "root";

    /** What a user may do. */
    record Access(MergedRanges read, MergedRanges write) {}

    static AuthState of(
            boolean enabled,
            long revision,
            NavigableMap<String, StoredUser> users,
            NavigableMap<String, StoredRole> roles) {
        Map<String, Access> access = new HashMap<>();
        users.forEach((name, user) -> access.put(name, access(user, roles)));
        return new AuthState(
                enabled,
                revision,
                Collections.unmodifiableNavigableMap(users),
                Collections.unmodifiableNavigableMap(roles),
                Collections.unmodifiableMap(access));
    }

    private static Access access(StoredUser user, NavigableMap<String, StoredRole> roles) {
        List<Permission> read = new ArrayList<>();
        List<Permission> write = new ArrayList<>();
        for (String name : user.roles()) {
            StoredRole role = roles.get(name);
            if (role == null) {
                continue;
            }
            for (Permission permission : role.permissions()) {
                if (permission.reads()) {
                    read.add(permission);
                }
                if (permission.writes()) {
                    write.add(permission);
                }
            }
        }
        return new Access(new MergedRanges(read), new MergedRanges(write));
    }

    AuthState withEnabled(boolean value) {
        return new AuthState(value, revision, users, roles, access);
    }

    @Nullable StoredUser user(String name) {
        return users.get(name);
    }

    StoredUser requireUser(String name) {
        var user = users.get(name);
        if (user == null) {
            throw new AuthException(Code.USER_NOT_FOUND);
        }
        return user;
    }

    StoredRole requireRole(String name) {
        StoredRole role = roles.get(name);
        if (role == null) {
            throw new AuthException(Code.ROLE_NOT_FOUND);
        }
        return role;
    }

    /** Throws unless auth is off or the user may do this with all keys of the range. */
    void check(AuthInfo info, byte[] key, byte[] rangeEnd, Permission.Type type) {
        if (!enabled) {
            return;
        }
        if (info.revision() == 0) {
            throw new AuthException(Code.USER_EMPTY);
        }
        if (Long.compareUnsigned(info.revision(), revision) < 0) {
            throw new AuthException(Code.AUTH_OLD_REVISION);
        }
        var user = user(info.username());
        Access known = access.get(info.username());
        if (user == null || known == null) {
            throw new AuthException(Code.PERMISSION_DENIED);
        }
        MergedRanges allowed = type == Permission.Type.READ ? known.read() : known.write();
        if (!user.isRoot() && !allowed.contains(key, rangeEnd)) {
            throw new AuthException(Code.PERMISSION_DENIED);
        }
    }

    /** Throws unless auth is off or the user has the role root. */
    void checkAdmin(AuthInfo info) {
        if (!enabled) {
            return;
        }
        if (info.username().isEmpty()) {
            throw new AuthException(Code.USER_EMPTY);
        }
        if (!requireUser(info.username()).isRoot()) {
            throw new AuthException(Code.PERMISSION_DENIED);
        }
    }
}
