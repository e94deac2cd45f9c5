package io.jarnetes.etcd.storage.auth;

import java.util.ArrayList;
import java.util.List;

/**
 * A user as it is stored.
 *
 * @param name its name
 * @param passwordHash bcrypt's hash; empty for none
 * @param roles its roles, sorted by their bytes
 * @param hasOptions whether options are stored at all, which versions before 3.4 did not
 * @param noPassword the one option: it can only come by certificate
 */
record StoredUser(
        String name,
        byte[] passwordHash,
        List<String> roles,
        boolean hasOptions,
        boolean noPassword) {
    StoredUser {
        roles = List.copyOf(roles);
    }

    boolean isRoot() {
        return roles.contains(AuthState.ROOT);
    }

    StoredUser withPassword(byte[] hash) {
        return new StoredUser(name, hash, roles, hasOptions, noPassword);
    }

    StoredUser withRole(String role) {
        List<String> more = new ArrayList<>(roles);
        more.add(role);
        more.sort(AuthBucket.BY_BYTES);
        return new StoredUser(name, passwordHash, more, hasOptions, noPassword);
    }

    StoredUser withoutRole(String role) {
        List<String> less = roles.stream().filter(other -> !other.equals(role)).toList();
        return new StoredUser(name, passwordHash, less, hasOptions, noPassword);
    }
}
