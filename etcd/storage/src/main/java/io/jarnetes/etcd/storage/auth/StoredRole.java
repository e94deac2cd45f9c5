package io.jarnetes.etcd.storage.auth;

import java.util.List;

/**
 * A role as it is stored.
 *
 * @param name its name
 * @param permissions what it may do, sorted by key
 */
record StoredRole(String name, List<Permission> permissions) {
    StoredRole {
        permissions = List.copyOf(permissions);
    }
}
