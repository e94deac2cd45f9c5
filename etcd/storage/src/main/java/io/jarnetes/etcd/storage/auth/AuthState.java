package io.jarnetes.etcd.storage.auth;

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
                if (permission.type() != Permission.Type.WRITE) {
                    read.add(permission);
                }
                if (permission.type() != Permission.Type.READ) {
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
}
